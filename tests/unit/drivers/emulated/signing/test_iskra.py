"""The WM3M4: commands, states and the power failure in between."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.signing.iskra import IskraSigning, with_zeros
from drivers.signed.der import shortest
from drivers.signed.ocmf import Ocmf, assemble, parse
from drivers.signed.verify import verify
from tests.unit.drivers.emulated.signing.meters import EPOCH_S, Bench

HEAD = '{"FV":"1.0","PG":"","MS":"","IS":true,"IF":[],"IT":"LOCAL","ID":"04A2B3","RD":[]}'


@pytest.fixture
def bench() -> Bench:
    return Bench(IskraSigning, "iskra-wm3m4")


def set_up(bench: Bench) -> None:
    bench.write(clock_high=EPOCH_S >> 16, clock_low=EPOCH_S & 0xFFFF, clock_offset=60)
    bench.write(clock_state="synchronised", metadata=HEAD, metadata_bytes=len(HEAD))


def signed(bench: Bench) -> Ocmf:
    bench.now_s += 1
    assert bench.read("signing_status") == "signed"
    payload, signature = bench.text("signed_payload"), bench.read("signature")
    assert isinstance(signature, str)
    assert bench.read("payload_bytes") == len(payload)
    assert bench.read("signature_bytes") == len(signature) // 2
    record = parse(assemble(payload, shortest(bytes.fromhex(signature))))
    assert verify(record, bench.signer.public_der.hex()).is_genuine
    return record


def test_begin_and_end_stand_in_one_record_at_the_end(bench: Bench) -> None:
    set_up(bench)
    bench.write(signing_command="begin")
    assert (bench.read("signing_state"), bench.read("signing_status")) == ("active", "in_progress")
    assert bench.read("payload_bytes") == 0
    begin = signed(bench)
    assert [reading.reason for reading in begin.readings] == ["B"]
    bench.energy_mwh += 7_500_000
    bench.write(signing_command="end")
    assert bench.read("signing_state") == "idle"
    end = signed(bench)
    assert [reading.value for reading in end.readings] == [Decimal("5.000"), Decimal("12.500")]
    assert (end.identification, end.pagination, end.meter_serial) == ("04A2B3", begin.pagination, "42")


@pytest.mark.parametrize(
    ("without", "status"), [("clock_state", "invalid_time"), ("metadata", "invalid_message")]
)
def test_what_was_not_told_is_missed(bench: Bench, without: str, status: str) -> None:
    values: dict[str, str | int] = {
        "clock_state": "synchronised",
        "metadata": HEAD,
        "metadata_bytes": len(HEAD),
    }
    del values[without]
    bench.write(clock_high=EPOCH_S >> 16, clock_low=EPOCH_S & 0xFFFF, **values)
    bench.write(signing_command="begin")
    assert (bench.read("signing_state"), bench.read("signing_status")) == ("idle", status)


def test_a_second_beginning_and_an_end_of_nothing_are_refused(bench: Bench) -> None:
    set_up(bench)
    bench.write(signing_command="end")
    assert bench.read("signing_status") == "invalid_state"
    bench.write(signing_command="begin")
    bench.write(signing_command="begin")
    assert (bench.read("signing_state"), bench.read("signing_status")) == ("active", "invalid_state")


def test_after_a_power_failure_clock_and_head_are_needed_to_end(bench: Bench) -> None:
    set_up(bench)
    bench.write(signing_command="begin")
    bench.unit.cut_power()
    assert bench.read("signing_state") == "active_after_power_failure"
    bench.write(signing_command="end")
    assert bench.read("signing_status") == "invalid_time"
    set_up(bench)
    bench.write(signing_command="end")
    assert signed(bench).is_end


@given(st.integers(1, 2**256 - 1), st.integers(1, 2**256 - 1))
def test_the_firmware_s_zeros_change_no_number(r: int, s: int) -> None:
    padded = with_zeros(encode_dss_signature(r, s))
    assert len(padded) == 2 + 2 * 35
    assert decode_dss_signature(shortest(padded)) == (r, s)
