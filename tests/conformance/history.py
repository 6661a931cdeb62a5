"""What a CSMS got of transactions, held against what must be true: nothing lost, doubled, out of order.

Each version in its own terms: events with numbers here, OCPP 1.6's accounts in `history16`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from tests.conformance import history16
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.sessions import ENERGY


def transactions(csms: Csms) -> dict[str, list[Payload]]:
    """Return what came of each transaction in the order in which it came, without resends."""
    if csms.version == "1.6":
        return history16.transactions(csms)
    found: dict[str, list[Payload]] = defaultdict(list)
    for event in csms.events():
        found[event["transactionInfo"]["transactionId"]].append(event)
    return found


def problems(csms: Csms) -> list[str]:
    """Return what is wrong with the transactions that came; all must be over."""
    if csms.version == "1.6":
        return history16.problems(csms)
    found = [
        problem
        for name, events in transactions(csms).items()
        for problem in (f"{name}: {wrong}" for wrong in _problems_of(events))
    ]
    return found + _changed_resends(csms)


def energy_wh(csms: Csms) -> float:
    """Return the energy of all transactions together: the last count less the first."""
    if csms.version == "1.6":
        return history16.energy_wh(csms)
    return sum(counts[-1] - counts[0] for counts in map(counts_wh, transactions(csms).values()))


def counts_wh(events: list[Payload]) -> list[float]:
    """Return the counts of the energy register in a transaction's events, as they came."""
    return [count for _, count in _moments(events)]


def _moments(events: list[Payload]) -> list[tuple[str, float]]:
    """Return when each count was taken, and the count: the last event tells the first one again."""
    return [
        (meter_value["timestamp"], value["value"])
        for event in events
        for meter_value in event.get("meterValue", ())
        for value in meter_value["sampledValue"]
        if value["measurand"] == ENERGY
    ]


def _problems_of(events: list[Payload]) -> list[str]:
    found: list[str] = []
    kinds = [event["eventType"] for event in events]
    numbers = [event["seqNo"] for event in events]
    stamps = [datetime.fromisoformat(event["timestamp"]) for event in events]
    counts = [count for _, count in sorted(_moments(events))]
    if numbers != list(range(len(events))):
        found.append(f"seqNo {numbers}")
    if kinds.count("Started") != 1 or kinds[0] != "Started":
        found.append(f"begins wrongly: {kinds}")
    if kinds.count("Ended") != 1 or kinds[-1] != "Ended":
        found.append(f"ends wrongly: {kinds}")
    if stamps != sorted(stamps):
        found.append(f"times {[event['timestamp'] for event in events]}")
    if counts != sorted(counts):
        found.append(f"counts {counts}")
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
