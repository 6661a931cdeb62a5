"""Records as meters write them, read by pyocmf."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyocmf.core.ocmf import OCMF

from drivers.emulated.signing.record import (
    MeterClock,
    MeterReading,
    clock_set_to,
    kilowatt_hours,
    payload,
    record,
    watt_hours,
)
from drivers.emulated.signing.signer import make_signer

EPOCH_S = 1609491600
"""2021-01-01T09:00:00Z."""


def test_a_clock_runs_from_what_it_was_set_to_and_says_where_it_is() -> None:
    clock = clock_set_to(EPOCH_S, 60, now_s=100.0)
    assert clock.text(127.9) == "2021-01-01T10:00:27,000+0100 S"
    assert clock_set_to(EPOCH_S, -210, 0.0).text(0.0) == "2021-01-01T05:30:00,000-0330 S"


def test_a_clock_that_was_not_set_says_so() -> None:
    assert MeterClock(None, 100.0).text(101.0) == "2000-01-01T00:00:01,000+0000 U"


@pytest.mark.parametrize(("epoch_s", "offset_min"), [(-1, 0), (2**32, 0), (0, 1440), (0, -1440)])
def test_what_is_no_time_is_refused(epoch_s: int, offset_min: int) -> None:
    with pytest.raises(ValueError, match="no time"):
        clock_set_to(epoch_s, offset_min, 0.0)


def test_counters_cut_off_what_they_do_not_show() -> None:
    assert str(watt_hours(12_345_678_999)) == "12345678"
    assert str(kilowatt_hours(12_345_600_999)) == "12345.600"
    assert str(kilowatt_hours(0)) == "0.000"
    assert str(kilowatt_hours(1_999_999, 2)) == "1.99"


def test_the_record_has_exactly_the_decimals_and_another_reader_verifies_it() -> None:
    signer = make_signer("secp256r1")
    reading = MeterReading(
        time=clock_set_to(EPOCH_S, 60, 0.0).text(0.0), reason="B", value=Decimal("12345.600"), unit="kWh"
    )
    text = payload({"FV": "1.0", "PG": "T1", "MS": "1", "IS": True, "IT": "LOCAL", "ID": "ü"}, [reading])
    assert '"RV":12345.600,' in text
    assert " " not in text.replace("+0100 S", "")
    parsed = OCMF.from_string(record(text, signer))
    assert parsed.verify_signature(signer.public_der.hex())
    assert Decimal("12345.600") == parsed.payload.RD[0].RV
