"""GET charging-stations: what a driver would find there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row

from backend.web import station_rows
from backend.web.paging import Next, Paged
from backend.web.ports import CommandStatus, IdTokenEnum
from backend.web.problems import ABSENT, NOT_FOUND, ProblemError
from backend.web.remote import RESPONSES, accepted, commanded
from backend.web.service import Served, Service

router = APIRouter(prefix="/charging-stations", tags=["charging stations"])

Condition = Literal["AVAILABLE", "IN_USE", "OUT_OF_ORDER", "OFFLINE", "UNKNOWN"]
ConnectorStatus = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]
StationId = Annotated[str, Path(max_length=48, description="the station's OCPP identity")]


class Connector(BaseModel):
    """A connector as the station last reported it (OCPP 2.0.1, StatusNotification)."""

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported_at: AwareDatetime


class LastSession(BaseModel):
    """A session that delivered energy."""

    id: str
    ended_at: AwareDatetime | None
    energy_wh: int


class ChargingStation(BaseModel):
    """A charging station, and what a driver would find there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "CH-0001",
                    "condition": "AVAILABLE",
                    "online": True,
                    "registration": "Accepted",
                    "last_seen_at": "2026-03-11T09:00:00Z",
                    "booted_at": "2026-03-01T06:12:44Z",
                    "vendor": "Example",
                    "model": "One",
                    "serial_number": "0001",
                    "firmware_version": "1.4.2",
                    "location": "SITE-1",
                    "connectors": [
                        {
                            "evse_id": 1,
                            "connector_id": 1,
                            "status": "Available",
                            "reported_at": "2026-03-11T08:57:00Z",
                        }
                    ],
                    "last_successful_session": {
                        "id": "5c1e8f7e-8f2c-5a31-9d0e-0d5d5ab6b0a3",
                        "ended_at": "2026-03-11T08:57:00Z",
                        "energy_wh": 18240,
                    },
                    "failed_sessions_since": 0,
                }
            ]
        }
    )

    id: str
    condition: Annotated[
        Condition,
        Field(
            description="AVAILABLE: a connector is free. IN_USE: none is free, at least one is occupied or "
            "reserved. OUT_OF_ORDER: every connector is faulted or unavailable, or the station is not "
            "accepted. OFFLINE: not connected, so that only what it decides on its own works. UNKNOWN: it is "
            "connected and has reported no connector yet."
        ),
    ]
    online: Annotated[bool, Field(description="whether it is connected to this backend")]
    registration: Literal["Accepted", "Pending", "Rejected"]
    last_seen_at: Annotated[AwareDatetime | None, Field(description="when it last sent anything")]
    booted_at: AwareDatetime | None
    vendor: str | None
    model: str | None
    serial_number: str | None
    firmware_version: str | None
    location: Annotated[str, Field(description="the OCPI location id")]
    connectors: list[Connector]
    last_successful_session: Annotated[
        LastSession | None, Field(description="the newest completed session that delivered energy")
    ]
    failed_sessions_since: Annotated[
        int,
        Field(
            description="completed sessions without energy after that one: a station that looks fine and "
            "charges nobody"
        ),
    ]


class ChargingStationList(BaseModel):
    """A page of charging stations."""

    items: list[ChargingStation]
    next: Next


class StartRequest(BaseModel):
    """Whom the station shall charge for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"id_token": "04A2B3C4", "type": "ISO14443"}]}
    )

    id_token: Annotated[str, Field(min_length=1, max_length=36)]
    type: Annotated[IdTokenEnum, Field(description="OCPP 2.0.1 IdTokenEnumType")] = "ISO14443"


class StartResult(BaseModel):
    """What the station said (OCPP 2.0.1, RequestStartTransactionResponse)."""

    status: CommandStatus
    remote_start_id: int
    transaction_id: Annotated[
        str | None, Field(description="the transaction, if the cable was in and it had begun")
    ]
    reason_code: str | None
    additional_info: str | None


@router.get("")
async def list_charging_stations(service: Served, page: Paged) -> ChargingStationList:
    """Charging stations by id, each with its connectors and its last successful session."""
    rows = await service.database.read(lambda db: station_rows.stations(db, page.fetch, page.offset))
    return ChargingStationList(items=await _stations(service, page.cut(rows)), next=page.next(rows))


@router.get("/{station_id}", responses=ABSENT)
async def get_charging_station(service: Served, station_id: StationId) -> ChargingStation:
    """One charging station."""
    row = await _row(service, station_id)
    [station] = await _stations(service, [row])
    return station


@router.post("/{station_id}/evses/{evse_id}/start", responses=ABSENT | RESPONSES)
async def start_session(
    service: Served,
    station_id: StationId,
    evse_id: Annotated[int, Path(ge=1, le=9999)],
    body: StartRequest,
) -> StartResult:
    """Ask the station to charge. 200 means that it will; the session appears once the cable is in."""
    await _row(service, station_id)
    async with commanded():
        answer = await service.remote.start(
            station_id, evse_id=evse_id, id_token=body.id_token, id_token_type=body.type
        )
    accepted(station_id, answer, "Look at the station's `connectors` and try again.")
    return StartResult(
        status=answer.status,
        remote_start_id=answer.remote_start_id,
        transaction_id=answer.transaction_id,
        reason_code=answer.reason_code,
        additional_info=answer.additional_info,
    )


def condition_of(*, online: bool, registration: str, statuses: Sequence[str]) -> Condition:
    """Judge what a driver would find from what the station reports."""
    if not online:
        return "OFFLINE"
    if registration != "Accepted":
        return "OUT_OF_ORDER"
    if not statuses:
        return "UNKNOWN"
    if "Available" in statuses:
        return "AVAILABLE"
    return "IN_USE" if {"Occupied", "Reserved"} & set(statuses) else "OUT_OF_ORDER"


async def _row(service: Service, identity: str) -> Row[Any]:
    row = await service.database.read(lambda db: station_rows.station(db, identity))
    if row is None:
        raise ProblemError(
            NOT_FOUND, f"No charging station {identity}; GET /api/v1/charging-stations lists them."
        )
    return row


async def _stations(service: Service, rows: Sequence[Row[Any]]) -> list[ChargingStation]:
    keys = [row.id for row in rows]
    details = await service.database.read(lambda db: station_rows.details(db, keys))
    return [_station(service, row, details) for row in rows]


def _station(service: Service, row: Row[Any], details: station_rows.Details) -> ChargingStation:
    online = service.remote.is_connected(row.identity)
    connectors = details.connectors.get(row.id, [])
    last = details.last_successful.get(row.id)
    return ChargingStation(
        id=row.identity,
        condition=condition_of(
            online=online, registration=row.registration, statuses=[each.status for each in connectors]
        ),
        online=online,
        registration=row.registration,
        last_seen_at=_later(row.last_seen_at, service.remote.last_seen_at(row.identity)),
        booted_at=row.booted_at,
        vendor=row.vendor,
        model=row.model,
        serial_number=row.serial_number,
        firmware_version=row.firmware_version,
        location=row.location_id,
        connectors=[Connector.model_validate(each, from_attributes=True) for each in connectors],
        last_successful_session=None
        if last is None
        else LastSession(id=last.session_id, ended_at=last.ended_at, energy_wh=last.energy_wh),
        failed_sessions_since=details.failed_since.get(row.id, 0),
    )


def _later(stored: datetime | None, heard: datetime | None) -> datetime | None:
    """Return the later time: the database hears of it only now and then."""
    if stored is None or heard is None:
        return stored or heard
    return max(stored, heard)
