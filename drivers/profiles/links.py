"""How a device is talked to as it leaves the factory: one section of the profile, by protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.readings import Measurand

Parity = Literal["N", "E", "O"]
Protocol = Literal["modbus", "rapi", "pn532", "lem-dcbm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLine:
    """Line settings of a serial device as it leaves the factory."""

    baud: int
    parity: Parity
    stop_bits: Literal[1, 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class SunSpec:
    """Where to look for a SunSpec map, and the model in it from whose id register addresses count."""

    bases: tuple[int, ...]
    model: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusDefaults:
    """How the device speaks Modbus unless the station file says otherwise."""

    unit: int
    max_read: int
    max_hole: int
    """How many unused registers one read may span."""
    max_write: int = 123
    """How many registers one write may take."""
    one_per_read: bool = False
    """Each point needs a request of its own."""
    barriers: tuple[int, ...] = ()
    """Addresses that must begin a read: none may span from below one to it or beyond."""
    request_gap_ms: int = 0
    """Silence the device needs before each request, beyond what the line itself demands."""
    unit_change_gap_ms: int = 0
    """Silence the line needs before this device is asked if another unit was asked last."""
    write_gap_ms: int = 0
    """Silence the device needs after a write before it is asked anything."""
    serial: SerialLine | None = None
    tcp_port: int | None = None
    tls: bool = False
    """TCP is wrapped in TLS."""
    dials_in: bool = False
    """The device opens the TCP connection, to us; we ask all the same."""
    answers: bool = False
    """The device asks and writes; the registers are ours to serve."""
    sunspec: SunSpec | None = None
    unverified: tuple[str, ...] = ()
    """Which of these facts come from one weak source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A controller's own watchdog: fed every `every_s`; after `within_s` it allows `fallback_a` at most."""

    every_s: int
    within_s: int
    fallback_a: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RapiDefaults:
    """How an OpenEVSE controller speaks RAPI."""

    serial: SerialLine
    heartbeat: Heartbeat | None = None
    """None for a firmware that supervises no heartbeats."""
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pn532Defaults:
    """How a PN532 speaks on its serial line."""

    serial: SerialLine
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LemDcbmDefaults:
    """How a LEM DCBM is reached over HTTP."""

    tcp_port: int
    tariff_id: int = 0
    cable_id: int = 0
    """Which of the meter's own tariffs and cables (its settings) stand in what it signs."""
    unverified: tuple[str, ...] = ()


Link = ModbusDefaults | RapiDefaults | Pn532Defaults | LemDcbmDefaults

MEASURED_OVER: dict[Protocol, tuple[Measurand, ...]] = {
    "rapi": ("Energy.Active.Import.Register", "Voltage", "Current.Import"),
    "lem-dcbm": (
        "Energy.Active.Import.Register",
        "Energy.Active.Export.Register",
        "Power.Active.Import",
        "Power.Active.Export",
        "Voltage",
        "Current.Import",
        "Current.Export",
    ),
}
"""What a device measures whose protocol says it; with Modbus its points do."""

PROTOCOL_OF: dict[type[Link], Protocol] = {
    ModbusDefaults: "modbus",
    RapiDefaults: "rapi",
    Pn532Defaults: "pn532",
    LemDcbmDefaults: "lem-dcbm",
}
