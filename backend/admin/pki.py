"""What `chargehand-backend pki` and `contract` do; each returns what is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert
from sqlalchemy.exc import IntegrityError

from backend.admin.database import run
from backend.admin.errors import AdminError
from backend.admin.listing import Listing, Value, listing
from backend.authorization.verdict import key_of
from backend.config import Config, PkiSection
from backend.db.tables import tokens
from backend.pki import founding, importing, pool, records
from backend.pki.assembly import keys_of, token_of, wording_of
from backend.pki.directory import Holding, read
from backend.pki.duties import DUTIES
from backend.pki.errors import PkiError
from backend.pki.founding import Founder
from backend.pki.names import DutyName, Folder
from backend.pki.pool import ContractExists
from backend.pki.records import Event
from certs.emaid import NotAnEmaid, plain, read_emaid
from certs.key_kinds import kind_of
from certs.pem import name_of

_LONGEST_PCID = 64


def section_of(config: Config) -> PkiSection:
    """Return [pki] of the configuration.

    Raises:
        AdminError: If there is none.
    """
    if config.pki is None:
        raise AdminError(
            "the configuration has no [pki]: add a line [pki] to it, then: chargehand-backend pki init"
        )
    return config.pki


def found(config: Config, organization: str | None, *, with_20: bool) -> str:
    """Make the operator's own authorities, as far as they are missing."""
    section = section_of(config)
    try:
        founder = Founder(
            organization=organization or config.cpo.name,
            wording=wording_of(section),
            tokens=token_of(section),
            keys=keys_of(section),
        )
        made = founding.found(Path(section.directory), founder, _now(), with_20=with_20)
    except PkiError as error:
        raise AdminError(str(error)) from error
    _note(config, *(Event(what="authorities", subject=file, outcome="made") for file in made))
    if not made:
        return f"{section.directory}: nothing is missing"
    return "\n".join([f"made in {section.directory}:", *(f"  {file}" for file in made), _RESTART])


_RESTART = "a backend that is running takes it up when it is started again"


def take_over(config: Config, duty: DutyName, bundle: Path, key: Path) -> str:
    """Give a duty to an authority that somebody else made."""
    section = section_of(config)
    try:
        name = importing.take_over(Path(section.directory), duty, bundle, key, token_of(section))
    except PkiError as error:
        raise AdminError(str(error)) from error
    _note(config, Event(what="authorities", subject=name, outcome=f"imported for {duty}"))
    return f"{name} {DUTIES[duty].what}\n{_RESTART}"


def trust(config: Config, folder: Folder, file: Path) -> str:
    """Believe what roots issued, and know authorities below them."""
    try:
        names = importing.trust(Path(section_of(config).directory), folder, file, _now())
    except PkiError as error:
        raise AdminError(str(error)) from error
    outcome = f"trusted in {folder}"
    _note(config, *(Event(what="authorities", subject=name, outcome=outcome) for name in names))
    return "\n".join([*(f"{folder}: {name}" for name in names), _RESTART])


def list_authorities(config: Config) -> Listing:
    """Return what is in the directory."""
    section = section_of(config)
    try:
        holdings = read(Path(section.directory), token_of(section)).holdings
    except PkiError as error:
        raise AdminError(str(error)) from error
    rows = [_holding(one) for one in holdings]
    return listing(rows, len(rows))


def _holding(holding: Holding) -> Mapping[str, Value]:
    named = (holding.folder, holding.file)
    duty = next((one.name for one in DUTIES.values() if (one.folder, one.file) == named), None)
    return {
        "file": f"{holding.folder}/{holding.file}.pem",
        "subject": name_of(holding.certificate),
        "key": kind_of(holding.certificate.public_key()),
        "is_ours": holding.key is not None,
        "duty": duty,
        "valid_until": holding.certificate.not_valid_after_utc,
    }


