"""The same of OCPP 1.6: an account is opened once, given values, and closed once, under the number it got."""

from __future__ import annotations

import json
from collections import defaultdict

from tests.conformance.kit import Csms, Payload, Received

ENERGY = "Energy.Active.Import.Register"
ACTIONS = ("StartTransaction", "MeterValues", "StopTransaction")


def transactions(csms: Csms) -> dict[str, list[Payload]]:
    """Return what came under each number, in order and without resends; "" is what has none."""
    found: dict[str, list[Payload]] = defaultdict(list)
    for number, call in _told(csms):
        found[number].append(call.payload)
    found.pop("", None)
    return found


def problems(csms: Csms) -> list[str]:
    """Return what is wrong with the transactions that came; all must be over."""
    accounts: dict[str, list[Received]] = defaultdict(list)
    for number, call in _told(csms):
        accounts[number].append(call)
    stray = [call for call in accounts.pop("", []) if call.action != "MeterValues"]
    found = [f"{call.action} of no transaction: {call.payload}" for call in stray]
    found += [f"{number}: {wrong}" for number, calls in accounts.items() for wrong in _problems_of(calls)]
    starts = [_content(calls[0]) for calls in accounts.values()]
    if len(starts) != len(set(starts)):
        found.append(f"one beginning told twice: {starts}")
    return found + _changed_resends(csms)


def energy_wh(csms: Csms) -> float:
    """Return the energy of all transactions together: the count at the end less that of the beginning."""
    return float(sum(told[-1]["meterStop"] - told[0]["meterStart"] for told in transactions(csms).values()))


def _told(csms: Csms) -> list[tuple[str, Received]]:
    """Return each message once, with the number of its transaction."""
    seen: dict[str, Received] = {}
    for call in csms.calls(*ACTIONS):
        seen.setdefault(call.message_id, call)
    return [(_number(csms, call), call) for call in seen.values()]


def _number(csms: Csms, call: Received) -> str:
    if call.action == "StartTransaction":
        return str(csms.numbers.get(call.message_id, ""))
    return str(call.payload.get("transactionId", ""))


def _problems_of(calls: list[Received]) -> list[str]:
    kinds = [call.action for call in calls]
    wanted = ["StartTransaction", *["MeterValues"] * (len(calls) - 2), "StopTransaction"]
    if kinds != wanted:
        return [f"came as {kinds}"]
    start, *values, stop = (call.payload for call in calls)
    inner = [moment for payload in values for moment in payload["meterValue"]]
    found: list[str] = []
    if start["timestamp"] > stop["timestamp"]:
        found.append(f"begins at {start['timestamp']}, ends at {stop['timestamp']}")
    for name, moments in (("MeterValues", inner), ("transactionData", stop.get("transactionData", []))):
        stamps = [moment["timestamp"] for moment in moments]
        counts = [start["meterStart"], *_counts_wh(moments), stop["meterStop"]]
        if stamps != sorted(stamps):
            found.append(f"times of {name}: {stamps}")
        if counts != sorted(counts):
            found.append(f"counts of {name}: {counts}")
    return found


def _counts_wh(moments: list[Payload]) -> list[float]:
    """Return the counts of the energy register, the usual measurand where none is named (7.43)."""
    return [
        float(value["value"])
        for moment in moments
        for value in moment["sampledValue"]
        if value.get("measurand", ENERGY) == ENERGY
    ]


def _changed_resends(csms: Csms) -> list[str]:
    told: dict[str, str] = {}
    return [
        f"message {call.message_id} came with two contents"
        for call in csms.calls(*ACTIONS)
        if told.setdefault(call.message_id, _content(call)) != _content(call)
    ]


def _content(call: Received) -> str:
    return json.dumps(call.payload, sort_keys=True)
