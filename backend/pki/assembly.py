"""The parts of the PKI, put together from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from backend.config import PkiSection
from backend.db.engine import Database
from backend.pki.contract_check import ContractCheck
from backend.pki.delivery import Delivery, Send, Stations
from backend.pki.directory import Authorities, TokenSigner, read
from backend.pki.errors import PkiError
from backend.pki.pool import ContractPool, OwnPool
from backend.pki.provisioning import Provisioning
from backend.pki.responders import Responders
from backend.pki.statuses import Statuses
from backend.pki.terms import Lifetimes, Wording
from certs.keys import Keys

if TYPE_CHECKING:
    from certs.token_keys import TokenKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Pki:
    """What answers for certificates."""

    authorities: Authorities
    pool: ContractPool
    provisioning: Provisioning
    responders: Responders
    statuses: Statuses
    contracts: ContractCheck
    delivery: Delivery


def assemble(
    section: PkiSection,
    database: Database,
    stations: Stations,
    send: Send,
    clock: Callable[[], datetime],
    pool: ContractPool | None = None,
) -> Pki:
    """Read the directory and put the parts together; `pool` None: the operator's own contracts.

    Raises:
        PkiError: If the directory cannot be used.
    """
    authorities = read(Path(section.directory), token_of(section))
    contracts = pool or OwnPool(database)
    wording = wording_of(section)
    responders = Responders(authorities, database, clock)
    statuses = Statuses(responders, section.responders, clock)
    return Pki(
        authorities=authorities,
        pool=contracts,
        provisioning=Provisioning(
            authorities, contracts, database, wording, clock, section.longest_ev_answer
        ),
        responders=responders,
        statuses=statuses,
        contracts=ContractCheck(authorities, contracts, statuses, clock),
        delivery=Delivery(authorities, database, wording, clock, stations, send),
    )


def wording_of(section: PkiSection) -> Wording:
    """Return what certificates are to say."""
    lifetimes = Lifetimes(
        station=timedelta(days=section.station_days),
        secc=timedelta(days=section.secc_days),
        contract=timedelta(days=section.contract_days),
    )
    return Wording(lifetimes=lifetimes, public_url=section.public_url.rstrip("/") or None)


def token_of(section: PkiSection) -> TokenSigner | None:
    """Return where keys are that are in no file, None if no token is configured.

    Raises:
        PkiError: If it cannot be used.
    """
    return _token(section)


def keys_of(section: PkiSection) -> Keys | None:
    """Return where new keys are made, None if they are to be files; raises as `token_of` does."""
    return _token(section)


def _token(section: PkiSection) -> TokenKeys | None:
    if not section.token_module:
        return None
    try:
        from certs.token_keys import Token, TokenKeys  # noqa: PLC0415 - needs an extra that few install
    except ImportError as error:
        raise PkiError("[pki] token_module: install chargehand with the extra pkcs11") from error
    try:
        pin = Path(section.token_pin_file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PkiError(f"[pki] token_pin_file {section.token_pin_file} cannot be read: {error}") from error
    return TokenKeys(Token(Path(section.token_module), section.token_label, pin))
