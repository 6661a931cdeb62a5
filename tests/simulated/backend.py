"""A CSMS of the simulated day: takes its time for every answer, hangs up now and then, keeps books."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.server import ServerConnection

from tests.conformance.history import counts_wh, problems, transactions
from tests.conformance.kit import Csms, Payload
from tests.conformance.versions import told
from tests.simulated.clock import Clock

ANSWERS_AFTER_S: Final = 2.0
HANGS_UP_AT: Final = 37
"""After so many messages about transactions, whether its answer got through or not."""


@dataclass(kw_only=True)
class Slow(Csms):
    """Answers one call after the other, each after `ANSWERS_AFTER_S`."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.outstanding = self.most_outstanding = self.told = self.hung_up = 0

    def now(self) -> str:
        """Return the simulated time."""
        return self.clock.wall().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def _take_call(
        self, connection: ServerConnection, message_id: str, action: str, payload: Payload
    ) -> None:
        self.outstanding += 1
        self.most_outstanding = max(self.most_outstanding, self.outstanding)
        asyncio.create_task(self._answer_later(connection, message_id, action, payload))  # noqa: RUF006

    async def _answer_later(
        self, connection: ServerConnection, message_id: str, action: str, payload: Payload
    ) -> None:
        await asyncio.sleep(ANSWERS_AFTER_S)
        self.outstanding -= 1
        await super()._take_call(connection, message_id, action, payload)
        self.told += action in told(self.version)
        if self.told % HANGS_UP_AT == HANGS_UP_AT - 1:
            self.told += 1
            self.hung_up += 1
            connection.transport.abort()


def books(csms: Slow) -> dict[str, Any]:
    """Return what the CSMS knows, the same for every version."""
    calls = csms.calls(*told(csms.version))
    return {
        "problems": problems(csms),
        "failures": csms.failures,
        "most_outstanding": csms.most_outstanding,
        "hung_up": csms.hung_up,
        "messages": len({call.message_id for call in calls}),
        "told_in_s": calls[-1].at_s - calls[0].at_s,
        "transactions": [
            (_of_16 if csms.version == "1.6" else _of_2)(events) for events in transactions(csms).values()
        ],
    }


def _of_2(events: list[Payload]) -> dict[str, Any]:
    counts = counts_wh(events)
    return {
        "evse": events[0]["evse"]["id"],
        "began": events[0]["timestamp"],
        "ended": events[-1]["timestamp"],
        "begin_wh": counts[0],
        "end_wh": counts[-1],
        "are_offline": all(event["offline"] for event in events),
        "aligned": _aligned(moment for event in events for moment in event.get("meterValue", ())),
    }


def _of_16(messages: list[Payload]) -> dict[str, Any]:
    start, *values, stop = messages
    return {
        "evse": start["connectorId"],
        "began": start["timestamp"],
        "ended": stop["timestamp"],
        "begin_wh": start["meterStart"],
        "end_wh": stop["meterStop"],
        "are_offline": True,
        "aligned": _aligned(moment for payload in values for moment in payload["meterValue"]),
    }


def _aligned(moments: Any) -> list[str]:
    """Return when the values of each quarter of an hour were taken."""
    return [
        moment["timestamp"]
        for moment in moments
        if any(value.get("context") == "Sample.Clock" for value in moment["sampledValue"])
    ]
