"""The schema of the sections that say how a device is talked to."""

from __future__ import annotations

from typing import Final, get_args

from drivers.profiles.links import Parity
from drivers.profiles.load_link import (
    BAUDS,
    LARGEST_LEM_ID,
    LARGEST_SUNSPEC_BASE,
    LARGEST_SUNSPEC_MODEL,
    LEAST_FALLBACK_A,
    LONGEST_GAP_MS,
    LONGEST_HEARTBEAT_S,
    MAX_WRITE_REGISTERS,
    MAY_BE_UNVERIFIED,
    MOST_FALLBACK_A,
    NEED_TCP,
    RAPI_MAY_BE_UNVERIFIED,
)
from drivers.profiles.load_point import MAX_READ_REGISTERS
from drivers.profiles.point import Order
from drivers.profiles.schema_parts import Schema, choice, integer, listed, record, reference, when

TELLS: Final[dict[str, str]] = {
    "modbus": "How the device speaks Modbus.",
    "rapi": "How an OpenEVSE controller speaks RAPI.",
    "pn532": "How a PN532 card reader speaks on its serial line.",
    "lem_dcbm": "How a LEM DCBM is reached over HTTP.",
}
"""Each protocol's section, in a few words."""


def sections() -> dict[str, Schema]:
    """Return the definitions of all sections, by name."""
    serial = reference("serial", "The line settings it leaves the factory with.")
    return {
        "modbus": {**record(_modbus(), needed=("word_order", "unit")), "allOf": _dependencies()},
        "rapi": record(
            {
                "serial": serial,
                "heartbeat": reference("heartbeat", "Its supervision of heartbeats; none if it has none."),
                "unverified": _unverified(RAPI_MAY_BE_UNVERIFIED),
            },
            needed=("serial",),
        ),
        "heartbeat": record(_heartbeat(), needed=("every_s", "within_s", "fallback_a")),
        "pn532": record({"serial": serial, "unverified": _unverified(("serial",))}, needed=("serial",)),
        "lem_dcbm": record(
            {
                "tcp_port": _tcp_port("The port of its web server."),
                "tariff_id": integer(0, LARGEST_LEM_ID, "Which of its tariffs stands in what it signs."),
                "cable_id": integer(0, LARGEST_LEM_ID, "Which of its cables stands in what it signs."),
                "unverified": _unverified(("tcp_port",)),
            },
            needed=("tcp_port",),
        ),
        "serial": record(_serial(), needed=("baud", "parity", "stop_bits")),
    }


def _modbus() -> dict[str, Schema]:
    gap = "Silence in ms that the device needs"
    return {
        "word_order": choice(get_args(Order), "Which register of a number comes first: the big end or not."),
        "byte_order": choice(get_args(Order), "Which byte of a register comes first; big unless said."),
        "unit": integer(1, 255, "The unit address it leaves the factory with."),
        "max_read": integer(1, MAX_READ_REGISTERS, "How many registers it gives in one read."),
        "max_hole": integer(0, MAX_READ_REGISTERS, "How many registers without a point a read may span."),
        "max_write": integer(1, MAX_WRITE_REGISTERS, "How many registers it takes in one write."),
        "one_per_read": reference("switch", "yes if each point needs a request of its own."),
        "barriers": listed(
            {"type": "integer", "minimum": 1, "maximum": 65535},
            "Addresses that no read may span from below: a new read begins there.",
        ),
        "request_gap_ms": integer(0, LONGEST_GAP_MS, f"{gap} before a request."),
        "unit_change_gap_ms": integer(0, LONGEST_GAP_MS, f"{gap} if another unit was asked before."),
        "write_gap_ms": integer(0, LONGEST_GAP_MS, f"{gap} after a write."),
        "serial": reference("serial", "The line settings it leaves the factory with."),
        "tcp_port": _tcp_port("The TCP port, if it speaks Modbus TCP."),
        "tls": reference("switch", "yes if Modbus TCP is wrapped in TLS."),
        "dials_in": reference(
            "switch", "yes if the device opens the connection, to us; we ask all the same."
        ),
        "answers": reference("switch", "yes if the device asks and writes, and we serve the registers."),
        "sunspec": {
            **record(
                {
                    "bases": listed(
                        integer(0, LARGEST_SUNSPEC_BASE, "An address."), "In this order.", least=1
                    ),
                    "model": integer(1, LARGEST_SUNSPEC_MODEL, "The number of the model."),
                },
                needed=("bases", "model"),
            ),
            "description": "Addresses count from the id register of a SunSpec model, which is looked for.",
        },
        "unverified": _unverified(MAY_BE_UNVERIFIED),
    }


def _dependencies() -> list[Schema]:
    """Return what one field of the section demands of the others."""
    yes: Schema = {"enum": [True, "yes", "on"]}
    both: Schema = {
        "not": {"required": ["dials_in", "answers"], "properties": dict.fromkeys(NEED_TCP[1:], yes)}
    }
    return [*(when({name: yes}, {}, ["tcp_port"]) for name in NEED_TCP), both]


def _heartbeat() -> dict[str, Schema]:
    return {
        "every_s": integer(1, LONGEST_HEARTBEAT_S, "How often one is sent."),
        "within_s": integer(1, LONGEST_HEARTBEAT_S, "After so long without one the current falls back."),
        "fallback_a": integer(LEAST_FALLBACK_A, MOST_FALLBACK_A, "To so many amperes."),
    }


def _serial() -> dict[str, Schema]:
    return {
        "baud": {"enum": list(BAUDS), "description": "Bits per second."},
        "parity": choice(get_args(Parity), "None, even or odd."),
        "stop_bits": {"enum": [1, 2], "description": "How many."},
    }


def _tcp_port(description: str) -> Schema:
    return integer(1, 65535, description)


def _unverified(allowed: tuple[str, ...]) -> Schema:
    return listed({"enum": list(allowed)}, "Which of these facts come from one weak source.")
