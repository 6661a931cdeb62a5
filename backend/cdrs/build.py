"""Make a CDR of a complete session. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from backend.authorization.verdict import TYPES
from backend.cdrs.ocpi import (
    Cdr,
    CdrDimension,
    CdrLocation,
    CdrPrice,
    CdrToken,
    ChargingPeriod,
    GeoLocation,
)
from backend.rating.money import ARITHMETIC, Price
from backend.rating.rate import SECONDS_PER_HOUR, WH_PER_KWH, Activity, Period, Rating
from backend.rating.tariff import Dimension, Tariff

FOUR_DECIMALS = Decimal("0.0001")
"""The decimals of OCPI numbers. Costs are not made of the numbers printed here, but of the exact ones."""

EVSE_UID_LENGTH = 36
NAMESPACE = uuid.UUID("0b4b6a0e-52d4-4f6e-8f43-5a3b5c8d1e77")
ANONYMOUS = "ANONYMOUS"
NO_TARIFF = "no tariff was set when the session began, so it is not charged for"
BACKWARDS = "the meter's register ran backwards, so no energy is charged for"

OcpiTokenType = Literal["AD_HOC_USER", "APP_USER", "OTHER", "RFID"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who bills."""

    country_code: str
    party_id: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the station stands. `evse_id` and `connector_id` are OCPP's, 0 if the charger did not say."""

    location_id: str
    name: str
    address: str
    city: str
    postal_code: str | None
    country: str
    latitude: str
    longitude: str
    connector_standard: str
    connector_format: str
    connector_power_type: str
    identity: str
    evse_id: int
    connector_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Who charged. `token_type` is OCPP's, `listed_type` and `contract_id` the token list's."""

    identifier: str | None
    token_type: str | None
    listed_type: str | None
    contract_id: str | None
    auth_method: Literal["AUTH_REQUEST", "COMMAND", "WHITELIST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A session as it is billed. `tariff_since` is when the tariff was published here."""

    session_id: str
    operator: Operator
    place: Place
    driver: Driver
    tariff: Tariff | None
    tariff_since: datetime | None
    periods: Sequence[Period]
    started_at: datetime
    ended_at: datetime
    register_ran_backwards: bool
    rating: Rating
    made_at: datetime


def build(bill: Bill) -> Cdr:
    """Make the CDR; its id is the session's, so that a session cannot have two."""
    operator, rating, periods = bill.operator, bill.rating, bill.periods
    total_s = _seconds(bill.started_at, bill.ended_at)
    charging_s = sum((each.seconds for each in periods if each.activity is Activity.CHARGING), Decimal(0))
    return Cdr(
        country_code=operator.country_code,
        party_id=operator.party_id,
        id=bill.session_id,
        start_date_time=_time(bill.started_at),
        end_date_time=_time(bill.ended_at),
        session_id=bill.session_id,
        cdr_token=_token(bill),
        auth_method=bill.driver.auth_method,
        cdr_location=_location(bill),
        currency=rating.currency,
        tariffs=() if bill.tariff is None else (_snapshot(bill, bill.tariff),),
        charging_periods=_periods(bill),
        total_cost=_price(rating.total),
        total_fixed_cost=_part(rating, "FLAT"),
        total_energy=_kwh(sum((each.energy_wh for each in periods), Decimal(0))),
        total_energy_cost=_part(rating, "ENERGY"),
        total_time=_hours(total_s),
        total_time_cost=_part(rating, "TIME"),
        # by OCPI's definition all time without energy, whether it is billed as parking or not at all
        total_parking_time=_hours(max(Decimal(0), total_s - charging_s)),
        total_parking_cost=_part(rating, "PARKING_TIME"),
        remark=_remark(bill),
        last_updated=_time(bill.made_at),
    )


def _remark(bill: Bill) -> str | None:
    remarks = [NO_TARIFF] if bill.tariff is None else []
    if bill.register_ran_backwards:
        remarks.append(BACKWARDS)
    return "; ".join(remarks) or None


