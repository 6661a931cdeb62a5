"""What the commands of `chargehand-backend` do; each returns what is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from backend.admin import cdrs, stations, tariffs, tokens
from backend.admin.database import prepare, run
from backend.admin.errors import AdminError
from backend.admin.listing import Listing, Value, listing
from backend.config import Config, load_config, shown_url
from backend.csms.passwords import generate, hash_password
from backend.rating.tariff import Tariff, TariffError, load_tariff
from backend.starter import write_starter

ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def init(path: Path) -> str:
    """Write a configuration if there is none, and make its database or bring it up to date."""
    try:
        written = write_starter(path)
    except OSError as error:
        raise AdminError(f"{path} cannot be written: {error.strerror}") from error
    config = load_config(path)
    asyncio.run(prepare(config))
    return f"""\
configuration  {path}{" (new: look it through)" if written else ""}
database       {shown_url(config)}

next, each with --config {path}:
  chargehand-backend station add CH-0001      a charging station; prints its password
  chargehand-backend token add 04A2B3C4       a card that may charge
  chargehand-backend tariff set day.json      what it costs; tariff set --help has an example
  chargehand-backend serve                    run"""


def add_station(config: Config, identity: str, password: str | None, *, replace: bool) -> str:
    """Add a station, or give it another password."""
    stations.check_identity(identity)
    if password is not None:
        stations.check_password(password)
    secret = password or generate()
    hashed = hash_password(secret, generated=password is None)

    def work(db: Connection) -> None:
        if replace:
            stations.replace_password(db, identity, hashed)
        else:
            stations.add_station(db, identity, hashed, config.location, _now())

    asyncio.run(run(config, work))
    lines = [f"{identity}: {'new password' if replace else 'added'}"]
    if password is None:
        lines.append(f"password, shown only now: {secret}")
    return "\n".join([*lines, *_station_file(config, identity, secret if password is None else "...")])


def _station_file(config: Config, identity: str, password: str) -> list[str]:
    if not config.ocpp.port:
        return []
    host = "<this host>" if config.ocpp.host in ANY_ADDRESS else config.ocpp.host
    host = f"[{host}]" if ":" in host else host
    return [
        "in the station file:",
        "  [station]",
        f'  id = "{identity}"',
        "  [csms]",
        f'  url = "ws://{host}:{config.ocpp.port}{config.ocpp.path}"',
        f'  password = "{password}"',
    ]


def list_stations(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of the stations; who is connected is known to the running backend's REST interface."""
    return _page(config, stations.list_stations, _station, limit, offset)


def _station(row: Row[Any]) -> Mapping[str, Value]:
    device = " ".join(part for part in (row.vendor, row.model) if part)
    return {
        "id": row.identity,
        "registration": row.registration,
        "device": device or None,
        "last_seen_at": row.last_seen_at,
        "connectors": row.connectors,
        "available": row.available,
    }


def add_token(config: Config, token: tokens.NewToken) -> str:
    """Add a token."""
    asyncio.run(run(config, lambda db: tokens.add_token(db, token, config.cpo, _now())))
    return f"{token.uid} ({token.type}): added"


def block_token(config: Config, uid: str, type_: str | None, *, blocked: bool) -> str:
    """Block or unblock a token."""
    kind = None if type_ is None else tokens.token_type(type_)
    types = asyncio.run(run(config, lambda db: tokens.block_token(db, uid, kind, _now(), blocked=blocked)))
    return f"{uid} ({', '.join(types)}): {'blocked' if blocked else 'may charge again'}"


def list_tokens(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of the tokens."""
    now = _now()
    return _page(config, tokens.list_tokens, lambda row: _token(row, now), limit, offset)


def _token(row: Row[Any], now: datetime) -> Mapping[str, Value]:
    expired = row.expires_at is not None and row.expires_at <= now
    status = "blocked" if row.blocked else "expired" if expired else "valid" if row.valid else "invalid"
    return {
        "uid": row.uid,
        "type": row.type,
        "status": status,
        "contract_id": row.contract_id,
        "group_id": row.group_id,
        "whitelist": row.whitelist,
        "expires_at": row.expires_at,
    }


def set_tariff(config: Config, path: Path) -> str:
    """Make a tariff the one for all stations."""
    try:
        tariff = load_tariff(path.read_bytes())
    except OSError as error:
        raise AdminError(f"{path} cannot be read: {error.strerror}") from error
    except TariffError as error:
        raise AdminError(f"{path}: {error}") from error
    asyncio.run(run(config, lambda db: tariffs.set_tariff(db, tariff, _now())))
    lines = [f"{tariff.id}: set for all stations, {_prices(tariff)}"]
    if tariff.unpriced:
        lines.append(f"free of charge: {', '.join(tariff.unpriced)}")
    if tariff.currency != config.cpo.currency:
        lines.append(f"note: its currency is {tariff.currency}, the operator's is {config.cpo.currency}")
    return "\n".join(lines)


def list_tariffs(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of the tariffs, and which one a session would get now."""

    def work(db: Connection) -> tuple[int | None, Sequence[Row[Any]]]:
        return tariffs.tariff_in_use(db, _now()), tariffs.list_tariffs(db, limit + 1, offset)

    in_use, rows = asyncio.run(run(config, work))
    return listing([_tariff(row, in_use) for row in rows], limit)


def _tariff(row: Row[Any], in_use: int | None) -> Mapping[str, Value]:
    tariff = load_tariff(row.document)
    return {
        "id": tariff.id,
        "in_use": row.id == in_use,
        "prices": _prices(tariff),
        "start_date_time": tariff.start_date_time,
        "end_date_time": tariff.end_date_time,
        "created_at": row.created_at,
    }


def _prices(tariff: Tariff) -> str:
    units = {"ENERGY": "kWh", "TIME": "h charging", "PARKING_TIME": "h parking", "FLAT": "session"}
    parts = []
    for name in ("FLAT", "ENERGY", "TIME", "PARKING_TIME"):
        component = tariff.component(name)
        if component is not None:
            vat = "" if component.vat is None else f" + {component.vat} % VAT"
            parts.append(f"{component.price} {tariff.currency} per {units[name]}{vat}")
    return ", ".join(parts)


def list_cdrs(config: Config, limit: int, offset: int) -> Listing:
    """Return a page of the CDRs."""
    return _page(config, cdrs.list_cdrs, _cdr, limit, offset)


def _cdr(row: Row[Any]) -> Mapping[str, Value]:
    return {
        "id": row.cdr_id,
        "station": row.identity,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "energy_kwh": Decimal(row.energy_wh).scaleb(-3),
        "total_excl_vat": row.total_excl_vat,
        "total_incl_vat": row.total_incl_vat,
        "currency": row.currency,
    }


def show_cdr(config: Config, cdr_id: str) -> str:
    """Return a CDR, laid out; its numbers keep their digits."""
    document = asyncio.run(run(config, lambda db: cdrs.cdr_document(db, cdr_id)))
    if document is None:
        raise AdminError(f"no CDR {cdr_id}; list them with: chargehand-backend cdr list")
    return msgspec.json.format(document, indent=2)


def _page(
    config: Config,
    query: Callable[[Connection, int, int], Sequence[Row[Any]]],
    row_of: Callable[[Row[Any]], Mapping[str, Value]],
    limit: int,
    offset: int,
) -> Listing:
    rows = asyncio.run(run(config, lambda db: query(db, limit + 1, offset)))
    return listing([row_of(row) for row in rows], limit)


def _now() -> datetime:
    return datetime.now(UTC)
