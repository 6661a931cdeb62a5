from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.cdrs.build import Bill, Driver, Operator, Place, build
from backend.cdrs.ocpi import dump_cdr
from backend.rating.money import RoundingPolicy
from backend.rating.rate import Activity, Period, rate
from backend.rating.tariff import load_tariff
from tests.unit.backend.seed import TARIFF

START = datetime(2026, 3, 11, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
END = START + timedelta(hours=1)
PLACE = Place(
    location_id="SITE-1",
    name="Depot",
    address="Hauptstrasse 1",
    city="Berlin",
    postal_code=None,
    country="DEU",
    latitude="52.520008",
    longitude="13.404954",
    connector_standard="IEC_62196_T2",
    connector_format="SOCKET",
    connector_power_type="AC_3_PHASE",
    identity="CS-1",
    evse_id=2,
    connector_id=1,
)


def made(**changes: Any) -> dict[str, Any]:
    tariff = load_tariff(json.dumps(TARIFF))
    periods = (Period(START, END, Activity.CHARGING, Decimal(12345)),)
    place = {name: changes.pop(name) for name in ("identity",) if name in changes}
    driver: dict[str, Any] = {
        "identifier": "X",
        "token_type": "ISO14443",
        "listed_type": None,
        "contract_id": None,
        "auth_method": "AUTH_REQUEST",
    }
    driver |= {name: changes.pop(name) for name in list(driver) if name in changes}
    values: dict[str, Any] = {
        "session_id": "5f0c7c1e-0000-5000-8000-000000000001",
        "operator": Operator(country_code="DE", party_id="CHH", currency="EUR"),
        "place": Place(**{name: getattr(PLACE, name) for name in Place.__dataclass_fields__} | place),
        "driver": Driver(**driver),
        "tariff": tariff,
        "tariff_since": START,
        "periods": periods,
        "started_at": START,
        "ended_at": END,
        "register_ran_backwards": False,
        "rating": rate(tariff, changes.get("periods", periods), RoundingPolicy()),
        "made_at": END,
    }
    document: dict[str, Any] = msgspec.json.decode(dump_cdr(build(Bill(**values | changes))))
    return document


def test_times_are_utc_and_fit_in_25_characters() -> None:
    written = made()["start_date_time"]
    assert datetime.fromisoformat(written) == datetime(2026, 3, 11, 9, 0, 0, 123000, UTC)
    assert written.endswith("Z")
    assert len(written) <= 25


def test_energy_is_in_kwh_and_time_in_hours() -> None:
    document = made()
    assert document["total_energy"] == 12.345
    assert (document["total_time"], document["total_parking_time"]) == (1, 0)


@pytest.mark.parametrize(
    ("token_type", "listed", "expected"),
    [
        ("ISO14443", None, "RFID"),
        ("Central", None, "APP_USER"),
        ("Central", "AD_HOC_USER", "AD_HOC_USER"),
        ("eMAID", "EMAID", "OTHER"),
        ("KeyCode", None, "OTHER"),
        (None, None, "OTHER"),
    ],
)
def test_token_types_are_those_of_ocpi(token_type: str | None, listed: str | None, expected: str) -> None:
    assert made(token_type=token_type, listed_type=listed)["cdr_token"]["type"] == expected


def test_a_token_without_a_contract_is_its_own_contract() -> None:
    assert made()["cdr_token"]["contract_id"] == "X"


def test_a_long_identity_still_makes_an_evse_uid_of_36_characters() -> None:
    location = made(identity="A-CHARGING-STATION-WITH-48-CHARACTERS-IN-ITS-NAM")["cdr_location"]
    other = made(identity="A-CHARGING-STATION-WITH-48-CHARACTERS-IN-ITS-NAN")["cdr_location"]
    assert len(location["evse_uid"]) == 36
    assert location["evse_uid"] != other["evse_uid"]
    assert len(location["evse_id"]) <= 48


def test_a_session_without_any_period_has_one_of_nothing() -> None:
    """OCPI wants at least one."""
    document = made(periods=())
    assert document["charging_periods"] == [
        {
            "start_date_time": document["start_date_time"],
            "dimensions": [{"type": "ENERGY", "volume": 0}],
            "tariff_id": "STANDARD",
        }
    ]