def _token(bill: Bill) -> CdrToken:
    driver = bill.driver
    uid = driver.identifier or ANONYMOUS
    return CdrToken(
        country_code=bill.operator.country_code,
        party_id=bill.operator.party_id,
        uid=uid,
        type=_token_type(driver),
        contract_id=driver.contract_id or uid,
    )


def _token_type(driver: Driver) -> OcpiTokenType:
    listed = driver.listed_type or TYPES.get(driver.token_type or "", ("OTHER",))[0]
    match listed:
        case "RFID" | "APP_USER" | "AD_HOC_USER":
            return listed
        case _:
            return "OTHER"  # OCPI 2.2.1 has no EMAID


def _location(bill: Bill) -> CdrLocation:
    place = bill.place
    return CdrLocation(
        id=place.location_id,
        name=place.name,
        address=place.address,
        city=place.city,
        postal_code=place.postal_code or None,
        country=place.country,
        coordinates=GeoLocation(latitude=place.latitude, longitude=place.longitude),
        evse_uid=_evse_uid(place),
        evse_id=_evse_id(bill.operator, place),
        connector_id=str(place.connector_id),
        connector_standard=place.connector_standard,
        connector_format=place.connector_format,
        connector_power_type=place.connector_power_type,
    )


def _evse_uid(place: Place) -> str:
    uid = f"{place.identity}*{place.evse_id}"
    return uid if len(uid) <= EVSE_UID_LENGTH else str(uuid.uuid5(NAMESPACE, uid))


def _evse_id(operator: Operator, place: Place) -> str:
    """Return the EVSE's id as drivers read it (ISO 15118-2 annex H): letters and digits between stars."""
    name = re.sub("[^A-Z0-9]", "", place.identity.upper())[:30]
    return f"{operator.country_code}*{operator.party_id}*E{name}*{place.evse_id}"


def _snapshot(bill: Bill, tariff: Tariff) -> Tariff:
    since = None if bill.tariff_since is None else bill.tariff_since.replace(microsecond=0)
    return msgspec.structs.replace(
        tariff,
        country_code=tariff.country_code or bill.operator.country_code,
        party_id=tariff.party_id or bill.operator.party_id,
        last_updated=tariff.last_updated or since,
    )


def _periods(bill: Bill) -> tuple[ChargingPeriod, ...]:
    tariff_id = None if bill.tariff is None else bill.tariff.id
    made = [
        ChargingPeriod(start_date_time=_time(each.start), dimensions=_dimensions(each), tariff_id=tariff_id)
        for each in bill.periods
    ]
    nothing = CdrDimension(type="ENERGY", volume=_kwh(Decimal(0)))
    return tuple(made) or (
        ChargingPeriod(start_date_time=_time(bill.started_at), dimensions=(nothing,), tariff_id=tariff_id),
    )


def _dimensions(period: Period) -> tuple[CdrDimension, ...]:
    dimensions = [CdrDimension(type="ENERGY", volume=_kwh(period.energy_wh))]
    if period.activity is Activity.CHARGING:
        dimensions.append(CdrDimension(type="TIME", volume=_hours(period.seconds)))
    elif period.activity is Activity.PARKING:
        dimensions.append(CdrDimension(type="PARKING_TIME", volume=_hours(period.seconds)))
    return tuple(dimensions)


def _part(rating: Rating, dimension: Dimension) -> CdrPrice | None:
    if not any(line.dimension == dimension for line in rating.lines):
        return None
    return _price(rating.subtotal(dimension))


def _price(price: Price) -> CdrPrice:
    return CdrPrice(excl_vat=price.excl_vat, incl_vat=price.incl_vat)


def _seconds(start: datetime, end: datetime) -> Decimal:
    return Period(start, end, Activity.WITHHELD, Decimal(0)).seconds


def _kwh(energy_wh: Decimal) -> Decimal:
    return ARITHMETIC.divide(energy_wh, WH_PER_KWH).quantize(FOUR_DECIMALS)


def _hours(seconds: Decimal) -> Decimal:
    return ARITHMETIC.divide(seconds, SECONDS_PER_HOUR).quantize(FOUR_DECIMALS)


def _time(moment: datetime) -> str:
    """Return the time in UTC; with milliseconds if it has any, for which OCPI's 25 characters have room."""
    spec = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")
