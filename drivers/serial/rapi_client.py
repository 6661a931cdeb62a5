"""Asks an OpenEVSE controller over its serial line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.modbus.transport import SerialSettings
from drivers.readings import Instant
from drivers.serial.errors import NoAnswer, Refused, UnexpectedAnswer
from drivers.serial.line import SerialLine
from drivers.serial.rapi import Notice, RapiSession, Reply
from drivers.serial.rapi_answers import Params

ATTEMPTS: Final = 2
"""How often a command is sent until its reply is given up: all commands may be carried out twice."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply and when it arrived."""

    accepted: bool
    params: Params
    arrived: Instant


class RapiClient:
    """One controller; commands wait for each other. Notices go to `on_notice` as they come."""

    def __init__(
        self,
        port: str,
        settings: SerialSettings,
        clock: Callable[[], Instant],
        *,
        timeout_s: float = 0.5,
    ) -> None:
        self.port = port
        self.settings = settings
        self.on_notice: list[Callable[[Notice], None]] = []
        self._clock = clock
        self._timeout_s = timeout_s
        self._line = SerialLine(port, settings, self._received)
        self._session = RapiSession()
        self._commands = asyncio.Lock()
        self._reply: asyncio.Future[Answer | None] | None = None

    async def ask(self, command: str) -> Answer:
        """Send a command and return its reply, whether accepted or not.

        Raises:
            PortUnavailable: If the port is not there.
            NoAnswer: If the device gave none, or could not read the command, each time it was sent.
        """
        async with self._commands:
            for _ in range(ATTEMPTS):
                if (answer := await self._exchange(command)) is not None:
                    return answer
        raise NoAnswer(self.port, f"no answer to {command}")

    async def do(self, command: str) -> Answer:
        """Send a command that must be accepted.

        Raises:
            Refused: If it was not.
            PortUnavailable, NoAnswer: As for `ask`.
        """
        answer = await self.ask(command)
        if not answer.accepted:
            raise Refused(self.port, command, " ".join(answer.params))
        return answer

    async def get(self, command: str, parse: Callable[[Params], T]) -> tuple[T, Instant]:
        """Ask for values and return them parsed, with when they arrived.

        Raises:
            UnexpectedAnswer: If they cannot be parsed.
            PortUnavailable, NoAnswer, Refused: As for `do`.
        """
        answer = await self.do(command)
        return self.parsed(command, answer, parse), answer.arrived

    def parsed(self, command: str, answer: Answer, parse: Callable[[Params], T]) -> T:
        """Return the answer's words parsed.

        Raises:
            UnexpectedAnswer: If they cannot be.
        """
        try:
            return parse(answer.params)
        except ValueError as error:
            raise UnexpectedAnswer(self.port, f"{command} was answered {answer.params}: {error}") from error

    def close(self) -> None:
        """Give the port back; asking again opens it again."""
        self._line.close()

    async def _exchange(self, command: str) -> Answer | None:
        """Send once and return the reply; None after silence or if the device could not read it."""
        frame = self._session.ask(command)
        self._line.open()
        self._reply = asyncio.get_running_loop().create_future()
        try:
            self._line.write(frame)
            async with asyncio.timeout(self._timeout_s):
                return await self._reply
        except TimeoutError:
            return None
        finally:
            self._reply = None

    def _received(self, data: bytes) -> None:
        for message in self._session.receive(data):
            if not isinstance(message, Reply):
                for told in self.on_notice:
                    told(message)
            elif self._reply is not None and not self._reply.done():
                self._reply.set_result(self._answer(message))

    def _answer(self, reply: Reply) -> Answer | None:
        if reply.sequence is None:
            return None
        return Answer(accepted=reply.accepted, params=reply.params, arrived=self._clock())
