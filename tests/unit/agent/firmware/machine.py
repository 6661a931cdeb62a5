"""A charger with two slots, whose power may fail and whose firmware may be sick; the file system is real."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from agent.firmware.ports import Means, Rules
from agent.firmware.records import FirmwareStatus, UpdateRequest
from agent.firmware.service import FirmwareService
from agent.store.database import Database
from agent.system.slots.directory import DirectorySlots, linked
from tests.unit.agent.system.slots.images import prepare_slots
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.fetching import BOUNDS, transfers

PATIENCE_S = 8.0
ROOT = Authority("Manufacturer")
_SIGNER = ec.generate_private_key(ec.SECP256R1())
SIGNING_CERTIFICATE = ROOT.issue("Firmware signing", _SIGNER)
CERTIFICATE_PEM = SIGNING_CERTIFICATE.public_bytes(Encoding.PEM).decode()


def signature_of(content: bytes) -> str:
    return base64.b64encode(_SIGNER.sign(content, ec.ECDSA(hashes.SHA256()))).decode()


def signed(location: str, content: bytes, **more: Any) -> UpdateRequest:
    """Return a request that is due, signed by the manufacturer."""
    values: dict[str, Any] = {
        "request_id": 1,
        "location": location,
        "retrieve_at": datetime.now(UTC) - timedelta(hours=1),
        "signing_certificate": CERTIFICATE_PEM,
        "signature": signature_of(content),
    }
    return UpdateRequest(**(values | more))


class PowerCut(BaseException):
    """What a process sees of it: nothing. Raised where the test wants the power to fail."""


class CuttingDatabase(Database):
    """Fails the power before or after one of its writes."""

    cut_at: float = -1.0
    """Number of the write; .5 more is after it."""
    writes = 0

    async def write(self, work: Callable[[Any], Any]) -> Any:
        number = CuttingDatabase.writes
        CuttingDatabase.writes += 1
        if number == self.cut_at:
            raise PowerCut
        result = await super().write(work)
        if number + 0.5 == self.cut_at:
            raise PowerCut
        return result


@dataclass
class Machine:
    """What survives: the disk, what the backend was told, and the test's wishes."""

    directory: Path
    told: list[FirmwareStatus] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    is_idle_now: bool = True
    allows_new_sessions: bool = False
    is_well: bool = True
    held: bool = False
    takes_unsigned: bool = False
    revoked: Path | None = None
    confirm_within_s: float = 0.3
    starts: int = 0
    restart_reasons: int = 0

    def __post_init__(self) -> None:
        prepare_slots(self.root)

    @property
    def root(self) -> Path:
        return self.directory / "slots"

    @property
    def statuses(self) -> list[str]:
        return [record.status for record in self.told]

    def is_idle(self) -> bool:
        return self.is_idle_now

    def hold(self, *, is_held: bool) -> None:
        self.held = is_held

    async def released(self) -> None:
        """Wait until drivers may start again."""
        async with asyncio.timeout(PATIENCE_S):
            while self.held:
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        """Run one process of the agent while entered."""
        self.starts += 1
        self.held = False
        database = CuttingDatabase(self.directory / "agent.db")
        await database.open()
        process = Process(self, database)
        try:
            task = asyncio.create_task(process.service.run())
            task.add_done_callback(process.end)
            yield process
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() or isinstance(task.exception(), PowerCut)
        finally:
            await database.close()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Run processes, each until it ends itself, until something holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                async with self.process() as process:
                    while not holds() and not process.has_ended:
                        await asyncio.sleep(0.01)


class Process:
    """One life of the agent."""

    def __init__(self, machine: Machine, database: Database) -> None:
        self.has_ended = False
        self.machine = machine
        rules = Rules(
            directory=machine.directory / "firmware",
            bounds=BOUNDS,
            takes_unsigned=machine.takes_unsigned,
            revoked=machine.revoked,
            confirm_within_s=machine.confirm_within_s,
            slot_retry_s=0.05,
        )
        slots = DirectorySlots(machine.root, linked(machine.root), self._end, 1_000_000)
        means = Means(
            slots=slots,
            bays=machine,
            tell=self._tell,
            raise_alarm=self._alarm,
            roots=lambda: ROOT.pem,
            now=lambda: datetime.now(UTC),
            allows_new_sessions=lambda: machine.allows_new_sessions,
            is_well=lambda: machine.is_well,
            prepare_restart=self._prepare,
        )
        self.service = FirmwareService(means, rules, transfers(machine.directory), database)

    def end(self, run: asyncio.Task[None]) -> None:
        self.has_ended = True

    async def seen(self, *statuses: str) -> None:
        """Wait until the last that was told are these."""
        async with asyncio.timeout(PATIENCE_S):
            while self.machine.statuses[-len(statuses) :] != list(statuses):
                await asyncio.sleep(0.01)

    async def _tell(self, record: object) -> None:
        assert isinstance(record, FirmwareStatus)
        self.machine.told.append(record)

    async def _alarm(self, kind: str, info: str) -> None:
        self.machine.alarms.append(kind)

    async def _prepare(self) -> None:
        self.machine.restart_reasons += 1

    async def _end(self) -> None:
        self.has_ended = True
        await asyncio.Event().wait()