def list_issued(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of what was issued."""
    rows = asyncio.run(run(config, lambda db: records.issued(db, limit + 1, offset)))
    return listing([_issued(row) for row in rows], limit)


def _issued(row: Row[Any]) -> Mapping[str, Value]:
    return {
        "serial_number": row.serial_number,
        "by": row.duty,
        "common_name": row.common_name,
        "station": row.identity,
        "issued_at": row.issued_at,
        "valid_until": row.valid_until,
        "revoked_at": row.revoked_at,
    }


def revoke(config: Config, serial_number: str, why: str) -> str:
    """Revoke what was issued; the OCSP responder and the lists say so from now on."""
    number = serial_number.lower().removeprefix("0x").lstrip("0")
    in_directory = _issuers_in_directory(section_of(config), number)

    def work(db: Connection) -> int:
        issuers = {*records.issuers_of(db, number), *in_directory}
        for issuer in issuers:
            records.revoke(db, issuer, number, _now(), why)
            records.note(db, Event(what="revocation", subject=number, outcome=why), _now())
        return len(issuers)

    if not asyncio.run(run(config, work)):
        raise AdminError(f"no certificate {serial_number}; list them with: chargehand-backend pki issued")
    return f"{number}: revoked"


def _issuers_in_directory(section: PkiSection, number: str) -> list[str]:
    try:
        authorities, serial_number = read(Path(section.directory), token_of(section)), int(number, 16)
    except PkiError as error:
        raise AdminError(str(error)) from error
    except ValueError:
        raise AdminError(f"{number!r} is no serial number; it is hexadecimal") from None
    return [
        records.issuer_of(issuer.certificate)
        for issuer in authorities.issuers
        if authorities.has_issued(issuer.certificate, serial_number)
    ]


def list_events(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of what happened."""
    rows = asyncio.run(run(config, lambda db: records.events(db, limit + 1, offset)))
    columns = ("at", "identity", "what", "subject", "outcome")
    return listing([{column: getattr(row, column) for column in columns} for row in rows], limit)


def add_contract(config: Config, emaid: str, pcid: str) -> str:
    """Add a contract for a vehicle, and the token with which it may charge."""
    try:
        named = read_emaid(emaid)
    except NotAnEmaid as error:
        raise AdminError(str(error)) from error
    if not 0 < len(pcid) <= _LONGEST_PCID or not pcid.isascii() or not pcid.isprintable():
        raise AdminError(
            f"{pcid!r} is no PCID: it is the common name of the vehicle's provisioning certificate"
        )
    name = plain(emaid)

    def work(db: Connection) -> None:
        try:
            pool.add(db, name, pcid, _now())
            db.execute(insert(tokens).values(_token(name)))
        except ContractExists:
            raise AdminError(
                f"{name} exists already, or was cancelled, which is for good (another number is needed); "
                "see: chargehand-backend contract list"
            ) from None
        except IntegrityError:
            raise AdminError(f"there is a token {name} already, which is not this contract's") from None
        records.note(db, Event(what="contract", subject=f"{pcid}: {name}", outcome="added"), _now())

    asyncio.run(run(config, work))
    lines = [f"{name}: the vehicle {pcid} may have its certificate, and charge with it"]
    if config.pki is None:
        lines.append("note: nobody issues it yet: the configuration has no [pki]")
    if named.has_wrong_check_digit:
        lines.append(
            f"note: its check digit is {named.check_digit}, {named.computed_check_digit} belongs there"
        )
    return "\n".join(lines)


def _token(emaid: str) -> dict[str, object]:
    return {
        "uid": emaid,
        "uid_key": key_of(emaid, "EMAID"),
        "type": "EMAID",
        "contract_id": emaid,
        "last_updated": _now(),
    }


def cancel_contract(config: Config, emaid: str) -> str:
    """Cancel a contract: no more certificates for it, and no more charging with those there are."""

    def work(db: Connection) -> bool:
        is_there = pool.cancel(db, emaid, _now())
        if is_there:
            records.note(db, Event(what="contract", subject=plain(emaid), outcome="cancelled"), _now())
        return is_there

    if not asyncio.run(run(config, work)):
        raise AdminError(f"no contract {emaid}; list them with: chargehand-backend contract list")
    return f"{plain(emaid)}: cancelled"


def list_contracts(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of the contracts."""
    rows = asyncio.run(run(config, lambda db: pool.contracts_page(db, limit + 1, offset)))
    columns = ("emaid", "pcid", "created_at", "cancelled_at")
    return listing([{column: getattr(row, column) for column in columns} for row in rows], limit)


def _note(config: Config, *events: Event) -> None:
    def work(db: Connection) -> None:
        for event in events:
            records.note(db, event, _now())

    asyncio.run(run(config, work))


def _now() -> datetime:
    return datetime.now(UTC)
