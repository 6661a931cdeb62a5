"""Charging stations for the REST interface: a remote control that a test sets up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backend.csms.errors import CommandError, StationOffline
from backend.web.ports import CommandAnswer, IdTokenEnum, StartAnswer

Commands = list[tuple[str, ...]]


@dataclass
class ConnectedStations:
    """Knows which stations are connected, and answers for them as `start_answer` and `stop_answer` say."""

    seen: dict[str, datetime] = field(default_factory=dict)
    start_answer: StartAnswer | CommandError = field(
        default_factory=lambda: StartAnswer(status="Accepted", remote_start_id=1)
    )
    stop_answer: CommandAnswer | CommandError = field(
        default_factory=lambda: CommandAnswer(status="Accepted")
    )
    commands: Commands = field(default_factory=list)

    def is_connected(self, identity: str) -> bool:
        return identity in self.seen

    def last_seen_at(self, identity: str) -> datetime | None:
        return self.seen.get(identity)

    async def start(
        self, identity: str, *, evse_id: int, id_token: str, id_token_type: IdTokenEnum
    ) -> StartAnswer:
        self._ask(identity)
        self.commands.append(("start", identity, str(evse_id), id_token, id_token_type))
        if isinstance(self.start_answer, CommandError):
            raise self.start_answer
        return self.start_answer

    async def stop(self, identity: str, transaction_id: str) -> CommandAnswer:
        self._ask(identity)
        self.commands.append(("stop", identity, transaction_id))
        if isinstance(self.stop_answer, CommandError):
            raise self.stop_answer
        return self.stop_answer

    def _ask(self, identity: str) -> None:
        if identity not in self.seen:
            raise StationOffline(identity, "not connected")
