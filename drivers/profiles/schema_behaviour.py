"""The schema of what is to be done with a device: init, watchdog, scripts, instances."""

from __future__ import annotations

from typing import get_args

from drivers.profiles.load_behaviour import (
    LARGEST_OFFSET,
    LONGEST_WAIT_S,
    LONGEST_WATCHDOG_S,
    MOST_INSTANCES,
    POLL_MS,
    SLOWEST_POLL_MS,
)
from drivers.profiles.schema_parts import (
    Schema,
    choice,
    integer,
    listed,
    record,
    reference,
    table,
    text,
)
from drivers.profiles.watchdog import Feeding


def behaviour() -> dict[str, Schema]:
    """Return the fields of a profile that say what is to be done with the device."""
    return {
        "identify": reference("conditions", "What proves that it is this model; * and ? may stand in texts."),
        "init": listed(
            reference("settings", "A point and its value."),
            "Set in this order when the device is met: read, written if different, verified.",
            least=1,
        ),
        "watchdog": reference("watchdog", "The device's own watchdog, and how it is fed."),
        "scripts": table(
            listed(reference("step", "One step."), "Steps in order.", least=1), "Command scripts by name."
        ),
        "instances": reference(
            "instances", "Several of the same in one device; addresses are those of the first."
        ),
    }


def definitions() -> dict[str, Schema]:
    """Return the definitions that these fields use."""
    return {
        "value": {
            "type": ["number", "string", "boolean", "array"],
            "items": {"type": ["string", "number"]},
            "description": "A number in the register's unit, a text, a state, yes or no, or [names of bits].",
        },
        "conditions": table(
            {"anyOf": [{"$ref": "#/$defs/value", "minItems": 1}, _bounds()]},
            "Point: its value, [one of these], or {at_least: a, at_most: b}.",
        ),
        "settings": table({"$ref": "#/$defs/value"}, "Point: the value to write."),
        "watchdog": {
            **record(_watchdog(), needed=("feed", "every_s", "within_s")),
            "oneOf": [{"required": ["safe_a"]}, {"required": ["safe_w"]}],
        },
        "step": {**record(_step()), "minProperties": 1, "maxProperties": 1},
        "instances": {
            **record(_instances()),
            "oneOf": [{"required": ["offsets"]}, {"required": ["stride"]}],
            "dependentRequired": {"stride": ["most"], "most": ["stride"]},
        },
    }


def _bounds() -> Schema:
    ends = {"at_least": {"type": ["number", "string"]}, "at_most": {"type": ["number", "string"]}}
    return {**record(ends), "minProperties": 1}


def _watchdog() -> dict[str, Schema]:
    return {
        "arm": listed(reference("settings", "A point and its value."), "Written in this order.", least=1),
        "feed": {
            "anyOf": [
                choice(get_args(Feeding), "Any read, or any write of a setpoint, feeds it."),
                {**reference("settings", "The point and the value that feed it."), "maxProperties": 1},
            ],
            "description": "What feeds it.",
        },
        "every_s": integer(1, LONGEST_WATCHDOG_S, "How often it is fed."),
        "within_s": integer(1, LONGEST_WATCHDOG_S, "How long it waits for food before it falls back."),
        "safe_a": {
            "type": "number",
            "minimum": 0,
            "description": "The current that it falls back to, 0 for none.",
        },
        "safe_w": {
            "type": "number",
            "minimum": 0,
            "description": "The power that it falls back to, 0 for none.",
        },
    }


def _step() -> dict[str, Schema]:
    return {
        "write": reference("settings", "Points and their values, or $variables; neighbours in one request."),
        "wait": {
            **record(
                {
                    "point": text("The name of the point to read."),
                    "for": reference("value", "What it must have."),
                    "within_s": integer(1, LONGEST_WAIT_S, "When to give up."),
                    "every_ms": integer(1, SLOWEST_POLL_MS, f"How often to look; {POLL_MS} unless said."),
                    "while": listed(
                        {"$ref": "#/$defs/value"},
                        "What it may have until then; with anything else it has failed at once.",
                        least=1,
                    ),
                },
                needed=("point", "for", "within_s"),
            ),
            "description": "Read a point until it has a value.",
        },
        "read": reference("names", "The points that are the result."),
    }


def _instances() -> dict[str, Schema]:
    return {
        "stride": integer(1, LARGEST_OFFSET, "How far each instance is from the one before."),
        "most": integer(1, MOST_INSTANCES, "The largest number of instances."),
        "offsets": {
            **listed(integer(0, LARGEST_OFFSET, "An offset."), "How far each is from the first.", least=1),
            "maxItems": MOST_INSTANCES,
            "uniqueItems": True,
        },
        "counted_by": text("The shared point that says how many there are."),
    }
