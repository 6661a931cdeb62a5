"""What a CSMS got of transactions, held against what must be true: nothing lost, doubled, out of order."""

from __future__ import annotations

import json
from collections import defaultdict

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.sessions import ENERGY


def transactions(csms: Csms) -> dict[str, list[Payload]]:
    """Return the events of each transaction in the order in which they came, without resends."""
    found: dict[str, list[Payload]] = defaultdict(list)
    for event in csms.events():
        found[event["transactionInfo"]["transactionId"]].append(event)
    return found


def problems(csms: Csms) -> list[str]:
    """Return what is wrong with the transactions that came; all must be over."""
    found = [
        problem
        for name, events in transactions(csms).items()
        for problem in (f"{name}: {wrong}" for wrong in _problems_of(events))
    ]
    return found + _changed_resends(csms)


def energy_wh(csms: Csms) -> float:
    """Return the energy of all transactions together: the last count less the first."""
    total = 0.0
    for events in transactions(csms).values():
        counts = [
            value["value"]
            for event in events
            for meter_value in event.get("meterValue", ())
            for value in meter_value["sampledValue"]
            if value["measurand"] == ENERGY
        ]
        total += counts[-1] - counts[0]
    return total


def _problems_of(events: list[Payload]) -> list[str]:
    found: list[str] = []
    kinds = [event["eventType"] for event in events]
    numbers = [event["seqNo"] for event in events]
    stamps = [event["timestamp"] for event in events]
    if numbers != list(range(len(events))):
        found.append(f"seqNo {numbers}")
    if kinds.count("Started") != 1 or kinds[0] != "Started":
        found.append(f"begins wrongly: {kinds}")
    if kinds.count("Ended") != 1 or kinds[-1] != "Ended":
        found.append(f"ends wrongly: {kinds}")
    if stamps != sorted(stamps):
        found.append(f"times {stamps}")
    return found


def _changed_resends(csms: Csms) -> list[str]:
    """Return the message ids that came with two contents, other than that they had not been told online."""
    told: dict[str, str] = {}
    changed: list[str] = []
    for call in csms.calls("TransactionEvent"):
        content = json.dumps({**call.payload, "offline": None}, sort_keys=True)
        if told.setdefault(call.message_id, content) != content:
            changed.append(f"message {call.message_id} came with two contents")
    return changed
