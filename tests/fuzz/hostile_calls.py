"""What a hostile CSMS may do: calls made from the schemas of the `ocpp` package, valid or not, among drivers.

Values that mean something to a station (its EVSEs, cards, variables) are more likely than chance makes them.
"""

from __future__ import annotations

import copy
import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agent.variables.declared import declared
from tests.conformance.station import CARD, OTHER_CARD

Json = Any
Strategy = st.SearchStrategy[Json]

STRANGER: Final = "04BADBADBAD"
"""A card that nobody ever vouches for."""

_FOR_STATIONS = """
CancelReservation CertificateSigned ChangeAvailability ClearCache ClearChargingProfile ClearDisplayMessage
ClearVariableMonitoring CostUpdated CustomerInformation DataTransfer DeleteCertificate GetBaseReport
GetChargingProfiles GetCompositeSchedule GetDisplayMessages GetInstalledCertificateIds GetLocalListVersion
GetLog GetMonitoringReport GetReport GetTransactionStatus GetVariables InstallCertificate PublishFirmware
RequestStartTransaction RequestStopTransaction ReserveNow Reset SendLocalList SetChargingProfile
SetDisplayMessage SetMonitoringBase SetMonitoringLevel SetNetworkProfile SetVariableMonitoring SetVariables
TriggerMessage UnlockConnector UnpublishFirmware UpdateFirmware
"""
ACTIONS: Final = tuple(_FOR_STATIONS.split())
NOT_FOR_STATIONS: Final = ("BootNotification", "Heartbeat", "TransactionEvent", "Nonsense", "")
OUT_OF_REACH: Final = (
    "AuthCtrlr.Enabled",
    "AuthCtrlr.OfflineTxForUnknownIdEnabled",
    "OCPPCommCtrlr.MessageTimeout",
    "OCPPCommCtrlr.NetworkConfigurationPriority",
    "OCPPCommCtrlr.NetworkProfileConnectionAttempts",
    "OCPPCommCtrlr.RetryBackOff",
    "SecurityCtrlr.SecurityProfile",
)
"""What would end the trial instead of testing anything: the station may then charge anybody, or stay away."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the CSMS; `is_valid` if it keeps to its schema."""

    action: str
    payload: Json
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that is no call."""

    text: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at an EVSE, or what becomes of the link."""

    what: Literal["plug", "unplug", "pause", "resume", "tap", "cap", "drop", "wait"]
    evse: int = 1
    card: str = CARD
    limit_a: int = 0


Step = Call | Frame | Deed

_MOMENTS = (
    "2026-11-26T12:00:00Z",
    "2020-01-01T00:00:00Z",
    "2031-06-01T00:00:00+05:30",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
)
_names = [variable for variable in declared() if not variable.name.startswith(OUT_OF_REACH)]
_LIKELY: Mapping[str, Strategy] = {
    "evseId": st.sampled_from([0, 1, 2, 3, -1]),
    "connectorId": st.sampled_from([0, 1, 2]),
    "id": st.integers(0, 3),
    "idToken": st.sampled_from([CARD, OTHER_CARD, "x", ""]),
    "name": st.sampled_from(sorted({name.component for name in _names} | {name.variable for name in _names})),
    "attributeValue": st.sampled_from(
        [
            "0",
            "1",
            "5",
            "60",
            "true",
            "false",
            "",
            "-1",
            "1e9",
            "EVConnected",
            "Energy.Active.Import.Register",
        ]
    ),
    "limit": st.sampled_from([0, 5.9, 6, 7, 10, 16, 32, 4000, 11000, -1, 1e12]),
    "stackLevel": st.integers(0, 3),
    "startPeriod": st.sampled_from([0, 0, 1, 60, 86400]),
    "duration": st.sampled_from([0, 1, 60, 86400, 2_000_000_000]),
    "interval": st.sampled_from([0, 1, 5]),
    "url": st.sampled_from(["http://127.0.0.1:9/x", "ftp://127.0.0.1:9/", "nonsense", "file:///etc/passwd"]),
    "remoteLocation": st.sampled_from(["http://127.0.0.1:9/x", "sftp://127.0.0.1:9/", "file:///tmp/x"]),
    "location": st.sampled_from(["http://127.0.0.1:9/x", "https://127.0.0.1:9/x", "nonsense"]),
    "ocppCsmsUrl": st.sampled_from(["ws://127.0.0.1:9/none", "wss://127.0.0.1:9/", "nonsense"]),
    "retries": st.integers(0, 1),
    "retryInterval": st.integers(0, 1),
}
_words = st.text(string.ascii_letters + string.digits + " /*é\u0000'\"", max_size=20)


@st.composite
def _variable_pairs(draw: st.DrawFn) -> Json:
    """Return component and variable that the station has."""
    chosen = draw(st.sampled_from(_names))
    component: Json = {"name": chosen.component}
    variable: Json = {"name": chosen.variable}
    if chosen.instance is not None:
        variable["instance"] = chosen.instance
    if chosen.level != "station":
        component["evse"] = {"id": draw(st.integers(1, 2))}
    return {"component": component, "variable": variable}


