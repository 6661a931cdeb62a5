"""The EM580: one file for a transaction, which holds everything up until it is confirmed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.emulated.pdu import Refused
from drivers.emulated.signing.carlo_gavazzi import CarloGavazziSigning
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.unit.drivers.emulated.signing.meters import EPOCH_S, Bench


@pytest.fixture
def bench() -> Bench:
    return Bench(CarloGavazziSigning, "carlo-gavazzi-em580", "brainpoolP384r1")


def begin(bench: Bench) -> None:
    bench.write(clock_offset=60, clock_epoch=EPOCH_S, identification="04A2B3", identification_type="ISO14443")
    bench.write(tariff_text="tx-1", charge_point="DE*ABC*E1", signing_command="begin")


def test_the_file_holds_both_readings_and_waits_for_its_confirmation(bench: Bench) -> None:
    begin(bench)
    assert (bench.read("signing_state"), bench.read("file_registers")) == ("active", 0)
    bench.energy_mwh += 7_500_000
    bench.write(signing_command="end")
    assert bench.read("signing_state") == "active"
    bench.now_s += 1
    assert bench.read("signing_state") == "unread"
    record = parse(bench.text("signed_end"))
    assert bench.read("file_registers") == (len(record.text) + 1) // 2
    assert [reading.value for reading in record.readings] == [Decimal("5.000"), Decimal("12.500")]
    assert verify(record, bench.signer.public_der.hex()).is_genuine
    assert bench.read("public_key_384") == bench.signer.public_der.hex()
    with pytest.raises(Refused):
        bench.write(signing_command="begin")
    bench.write(file_confirmed="confirmed")
    assert (bench.read("signing_state"), bench.read("signed_end")) == ("idle", "")


def test_it_does_not_begin_twice_nor_end_what_is_ending(bench: Bench) -> None:
    begin(bench)
    with pytest.raises(Refused):
        bench.write(signing_command="begin")
    bench.write(signing_command="end")
    with pytest.raises(Refused):
        bench.write(signing_command="end")


def test_a_confirmation_of_nothing_does_nothing(bench: Bench) -> None:
    begin(bench)
    bench.write(file_confirmed="confirmed")
    assert bench.read("signing_state") == "active"


def test_a_power_failure_ends_the_transaction_and_keeps_its_file(bench: Bench) -> None:
    begin(bench)
    bench.energy_mwh += 1_000_000
    bench.unit.cut_power()
    assert bench.read("signing_state") == "unread"
    record = parse(bench.text("signed_end"))
    assert [reading.reason for reading in record.readings] == ["B", "P"]
    assert record.is_end
    bench.unit.cut_power()
    assert parse(bench.text("signed_end")) == record
