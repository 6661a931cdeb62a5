"""The station's messages for drivers: set, found, cleared, chosen from; each is durable before it counts."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from agent.display.choice import Shown, Situation, cycle, turn
from agent.display.messages import Criteria, Message, State, is_language
from agent.display.notes import Notes
from agent.station.service import EvseService
from agent.store import display_messages
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

MOST_MESSAGES = 50
_FORMATS = "DisplayMessageCtrlr.SupportedFormats"
_PRIORITIES = "DisplayMessageCtrlr.SupportedPriorities"
_TIDY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message is not shown: the answer's status, a reason code, and words."""

    status: str
    reason: str
    why: str


class Board:
    """What is there to be shown."""

    def __init__(
        self,
        evses: Mapping[int, EvseService],
        database: Database,
        settings: DeviceModel,
        clock: StationClock,
    ) -> None:
        self.notes = Notes()
        self._evses = evses
        self._database = database
        self._settings = settings
        self._clock = clock
        self._messages: dict[int, Message] = {}
        self._busy = asyncio.Lock()
        settings.provide(
            "DisplayMessageCtrlr.DisplayMessages", lambda: str(len(self._messages)), maximum=MOST_MESSAGES
        )

    async def restore(self) -> None:
        """Take over what was stored.

        Raises:
            StoreError: If it cannot be read.
        """
        messages, unreadable = await self._database.read(display_messages.load)
        self._messages = {message.id: message for message in messages}
        for problem in unreadable:
            log.error("%s; it is dropped", problem)
        if unreadable:
            await self._drop(problem.id for problem in unreadable)

    async def run(self) -> None:
        """Take away what is over, until cancelled."""
        while True:
            try:
                await self.tidy()
            except StoreError as error:
                log.error("messages that are over were not removed: %s", error)
            await asyncio.sleep(_TIDY_S)

    async def tidy(self) -> None:
        """Forget messages whose time or transaction is over (O01.FR.07, O02.FR.02).

        Raises:
            StoreError: If that could not be made durable; they are not shown any more all the same.
        """
        async with self._busy:
            over = [
                one.id for one in self._messages.values() if one.is_over(self._clock.now(), self._running)
            ]
            if over:
                await self._drop(over)

    async def set(self, message: Message) -> Refusal | None:
        """Show a message from now on, in the place of the one with its id, or say why not (O01, O02, O06).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        await self.tidy()
        async with self._busy:
            refusal = self._refusal(message)
            if refusal is not None:
                return refusal
            replaced = self._replaced_by(message)
            after = {number: one for number, one in self._messages.items() if number not in replaced}
            if len(after) >= MOST_MESSAGES:
                why = f"at most {MOST_MESSAGES} messages"
                return Refusal(status="Rejected", reason="OutOfMemory", why=why)

            def work(opened: sqlite3.Connection) -> None:
                display_messages.delete(opened, replaced)
                display_messages.save(opened, message)

            await self._database.write(work)
            self._messages = {**after, message.id: message}
        return None

    async def find(self, criteria: Criteria) -> list[Message]:
        """Return the messages that are meant, by id; none whose time is over."""
        await self.tidy()
        return [one for _, one in sorted(self._messages.items()) if one in criteria]

    async def clear(self, number: int) -> bool:
        """Forget a message; False if there is none with this id (O05).

        Raises:
            StoreError: If that could not be made durable.
        """
        await self.tidy()
        async with self._busy:
            if number not in self._messages:
                return False
            await self._drop([number])
        return True

    def cycle(self, evse_id: int | None) -> tuple[Shown, ...]:
        """Return what the display of an EVSE, or with None of the station, shows in turns."""
        return cycle(
            self._messages.values(), self.notes.at(evse_id), self._situation(evse_id), self._clock.now()
        )

    def now(self, evse_id: int | None) -> Shown | None:
        """Return what is shown at this moment, None if nothing is."""
        return turn(self.cycle(evse_id), self._clock.instant().monotonic_s)

    @property
    def _running(self) -> frozenset[str]:
        found = (service.transaction_id for service in self._evses.values())
        return frozenset(transaction for transaction in found if transaction is not None)

    async def _drop(self, ids: Iterable[int]) -> None:
        gone = list(ids)
        await self._database.write(lambda opened: display_messages.delete(opened, gone))
        for number in gone:
            self._messages.pop(number, None)

    def _refusal(self, message: Message) -> Refusal | None:
        """Return what is wrong with a message, in the order of the requirements (O01.FR.01 to O01.FR.03)."""
        if message.priority not in self._settings.members(_PRIORITIES):
            why = f"shown are {self._settings.text(_PRIORITIES)}"
            return Refusal(status="NotSupportedPriority", reason="UnsupportedParam", why=why)
        if {one.format for one in message.wordings} - set(self._settings.members(_FORMATS)):
            why = f"shown are {self._settings.text(_FORMATS)}"
            return Refusal(status="NotSupportedMessageFormat", reason="UnsupportedParam", why=why)
        if message.transaction_id is not None and message.transaction_id not in self._running:
            why = "no such transaction runs"
            return Refusal(status="UnknownTransaction", reason="TxNotFound", why=why)
        problem = self._contradiction(message)
        return None if problem is None else Refusal(status="Rejected", reason="InvalidValue", why=problem)

    def _contradiction(self, message: Message) -> str | None:
        for one in message.wordings:
            if one.format == "ASCII" and not one.text.isascii():
                return "the text is not ASCII"
            if one.language is not None and not is_language(one.language):
                return "the language is no tag of RFC 5646, such as en-US"
        if message.evse_id is not None and message.evse_id not in self._evses:
            return f"there is no EVSE {message.evse_id}"
        if message.ends_at is not None and message.ends_at <= (message.starts_at or self._clock.now()):
            return "it ends before it begins"
        return None

    def _replaced_by(self, message: Message) -> list[int]:
        """Return the ids that go: its own, and of what is always in front on the same display (O01.FR.16)."""
        return [
            one.id
            for one in self._messages.values()
            if one.id == message.id
            or (one.priority == message.priority == "AlwaysFront" and one.evse_id == message.evse_id)
        ]

    def _situation(self, evse_id: int | None) -> Situation:
        services = list(self._evses.values()) if evse_id is None else [self._evses[evse_id]]
        drivers = [service.state.authorization for service in services]
        languages = [driver.languages for driver in drivers if driver is not None and driver.languages]
        transactions = (service.transaction_id for service in services)
        return Situation(
            evse_id=evse_id,
            states=_states(services),
            transactions=frozenset(one for one in transactions if one is not None),
            languages=languages[0] if len(languages) == 1 else (),
        )


_IN_TRANSACTION: Final[Mapping[str, frozenset[State]]] = {
    "Charging": frozenset({"Charging"}),
    "SuspendedEV": frozenset({"Idle", "Suspended"}),
    "SuspendedEVSE": frozenset({"Idle", "Suspended"}),
}


def _states(services: Iterable[EvseService]) -> frozenset[State]:
    """Return the states of these EVSEs; several are idle, or suspended, only if none of them charges."""
    states: frozenset[State] = frozenset().union(*(_state(service) for service in services))
    return states - {"Idle", "Suspended"} if "Charging" in states else states


def _state(service: EvseService) -> frozenset[State]:
    match service.status:
        case "Faulted" | "Unavailable" as status:
            return frozenset({status})
        case _ if service.state.transaction is None:
            return frozenset({"Idle"})
        case _:
            return _IN_TRANSACTION.get(service.state.charging_state, frozenset({"Idle"}))
