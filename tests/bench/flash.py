"""What the outbox costs: bytes written to the disk in an hour of charging, and messages in a second."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from agent.station.evse import EvseState
from agent.store import outbox
from agent.store.database import Database
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.transactions.records import (
    RegisterMark,
    Sample,
    SampledValue,
    Token,
    Transaction,
    TransactionEvent,
)
from drivers.readings import Measurand, Phase
from tests.bench.row import Row
from tests.conformance.kit import Csms
from tests.conformance.station import CARD, StationUnderTest

SAMPLES_AN_HOUR = 64
"""One a minute in the transaction, and one each quarter of an hour by the clock: the defaults."""
OBSERVED_SAMPLES = 40
MESSAGES = 400
GOAL_MB = 2.0
GOAL_RATE = 100.0
DISK = Path("build")
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TRANSACTION = "0b0f3f3e-4a55-4b0e-8a3e-5b1c2f0a7d11"
_VALUES: tuple[tuple[Measurand, str, str, Phase | None], ...] = (
    ("Energy.Active.Import.Register", "12345678", "Wh", None),
    ("Power.Active.Import", "11040.123", "W", None),
    ("Current.Import", "15.987", "A", "L1"),
    ("Current.Import", "15.988", "A", "L2"),
    ("Current.Import", "15.989", "A", "L3"),
    ("Voltage", "230.121", "V", "L1-N"),
    ("Voltage", "230.122", "V", "L2-N"),
    ("Voltage", "230.123", "V", "L3-N"),
)


async def rows() -> list[Row]:
    """Measure a real agent that charges, and the store alone; beside the plain way to use SQLite."""
    DISK.mkdir(exist_ok=True)
    hour_mb = await _agent_bytes_of_a_sample() * SAMPLES_AN_HOUR / 1e6
    with tempfile.TemporaryDirectory(dir=DISK) as directory:
        plain_bytes, plain_s = _plain(Path(directory) / "plain.db")
        rate = await _rate(Path(directory))
    plain_mb = plain_bytes * SAMPLES_AN_HOUR / 1e6
    return [
        Row(
            "written to disk in an hour of charging",
            hour_mb,
            "MB",
            f"{plain_mb:.3g} MB, a rollback journal, 4 KiB pages, a commit a change",
            plain_mb / hour_mb,
            f"at most {GOAL_MB}",
            hour_mb <= GOAL_MB,
        ),
        Row(
            "outbox, durable: add, deliver, forget",
            rate,
            "messages/s",
            f"{MESSAGES / plain_s:.3g}, the same without WAL",
            rate * plain_s / MESSAGES,
            f"at least {GOAL_RATE:.0f}",
            rate >= GOAL_RATE,
        ),
    ]


async def _agent_bytes_of_a_sample() -> float:
    """Return what a real agent writes to the disk for each sample that it takes and delivers."""
    settings = {"SampledDataCtrlr.TxUpdatedInterval": 1}
    with tempfile.TemporaryDirectory(dir=DISK) as directory:
        async with (
            Csms(tokens={CARD: {"status": "Accepted"}}) as csms,
            StationUnderTest(
                directory=Path(directory).absolute(), url=csms.url, variables=settings
            ) as station,
        ):
            await csms.expect("BootNotification")
            station.bay.plug_in()
            await station.until(phase="cable-only")
            await station.accepted(CARD)
            await csms.event(triggerReason="MeterValuePeriodic", timeout_s=30)
            before, told = _written(station.agent.pid), len(csms.events())
            await csms.until(lambda: len(csms.events()) >= told + OBSERVED_SAMPLES, timeout_s=120)
            return (_written(station.agent.pid) - before) / (len(csms.events()) - told)


def _written(pid: int) -> int:
    """Return how many bytes a process has had written to a disk, in whole blocks."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))


async def _rate(directory: Path) -> float:
    database = Database(directory / "agent.db")
    await database.open()
    journal = Journal(database, lambda: None, OutboxKeeper())
    began_s = time.monotonic()
    for number in range(MESSAGES):
        await journal.commit(1, _state(number), _event(number))
        pending = await database.read(outbox.first)
        assert pending is not None
        await database.write(_forgetting(pending))
    took_s = time.monotonic() - began_s
    await database.close()
    return MESSAGES / took_s


def _forgetting(pending: outbox.Pending) -> Callable[[sqlite3.Connection], None]:
    return lambda connection: outbox.delivered(connection, pending)


def _plain(path: Path) -> tuple[float, float]:
    """Write the same to a database as SQLite makes it; return bytes for each message, and the time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE state (id INTEGER PRIMARY KEY, state BLOB)")
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, message BLOB)")
        before, began_s = _written(os.getpid()), time.monotonic()
        for number in range(MESSAGES):
            connection.execute(
                "INSERT OR REPLACE INTO state VALUES (1, ?)", (msgspec.json.encode(_state(number)),)
            )
            connection.execute(
                "INSERT INTO message VALUES (?, ?)", (number, msgspec.json.encode(_event(number)))
            )
            connection.execute("DELETE FROM message WHERE id = ?", (number,))
        took_s = time.monotonic() - began_s
        return (_written(os.getpid()) - before) / MESSAGES, took_s


def _event(number: int) -> TransactionEvent:
    """Return a sample as the default settings make it."""
    at = AT + timedelta(minutes=number)
    values = tuple(
        SampledValue(measurand=measurand, value=Decimal(value), unit=unit, phase=phase)
        for measurand, value, unit, phase in _VALUES
    )
    return TransactionEvent(
        kind="Updated",
        trigger="MeterValuePeriodic",
        at=at,
        transaction_id=TRANSACTION,
        seq_no=number,
        evse_id=1,
        connector_id=1,
        offline=False,
        charging_state="Charging",
        samples=(Sample(at=at, context="Sample.Periodic", values=values),),
    )


def _state(number: int) -> EvseState:
    transaction = Transaction(
        id=TRANSACTION,
        next_seq_no=number,
        started_at=AT,
        charging_state="Charging",
        token=Token(id=CARD, type="ISO14443"),
        begin=_event(0).samples[0],
        register=RegisterMark(energy_mwh=12_345_678_000 + number, at=AT),
    )
    return replace(EvseState(), transaction=transaction)
