"""What is known of a token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from agent.costs.records import PersonalText
from agent.tariffs.tariff import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a token. `status` is AuthorizationStatusEnumType, "Offline" or "NotRegistered".

    `evse_ids` are those it is good for; none named means all (C01.FR.19, C01.FR.20). `expires_at` is when it
    is no longer to be believed; None if nobody said. `languages` are what the driver prefers to read (RFC
    5646), the most wanted first; `text` is what the driver is to be told, `tariff` the driver's own.
    `certificate` says (AuthorizeCertificateStatusEnumType) what is wrong with a contract's certificates, if
    that is why. Stored as JSON: add members with a default only.
    """

    status: str
    group_id: str | None = None
    evse_ids: tuple[int, ...] = ()
    expires_at: datetime | None = None
    languages: tuple[str, ...] = ()
    text: PersonalText | None = None
    tariff: Tariff | None = None
    certificate: str | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the driver may charge."""
        return self.status == "Accepted"

    def admits_to(self, evse_id: int) -> bool:
        """Return whether the driver may charge at this EVSE (C01.FR.21)."""
        return self.is_accepted and (not self.evse_ids or evse_id in self.evse_ids)

    def is_of_group(self, group_id: str) -> bool:
        """Return whether the token belongs to this group; "" is none. Identifiers compare without case."""
        return (
            bool(group_id) and self.group_id is not None and self.group_id.casefold() == group_id.casefold()
        )

    def at(self, now: datetime) -> Verdict:
        """Return the verdict as it is to be read at this time."""
        if self.is_accepted and self.expires_at is not None and self.expires_at <= now:
            return replace(self, status="Expired")
        return self