@cache
def _schema(action: str) -> Json:
    text = files("ocpp").joinpath("v201", "schemas", f"{action}Request.json").read_text("utf-8-sig")
    return json.loads(text)


@cache
def payloads(action: str) -> Strategy:
    """Return payloads that keep to the action's schema."""
    schema = _schema(action)
    return _instances(schema, schema.get("definitions", {}), "")


def _instances(schema: Json, definitions: Json, name: str) -> Strategy:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    match schema.get("type"):
        case "object":
            return _objects(schema, definitions)
        case "array":
            items = _instances(schema["items"], definitions, name)
            least = schema.get("minItems", 0)
            return st.lists(items, min_size=least, max_size=min(schema.get("maxItems", least + 2), least + 2))
        case "string" if "enum" in schema:
            return st.sampled_from(schema["enum"])
        case "string" if schema.get("format") == "date-time":
            return st.sampled_from(_MOMENTS)
        case "string":
            most = schema.get("maxLength", 2500)
            likely = _LIKELY.get(name, _words)
            return st.one_of(likely, likely, _words, st.just("x" * most)).map(lambda text: str(text)[:most])
        case "integer" | "number" as kind:
            return _numbers(schema, kind, name)
        case "boolean":
            return st.booleans()
        case _:
            return st.none() | st.integers() | _words


def _objects(schema: Json, definitions: Json) -> Strategy:
    members = {
        name: _instances(member, definitions, name)
        for name, member in schema.get("properties", {}).items()
        if name != "customData"
    }
    required = {name: member for name, member in members.items() if name in schema.get("required", ())}
    optional = {name: member for name, member in members.items() if name not in required}
    made = st.fixed_dictionaries(required, optional=optional)
    if not {"component", "variable"} <= required.keys():
        return made
    return st.tuples(made, _variable_pairs()).map(lambda parts: {**parts[0], **parts[1]})


def _numbers(schema: Json, kind: str, name: str) -> Strategy:
    least, most = schema.get("minimum", -(2**31)), schema.get("maximum", 2**31 - 1)
    by_chance: Strategy = st.integers(int(least), int(most)) | st.integers(
        max(0, int(least)), min(100, int(most))
    )
    if kind == "number":
        by_chance |= st.floats(least, most, allow_nan=False)
    likely = _LIKELY.get(name, by_chance).filter(lambda value: least <= value <= most)
    if kind == "integer":
        likely = likely.map(int)
    return st.one_of(likely, likely, by_chance)


@st.composite
def _damaged(draw: st.DrawFn) -> Call:
    """Return a call with one thing wrong."""
    action = draw(st.sampled_from(ACTIONS))
    payload = copy.deepcopy(draw(payloads(action)))
    keys = sorted(payload)
    match draw(st.sampled_from(["lost", "type", "more", "deep", "long", "action"])):
        case "lost" if keys:
            del payload[draw(st.sampled_from(keys))]
        case "type" if keys:
            payload[draw(st.sampled_from(keys))] = draw(st.sampled_from([None, [], {}, "x", 1, -1.5, True]))
        case "deep":
            payload["customData"] = {"vendorId": "x", "deep": json.loads("[" * 200 + "]" * 200)}
        case "long":
            payload["customData"] = {"vendorId": "x" * 100_000}
        case "action":
            return Call(draw(st.sampled_from(NOT_FOR_STATIONS)), payload, is_valid=False)
        case _:
            payload["bogus"] = 1
    return Call(action, payload, is_valid=False)


valid_calls = st.sampled_from(ACTIONS).flatmap(
    lambda action: payloads(action).map(lambda payload: Call(action, payload, is_valid=True))
)
frames = st.sampled_from(
    ["", "[]", "nonsense", "[2]", '[3,"nobody",{}]', '[4,"nobody","X","",{}]', '[2,"","Reset",{}]', "[9,1]"]
).map(Frame)
_evses = st.integers(1, 2)
_kinds: Mapping[str, tuple[int, st.SearchStrategy[Step]]] = {
    "call": (60, valid_calls),
    "damaged call": (15, _damaged()),
    "frame": (5, frames),
    "plug": (
        20,
        st.builds(Deed, st.sampled_from(["plug", "plug", "unplug", "pause", "resume"]), _evses),
    ),
    "card": (20, st.builds(Deed, st.just("tap"), _evses, st.sampled_from([CARD, OTHER_CARD, STRANGER]))),
    "link": (8, st.builds(Deed, st.sampled_from(["drop", "wait", "wait"]))),
    "cap": (2, st.builds(Deed, st.just("cap"), limit_a=st.sampled_from([0, 6, 8, 13]))),
}
"""What may happen, how often in comparison, and how it is made."""
steps: st.SearchStrategy[Step] = st.sampled_from(
    [kind for kind, (weight, _) in _kinds.items() for _ in range(weight)]
).flatmap(lambda kind: _kinds[kind][1])


def script(number: int, count: int) -> list[Step]:
    """Return the steps of one seed."""
    made: list[Step] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def collect(step: Step) -> None:
        made.append(step)

    collect()
    return made
