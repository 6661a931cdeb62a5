"""What the REST interface needs of the rest of the backend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.pki.audit import Installed, RootType, SigningUse
from certs.hash_data import HashData

CommandStatus = Literal["Accepted", "Rejected"]
"""RequestStartStopStatusEnumType."""

IdTokenEnum = Literal[
    "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization"
]
"""IdTokenEnumType."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAnswer:
    """What a charging station said to a command. The last two are OCPP's StatusInfo."""

    status: CommandStatus
    reason_code: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer(CommandAnswer):
    """What it said to a start. `transaction_id`: the transaction that it had begun already (F02)."""

    remote_start_id: int
    transaction_id: str | None = None


class RemoteControl(Protocol):
    """Connected charging stations, by identity.

    Commands raise `StationOffline`, `StationSilent` or `StationRefused` of `backend.csms.errors`.
    """

    def is_connected(self, identity: str) -> bool:
        """Tell whether the station is connected."""

    def last_seen_at(self, identity: str) -> datetime | None:
        """Return when a connected station last sent anything; None for others."""

    async def start(
        self, identity: str, *, evse_id: int, id_token: str, id_token_type: IdTokenEnum
    ) -> StartAnswer:
        """Ask the station to charge for this identifier (OCPP 2.0.1 F01, F02)."""

    async def stop(self, identity: str, transaction_id: str) -> CommandAnswer:
        """Ask the station to stop the transaction (OCPP 2.0.1 F03)."""


class CertificateControl(Protocol):
    """Certificates at connected charging stations, by identity. Commands raise as those of RemoteControl."""

    async def installed(self, identity: str) -> tuple[Installed, ...]:
        """Ask the station what it has (OCPP 2.0.1 M03)."""

    async def install(self, identity: str, kind: RootType, pem: str, subject: str) -> tuple[str, str]:
        """Give the station a root (M05); return its status, and why it is not "Accepted"."""

    async def delete(self, identity: str, named: HashData) -> tuple[str, str]:
        """Take a certificate away from the station (M04); return its status, and why."""

    async def renew(self, identity: str, kind: SigningUse) -> tuple[str, str]:
        """Have the station ask for a new certificate (F06, A02); return its status, and why."""
