"""Reads the section that says how the device is talked to: one of `SECTIONS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, get_args

from drivers.profiles.fields import Entry, Fields
from drivers.profiles.links import (
    Heartbeat,
    LemDcbmDefaults,
    Link,
    ModbusDefaults,
    Parity,
    Pn532Defaults,
    RapiDefaults,
    SerialLine,
    SunSpec,
)
from drivers.profiles.load_point import MAX_READ_REGISTERS
from drivers.profiles.point import Order

BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
LONGEST_GAP_MS: Final = 10_000
MAX_WRITE_REGISTERS: Final = 123
"""The most registers one Modbus request may write (Modbus application protocol V1.1b3, 6.12)."""
MAY_BE_UNVERIFIED: Final = ("serial", "tcp_port", "unit", "max_read", "max_hole", "word_order")
"""Fields of `modbus` that can be listed as unverified."""
RAPI_MAY_BE_UNVERIFIED: Final = ("serial", "heartbeat")
LONGEST_HEARTBEAT_S: Final = 600
LEAST_FALLBACK_A: Final = 6
"""What the pilot codes at least; RAPI cannot say 0 here."""
MOST_FALLBACK_A: Final = 80
LARGEST_LEM_ID: Final = 65_535
NEED_TCP: Final = ("tls", "dials_in", "answers")
LARGEST_SUNSPEC_BASE: Final = 65_000
LARGEST_SUNSPEC_MODEL: Final = 65_534


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The settings, and the orders of words and bytes that points have unless they say otherwise."""

    link: Link
    word_order: Order = "big"
    byte_order: Order = "big"


def read_section(fields: Fields) -> Section:
    """Take the one protocol section out of a profile's fields."""
    found = [(name, entry) for name in SECTIONS if (entry := fields.get(name)) is not None]
    if len(found) != 1:
        given = " and ".join(name for name, _ in found) or "none"
        fields.owner.fail(f"exactly one of {', '.join(SECTIONS)} is needed, and here is {given}")
    name, entry = found[0]
    return SECTIONS[name](entry)


def _modbus(entry: Entry) -> Section:
    fields = entry.fields()
    word_order = fields.need("word_order").choice(get_args(Order))
    byte_order, serial, sunspec = (fields.get(name) for name in ("byte_order", "serial", "sunspec"))
    barriers, tcp_port = fields.get("barriers"), fields.get("tcp_port")
    one_per_read, tls, dials_in, answers = (_switch(fields, n) for n in ("one_per_read", *NEED_TCP))
    link = ModbusDefaults(
        unit=fields.need("unit").integer(1, 255),
        max_read=_integer(fields, "max_read", 1, MAX_READ_REGISTERS, MAX_READ_REGISTERS),
        max_hole=_integer(fields, "max_hole", 0, MAX_READ_REGISTERS, 0),
        max_write=_integer(fields, "max_write", 1, MAX_WRITE_REGISTERS, MAX_WRITE_REGISTERS),
        one_per_read=one_per_read,
        barriers=tuple(item.integer(1, 65535) for item in barriers.items()) if barriers else (),
        request_gap_ms=_integer(fields, "request_gap_ms", 0, LONGEST_GAP_MS, 0),
        unit_change_gap_ms=_integer(fields, "unit_change_gap_ms", 0, LONGEST_GAP_MS, 0),
        write_gap_ms=_integer(fields, "write_gap_ms", 0, LONGEST_GAP_MS, 0),
        serial=_serial(serial) if serial else None,
        tcp_port=tcp_port.integer(1, 65535) if tcp_port else None,
        tls=tls,
        dials_in=dials_in,
        answers=answers,
        sunspec=_sunspec(sunspec) if sunspec else None,
        unverified=_unverified(fields, MAY_BE_UNVERIFIED),
    )
    fields.no_others()
    for name, given in zip(NEED_TCP, (tls, dials_in, answers), strict=True):
        if given and link.tcp_port is None:
            entry.fail(f"{name!r} is for TCP: the field 'tcp_port' is missing")
    if dials_in and answers:
        entry.fail("either 'dials_in' (we ask) or 'answers' (the device asks), not both")
    return Section(
        link=link,
        word_order=word_order,
        byte_order=byte_order.choice(get_args(Order)) if byte_order else "big",
    )


