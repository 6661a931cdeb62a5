"""A vehicle of Josev's at the other end of the cable, seen from the test."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from tests.interop.josev import environment
from tests.interop.wire import VEHICLE_END, Cable

Protocol = Literal["DIN_SPEC_70121", "ISO_15118_2", "ISO_15118_20_AC", "ISO_15118_20_DC"]
Service = Literal["AC", "AC_BPT", "DC", "DC_BPT"]

_PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """What a vehicle remembers of a session that it has paused."""

    session_id: str
    authorization: str | None
    energy_mode: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a vehicle is to do."""

    protocols: tuple[Protocol, ...]
    energy_mode: str = "AC_three_phase_core"
    """Of DIN 70121 and -2."""
    services: tuple[Service, ...] = ("AC",)
    """Of -20, the one it prefers first."""
    uses_tls: bool = False
    has_own_certificate: bool = False
    """TLS 1.3 in which the vehicle shows a certificate, too."""
    pki: Path | None = None
    wants_contract: bool = False
    is_dynamic: bool = False
    """The control mode of -20."""
    pauses: bool = False
    """It ends the session with a pause."""
    loop_s: float = 0.2
    """Between two messages while it charges."""
    battery_v: int = 370
    charging_v: int = 400
    current_a: int = 20
    """On direct current: what its battery has, and what it wants."""
    power_w: int = 11_000
    """What it says that it draws on alternating current (-20)."""
    resumed: Paused | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One that the vehicle has sent or received."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a session ended."""

    was_successful: bool
    reason: str
    paused: Paused | None


class DriverDied(Exception):
    """The vehicle's program ended before the session did; the message shows its last words."""


class Vehicle:
    """Plugged in while it is entered as an async context manager; it starts to talk then."""

    def __init__(
        self,
        cable: Cable,
        directory: Path,
        plan: Plan,
        on_charging: Callable[[bool], Awaitable[None]] | None = None,
    ) -> None:
        """Prepare; `on_charging` hears whether the vehicle is willing to take energy, when that changes."""
        directory.mkdir(parents=True, exist_ok=True)
        self._cable, self._directory, self._plan = cable, directory, plan
        self._on_charging = on_charging
        self._told = asyncio.Condition()
        self._is_over = False
        self._process: asyncio.subprocess.Process
        self._listening: asyncio.Task[None]
        self.sent: list[Message] = []
        self.received: list[Message] = []
        self.tls: str | None = None
        """The version, once connected with it."""
        self.has_new_contract = False
        self.ended: Ended | None = None

    async def __aenter__(self) -> Self:
        plan = self._directory / "plan.json"
        plan.write_text(json.dumps(_for_driver(self._plan)), "utf-8")
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._cable.beyond(),
                environment.interpreter(),
                environment.DRIVER,
                plan,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=self._directory,
                env=_environment(self._plan),
                limit=1 << 20,
            )
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        self._listening.cancel()
        await asyncio.wait([self._listening])

    async def stop(self) -> None:
        """Have it end charging at its next message."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"stop\n")
        await self._process.stdin.drain()

    async def wait_for(self, name: str, times: int = 1) -> Mapping[str, Any]:
        """Return the last message of that name that it received, once it has received so many.

        Raises:
            DriverDied: If its program ends first.
            AssertionError: If the session ends first.
            TimeoutError: If it does not come.
        """
        found: list[Message] = []

        def has_come() -> bool:
            found[:] = [one for one in self.received if one.name == name]
            return len(found) >= times

        await self._until(lambda: has_come() or self.ended is not None)
        assert len(found) >= times, f"{name} did not come: {self.ended}\n{self.last_words()}"
        return found[-1].body

    async def wait_for_end(self) -> Ended:
        """Return how the session ended.

        Raises:
            DriverDied: If its program ends without saying.
            TimeoutError: If it does not end.
        """
        await self._until(lambda: self.ended is not None)
        assert self.ended is not None
        return self.ended

    def last_words(self, count: int = 30) -> str:
        """Return the end of Josev's log."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-count:])

    def course(self) -> list[str]:
        """Return which requests it sent, each once however often it was repeated."""
        return [name for name, _ in groupby(one.name for one in self.sent)]

    def meter_readings_wh(self, loop: str) -> list[int]:
        """Return what it was told that the meter shows, as far as it was told."""
        told = (one.body.get("MeterInfo") for one in self.received if one.name == loop)
        return [info["MeterReading"] for info in told if info is not None]

    @property
    def _log(self) -> Path:
        return self._directory / "vehicle.log"

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE_S), self._told:
            await self._told.wait_for(lambda: is_so() or self._is_over)
        if not is_so():
            raise DriverDied(self.last_words())

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                await self._hear(json.loads(line))
                async with self._told:
                    self._told.notify_all()
        finally:
            self._is_over = True
            async with self._told:
                self._told.notify_all()

    async def _hear(self, told: dict[str, Any]) -> None:
        match told["event"]:
            case "sent":
                self.sent.append(Message(told["message"], told["body"]))
            case "received":
                self.received.append(Message(told["message"], told["body"]))
            case "connected":
                self.tls = told["tls"]
            case "contract":
                self.has_new_contract = True
            case "charging":
                if self._on_charging is not None:
                    await self._on_charging(told["enabled"])
            case "ended":
                self.ended = _ended(told)


def _ended(told: dict[str, Any]) -> Ended:
    paused = None
    if told.get("session_id"):
        remembered = {key: told[key] for key in ("session_id", "authorization", "energy_mode")}
        paused = Paused(**remembered)
    return Ended(was_successful=told["successful"], reason=told["reason"], paused=paused)


def _for_driver(plan: Plan) -> dict[str, Any]:
    told = asdict(plan)
    del told["pki"], told["has_own_certificate"]  # those are for its environment
    return {"interface": VEHICLE_END, **told}


def _environment(plan: Plan) -> dict[str, str]:
    return {
        **os.environ,
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # half the work for a short session
        "ENABLE_TLS_1_3": str(plan.has_own_certificate).lower(),
        "LOG_LEVEL": "INFO",
        "MESSAGE_LOG_JSON": "true",
        "PKI_PATH": "" if plan.pki is None else str(plan.pki),
    }
