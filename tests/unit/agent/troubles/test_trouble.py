from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.station.faults import CONTROLLER_SILENT, CURRENT_STAYS, METER_DOUBTED, METER_SILENT, POWER_STAYS
from agent.troubles.trouble import (
    EVENTS_REFUSED,
    EXPIRED,
    EXPIRES_SOON,
    LOCK_FAILED,
    OTHERWISE,
    OUTBOX_OVERFULL,
    OUTBOX_THINNED,
    TIME_UNKNOWN,
    Ledger,
    Trouble,
)
from drivers.serial.rapi_answers import FAULTS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
SILENT, COLD = Trouble("EVSE 1", METER_SILENT), Trouble("reader 1", "no answer")


def test_a_trouble_keeps_its_beginning_until_it_is_over() -> None:
    ledger = Ledger()
    ledger.see([COLD], NOON)
    ledger.see([SILENT, COLD], NOON + timedelta(seconds=5))
    assert list(ledger.open) == [(COLD, NOON), (SILENT, NOON + timedelta(seconds=5))]
    ledger.see([SILENT], NOON + timedelta(seconds=6))
    assert list(ledger.open) == [(SILENT, NOON + timedelta(seconds=5))]
    ledger.see([SILENT, COLD], NOON + timedelta(seconds=9))
    assert ledger.open[1] == (COLD, NOON + timedelta(seconds=9)), "another time, another beginning"
    ledger.see([], NOON)
    assert list(ledger.open) == []


@pytest.mark.parametrize(
    "what",
    [
        CONTROLLER_SILENT,
        CURRENT_STAYS,
        METER_DOUBTED,
        METER_SILENT,
        POWER_STAYS,
        "control pilot E",
        "control pilot F",
    ],
)
def test_what_puts_an_evse_out_of_order_has_a_remedy_of_its_own(what: str) -> None:
    assert Trouble("EVSE 1", what).remedy != OTHERWISE


def test_what_keeps_messages_certificates_and_the_clock_has_a_remedy_of_its_own() -> None:
    said = (LOCK_FAILED, EVENTS_REFUSED, OUTBOX_THINNED, OUTBOX_OVERFULL, EXPIRES_SOON, EXPIRED, TIME_UNKNOWN)
    remedies = {Trouble("somewhere", what).remedy for what in said}
    assert len(remedies) == len(said)
    assert OTHERWISE not in remedies


def test_every_fault_of_an_openevse_has_a_remedy_of_its_own() -> None:
    assert {Trouble("EVSE 1", words).remedy for words in FAULTS.values()} & {OTHERWISE} == set()