def _rapi(entry: Entry) -> Section:
    fields = entry.fields()
    heartbeat = fields.get("heartbeat")
    link = RapiDefaults(
        serial=_serial(fields.need("serial")),
        heartbeat=_heartbeat(heartbeat) if heartbeat else None,
        unverified=_unverified(fields, RAPI_MAY_BE_UNVERIFIED),
    )
    fields.no_others()
    return Section(link=link)


def _pn532(entry: Entry) -> Section:
    fields = entry.fields()
    link = Pn532Defaults(serial=_serial(fields.need("serial")), unverified=_unverified(fields, ("serial",)))
    fields.no_others()
    return Section(link=link)


def _lem_dcbm(entry: Entry) -> Section:
    fields = entry.fields()
    link = LemDcbmDefaults(
        tcp_port=fields.need("tcp_port").integer(1, 65535),
        tariff_id=_integer(fields, "tariff_id", 0, LARGEST_LEM_ID, 0),
        cable_id=_integer(fields, "cable_id", 0, LARGEST_LEM_ID, 0),
        unverified=_unverified(fields, ("tcp_port",)),
    )
    fields.no_others()
    return Section(link=link)


SECTIONS: Final[dict[str, Callable[[Entry], Section]]] = {
    "modbus": _modbus,
    "rapi": _rapi,
    "pn532": _pn532,
    "lem_dcbm": _lem_dcbm,
}


def _serial(entry: Entry) -> SerialLine:
    fields = entry.fields()
    baud = fields.need("baud")
    if (rate := baud.integer(BAUDS[0], BAUDS[-1])) not in BAUDS:
        baud.fail(f"{rate} is not one of {', '.join(map(str, BAUDS))}")
    line = SerialLine(
        baud=rate,
        parity=fields.need("parity").choice(get_args(Parity)),
        stop_bits=1 if fields.need("stop_bits").integer(1, 2) == 1 else 2,
    )
    fields.no_others()
    return line


def _heartbeat(entry: Entry) -> Heartbeat:
    fields = entry.fields()
    every = fields.need("every_s")
    heartbeat = Heartbeat(
        every_s=every.integer(1, LONGEST_HEARTBEAT_S),
        within_s=fields.need("within_s").integer(1, LONGEST_HEARTBEAT_S),
        fallback_a=fields.need("fallback_a").integer(LEAST_FALLBACK_A, MOST_FALLBACK_A),
    )
    fields.no_others()
    if 2 * heartbeat.every_s > heartbeat.within_s:
        every.fail("one lost heartbeat must do no harm: 'within_s' has to be twice as long at least")
    return heartbeat


def _sunspec(entry: Entry) -> SunSpec:
    fields = entry.fields()
    bases = fields.need("bases")
    found = SunSpec(
        bases=tuple(item.integer(0, LARGEST_SUNSPEC_BASE) for item in bases.items()),
        model=fields.need("model").integer(1, LARGEST_SUNSPEC_MODEL),
    )
    fields.no_others()
    if not found.bases:
        bases.fail("at least one address is needed where the map may begin")
    return found


def _integer(fields: Fields, name: str, low: int, high: int, default: int) -> int:
    entry = fields.get(name)
    return entry.integer(low, high) if entry else default


def _switch(fields: Fields, name: str) -> bool:
    entry = fields.get(name)
    return entry.switch() if entry else False


def _unverified(fields: Fields, allowed: tuple[str, ...]) -> tuple[str, ...]:
    entry = fields.get("unverified")
    return tuple(item.choice(allowed) for item in entry.items()) if entry else ()
