"""A real agent between a hostile CSMS and emulated hardware, whose truth says whether all is well."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.charging_bay import Truth
from tests.conformance.kit import Csms
from tests.conformance.station import CARD, OTHER_CARD, QUICK
from tests.fuzz.hostile_calls import STRANGER, Call, Deed, Frame, Step
from tests.stack.agent import AgentProcess, StationSpec, write_station_file

STATION_MAX_A = 16
SPEED = 40.0
ANSWER_S = 15.0
AWAY_S = 40.0
SETTLES_S = 2.0
"""How long a new limit may take to reach the pilot: a small part of that."""
HELD_S = 0.7
CAP_ID = 990_000


@dataclass
class Ledger:
    """Whom drivers and the CSMS let charge at one EVSE, as seen from outside."""

    pending: int = 0
    is_granted: bool = False
    closed_unasked_s: float | None = None


@dataclass(kw_only=True)
class Trial:
    """Runs while it is entered; `findings` is what was wrong."""

    directory: Path
    findings: list[str] = field(default_factory=list)
    steps: int = 0
    capped: int = 0
    """How often a vehicle charged under a cap."""

    def __post_init__(self) -> None:
        """Prepare; nothing is opened yet."""
        self._stack = AsyncExitStack()
        self._ledgers = {1: Ledger(), 2: Ledger()}
        self._cap: tuple[float, int] | None = None
        self._caps = 0
        self._seen_lines = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.bays: list[EmulatedBay] = []
        self.csms = Csms(tokens={CARD: {"status": "Accepted"}, OTHER_CARD: {"status": "Accepted"}})
        self.agent = AgentProcess(self.directory)

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.csms)
        for number in (1, 2):
            bay = EmulatedBay(speed=SPEED, seed=number, baud=57600, on_truth=partial(self._see, number))
            self.bays.append(await self._stack.enter_async_context(bay))
        spec = StationSpec(
            directory=self.directory,
            csms_url=self.csms.url,
            max_current_a=STATION_MAX_A,
            variables={**QUICK, "SampledDataCtrlr.TxUpdatedInterval": 1, "TxCtrlr.EVConnectionTimeOut": 5},
        )
        write_station_file(spec, self.bays)
        await self.agent.start()
        self._stack.push_async_callback(self.agent.kill)
        await self.csms.expect("BootNotification", timeout_s=30)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    @property
    def agent_rss_mb(self) -> float:
        """The memory of the agent."""
        return int(Path(f"/proc/{self.agent.pid}/statm").read_text().split()[1]) * 4096 / 1e6

    async def run(self, steps: Sequence[Step]) -> None:
        """Do it all, then check that the agent is there, answers, and has died of nothing."""
        await self._begin_anew()
        for step in steps:
            self.steps += 1
            await self._until_connected()
            match step:
                case Call():
                    self._spawn(self._call(step))
                case Frame(text):
                    await self._send(text)
                case Deed():
                    await self._do(step)
            await asyncio.sleep(0.01)
            if len(self._tasks) > 5:
                await self._settle()
            await self._look()
            if self.findings:
                return
        await self._settle()
        await self._until_connected()
        answer = await self._answer("GetLocalListVersion", {})
        if answer is None or answer[0] != 3:
            self.findings.append(f"in the end GetLocalListVersion gives {answer}")
        await self._look()

    async def _begin_anew(self) -> None:
        """Undo what an earlier run did to keep drivers away: a station that is closed tests nothing."""
        await self._until_connected()
        await self._answer("ChangeAvailability", {"operationalStatus": "Operative"})
        for evse in (1, 2):
            await self._answer("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": evse}})
        for reservation in range(4):
            await self._answer("CancelReservation", {"reservationId": reservation})
        for bay in self.bays:
            bay.unplug()

    # what the CSMS does

    async def _call(self, call: Call) -> None:
        grants = call.action == "RequestStartTransaction"
        if call.action in ("SetChargingProfile", "ClearChargingProfile", "SetVariables"):
            self._cap = None
        self._pend(1 if grants else 0)
        answer = await self._answer(call.action, call.payload)
        is_accepted = answer is not None and answer[0] == 3 and answer[2].get("status") == "Accepted"
        if grants:
            self._pend(-1, grant=is_accepted or answer is None)
        if answer is None:
            return
        if not call.is_valid and answer[0] == 3 and call.action in ("Nonsense", "", "BootNotification"):
            self.findings.append(f"{call} is answered {answer}")
        if answer[0] == 4 and answer[2] in ("InternalError", "GenericError"):
            self.findings.append(f"{call} is answered {answer}")

    def _pend(self, change: int, *, grant: bool = False) -> None:
        for ledger in self._ledgers.values():
            ledger.pending += change
            ledger.is_granted = ledger.is_granted or grant

    async def _answer(self, action: str, payload: Any) -> list[Any] | None:
        """Return the one answer to a call; None if the link went away meanwhile, or the station restarts."""
        message_id, connection = str(uuid.uuid4()), self.csms.connections
        try:
            answer = await self.csms.raw_call([2, message_id, action, payload], timeout_s=ANSWER_S)
        except TimeoutError:
            if self.csms.connections == connection and self.csms.is_connected:
                self.findings.append(f"{action} {json.dumps(payload)[:500]} is not answered")
            return None
        except (ConnectionClosed, AssertionError):
            return None
        await asyncio.sleep(0.05)
        answers = [
            frame.text
            for frame in self.csms.frames[-200:]
            if frame.by_station and message_id in frame.text[:60]
        ]
        if len(answers) != 1:
            self.findings.append(f"{action} is answered {len(answers)} times: {answers}")
        return answer

    async def _send(self, text: str) -> None:
        with suppress(ConnectionClosed, AssertionError):
            await self.csms.send(text)

    # what drivers do

    async def _do(self, deed: Deed) -> None:
        bay = self.bays[deed.evse - 1]
        match deed.what:
            case "plug":
                bay.plug_in()
            case "unplug":
                bay.unplug()
            case "pause":
                bay.pause()
            case "resume":
                bay.resume()
            case "tap":
                self._spawn(self._tap(deed))
            case "cap":
                await self._set_cap(deed.limit_a)
            case "drop":
                await self.csms.drop()
            case "wait":
                await asyncio.sleep(0.3)

    async def _tap(self, deed: Deed) -> None:
        ledger = self._ledgers[deed.evse]
        ledger.pending += 1
        outcome = await self.agent.tap(deed.card, deed.evse)
        ledger.pending -= 1
        if outcome is None or outcome["accepted"]:
            ledger.is_granted = True
        if deed.card == STRANGER and outcome is not None and outcome["accepted"]:
            self.findings.append("a card that nobody vouches for was accepted")

    async def _set_cap(self, limit_a: int) -> None:
        """Cap the station while a vehicle charges, and hold the hardware's truth to it for a while."""
        await self._settle()
        self._cap = None
        for bay in self.bays:
            bay.plug_in()
            bay.resume()
        await asyncio.sleep(0.5)
        if not any(bay.contactor_closed for bay in self.bays):
            await self._tap(Deed("tap", 1, CARD))
        cleared = await self._answer("ClearChargingProfile", {"chargingProfileCriteria": {}})
        self._caps += 1
        profile = {
            "id": CAP_ID + self._caps,
            "stackLevel": 0,
            "chargingProfilePurpose": "ChargingStationMaxProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": [
                {
                    "id": 1,
                    "startSchedule": "2020-01-01T00:00:00Z",
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_a}],
                }
            ],
        }
        answer = await self._answer("SetChargingProfile", {"evseId": 0, "chargingProfile": profile})
        if cleared is not None and answer is not None and answer[2] == {"status": "Accepted"}:
            self._cap = time.monotonic() + SETTLES_S, limit_a
            await asyncio.sleep(SETTLES_S + HELD_S)
            self.capped += any(bay.contactor_closed for bay in self.bays)

    # what is true

    def _see(self, number: int, truth: Truth) -> None:
        """Hold one moment of the hardware to what is known."""
        now_s, ledger = time.monotonic(), self._ledgers[number]
        if truth.offered_ma > STATION_MAX_A * 1000:
            self._find(f"EVSE {number} offers {truth.offered_ma} mA")
        if self._cap is not None and now_s > self._cap[0] and truth.contactor_closed:
            limit_a = self._cap[1] if self._cap[1] >= 6 else 0
            if truth.offered_ma > limit_a * 1000:
                self._find(f"EVSE {number} offers {truth.offered_ma} mA above {self._cap[1]} A")
        if truth.contactor_closed and not ledger.is_granted and not ledger.pending:
            ledger.closed_unasked_s = ledger.closed_unasked_s or now_s
            if now_s - ledger.closed_unasked_s > 1.0:
                self._find(f"EVSE {number} is energised although nobody was let in")
        else:
            ledger.closed_unasked_s = None

    def _find(self, finding: str) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    async def _look(self) -> None:
        """See whether the agent lives, what it complains of, and whose permission has ended."""
        if not self.agent.is_running:
            self._find(f"the agent has died:\n{self.agent.last_words(40)}")
            return
        lines = list(self.agent.lines())
        for index, line in enumerate(lines[self._seen_lines :], start=self._seen_lines):
            if line.startswith("Traceback"):
                self._find("\n".join(lines[max(0, index - 2) : index + 40]))
        self._seen_lines = len(lines)
        status = await self.agent.status()
        if status is None:
            return
        for evse, bay in zip(status["evses"], self.bays, strict=True):
            ledger = self._ledgers[evse["evse"]]
            if evse["token"] is None and not ledger.pending and not bay.contactor_closed:
                ledger.is_granted = False

    async def _until_connected(self) -> None:
        until_s = time.monotonic() + AWAY_S
        while not self.csms.is_connected:
            if time.monotonic() > until_s or not self.agent.is_running:
                self._find(f"the station stays away:\n{self.agent.last_words(20)}")
                return
            await asyncio.sleep(0.02)

    async def _settle(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
