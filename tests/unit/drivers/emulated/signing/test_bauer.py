"""The BSM-WS36A: snapshots, and what a power cut does to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.emulated.signing.bauer import BauerSigning
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.unit.drivers.emulated.signing.meters import EPOCH_S, Bench


@pytest.fixture
def bench() -> Bench:
    return Bench(BauerSigning, "bauer-bsm-ws36a")


def test_after_power_up_there_is_no_reading(bench: Bench) -> None:
    assert bench.read("begin_status") == bench.read("end_status") == "invalid"
    assert bench.read("signed_begin") == bench.read("signed_end") == ""


def test_a_snapshot_is_of_the_moment_it_was_asked_for_and_shown_later(bench: Bench) -> None:
    bench.write(clock_epoch=EPOCH_S, clock_offset=60, identification="04A2B3", begin_status="updating")
    assert bench.read("begin_status") == "updating"
    assert bench.read("signed_begin") == ""
    bench.energy_mwh += 1_000_000
    bench.now_s += 0.5
    assert bench.read("begin_status") == "valid"
    record = parse(bench.text("signed_begin"))
    assert record.readings[0].value == Decimal(5000)
    assert record.readings[0].time == "2021-01-01T10:00:00,000+0100 S"
    assert (record.identification, record.pagination, record.is_end) == ("04A2B3", "T1", False)
    assert verify(record, bench.signer.public_der.hex()).is_genuine
    assert bench.read("public_key") == bench.signer.public_der.hex()
    assert bench.read("public_key_bytes") == Decimal(91)


def test_begin_and_end_count_on(bench: Bench) -> None:
    bench.write(begin_status="updating", end_status="updating")
    bench.now_s += 1
    assert parse(bench.text("signed_end")).is_end
    assert (bench.read("begin_counter"), bench.read("end_counter")) == (Decimal(1), Decimal(2))


def test_a_power_cut_loses_clock_identification_and_snapshots_but_not_the_counter(bench: Bench) -> None:
    bench.write(clock_epoch=EPOCH_S, clock_offset=0, identification="x", begin_status="updating")
    bench.unit.cut_power()
    bench.now_s += 1
    assert bench.read("begin_status") == "invalid"
    bench.write(end_status="updating")
    bench.now_s += 1
    record = parse(bench.text("signed_end"))
    assert record.readings[0].time.endswith(" U")
    assert (record.identification, record.pagination) == (None, "T2")
