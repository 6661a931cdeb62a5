"""The CDR as OCPI 2.2.1 structures it. Numbers are written as JSON numbers; times are text, in UTC."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.rating.tariff import Tariff


class _Object(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An OCPI object: what is optional is left out."""


class CdrPrice(_Object, frozen=True, kw_only=True):
    """Price."""

    excl_vat: Decimal
    incl_vat: Decimal | None = None


class CdrDimension(_Object, frozen=True, kw_only=True):
    """CdrDimension: kWh or hours."""

    type: Literal["ENERGY", "TIME", "PARKING_TIME"]
    volume: Decimal


class ChargingPeriod(_Object, frozen=True, kw_only=True):
    """ChargingPeriod; it lasts until the next one begins."""

    start_date_time: str
    dimensions: tuple[CdrDimension, ...]
    tariff_id: str | None = None


class CdrToken(_Object, frozen=True, kw_only=True):
    """CdrToken: who charged."""

    country_code: str
    party_id: str
    uid: str
    type: Literal["AD_HOC_USER", "APP_USER", "OTHER", "RFID"]
    contract_id: str


class GeoLocation(_Object, frozen=True, kw_only=True):
    """GeoLocation, in degrees as text."""

    latitude: str
    longitude: str


class CdrLocation(_Object, frozen=True, kw_only=True):
    """CdrLocation: where it was charged."""

    id: str
    name: str | None = None
    address: str
    city: str
    postal_code: str | None = None
    country: str
    coordinates: GeoLocation
    evse_uid: str
    evse_id: str
    connector_id: str
    connector_standard: str
    connector_format: str
    connector_power_type: str


class Cdr(_Object, frozen=True, kw_only=True):
    """CDR. Energy in kWh, times in hours, costs in `currency`."""

    country_code: str
    party_id: str
    id: str
    start_date_time: str
    end_date_time: str
    session_id: str
    cdr_token: CdrToken
    auth_method: Literal["AUTH_REQUEST", "COMMAND", "WHITELIST"]
    cdr_location: CdrLocation
    currency: str
    tariffs: tuple[Tariff, ...] = ()
    charging_periods: tuple[ChargingPeriod, ...]
    total_cost: CdrPrice
    total_fixed_cost: CdrPrice | None = None
    total_energy: Decimal
    total_energy_cost: CdrPrice | None = None
    total_time: Decimal
    total_time_cost: CdrPrice | None = None
    total_parking_time: Decimal | None = None
    total_parking_cost: CdrPrice | None = None
    remark: str | None = None
    last_updated: str


_encode = msgspec.json.Encoder(decimal_format="number").encode


def dump_cdr(cdr: Cdr) -> str:
    """Return the CDR as JSON."""
    return _encode(cdr).decode()
