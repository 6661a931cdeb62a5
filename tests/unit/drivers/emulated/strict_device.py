"""A profile that says everything that narrows what a master may do, and a device made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.emulated.behaviour import Behaviour, Inert
from drivers.emulated.exchange import Message
from drivers.emulated.faults.book import ArmedFault, FaultBook
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.modbus_device import ModbusDevice
from drivers.profiles.load import load_profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from tests.unit.drivers.emulated.places import Place

PROFILE = """\
schema: chargehand-profile-1
id: strict
kind: charge-controller
maker: Nobody
model: Strict
modbus: {word_order: big, unit: 9, max_read: 8, max_write: 2, max_hole: 4, barriers: [20]}
identify: {serial: "S*"}
watchdog: {arm: [{timeout: 30}], feed: {token: 85}, every_s: 2, within_s: 5, safe_a: 6}
points:
  pilot: {space: input, address: 0, type: uint16, mask: 0x000F, role: pilot, states: {1: A, 2: B, 3: C}}
  fault_code: {space: input, address: 0, type: uint16, mask: 0x0F00}
  power: {space: input, address: 2, type: int32, measurand: Power.Active.Import, unit: W}
  energy_import: {space: input, address: 4, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  serial: {space: holding, address: 10, type: string, length: 4, role: serial_number, example: S1, poll: once}
  max_current:
    {space: holding, address: 18, type: uint16, scale: 0.1, unit: A, role: max_current,
     write: {function: 6, range: [6, 32], off: 0, expires_s: 60}}
  enable:
    {space: holding, address: 19, type: uint16, role: enable, states: {0: "off", 1: "on"},
     write: {function: 6, needs: {mode: remote}}}
  mode:
    {space: holding, address: 20, type: uint16, mask: 0x00F0, states: {0: local, 1: remote}, example: local,
     write: {function: 6, keeps_others: yes}}
  phases:
    {space: holding, address: 20, type: uint16, mask: 0x000F, example: 3,
     write: {function: 6, range: [1, 3], keeps_others: yes}}
  timeout: {space: holding, address: 21, type: uint16, unit: s, example: 0, write: {function: 6}}
  token: {space: holding, address: 22, type: uint16, readable: no, write: {function: 6, verify: no}}
"""


class Recorder(Inert):
    """Shows what it was told to and keeps what was written."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.changes: list[tuple[str, Value]] = []
        self.happened: list[str] = []

    def shows(self, point: Point) -> Value | None:
        return self.values.get(point.name)

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        self.changes += [(point.name, value) for point, value in changes]

    def power_lost(self) -> None:
        self.happened.append("power lost")

    def power_returned(self) -> None:
        self.happened.append("power returned")

    def fall_back(self, watchdog: Watchdog) -> None:
        self.happened.append(f"fell back to {watchdog.safe_a} A")


class Strict:
    """The device, its clock and its faults."""

    def __init__(self, directory: Path, behaviour: Callable[[], Behaviour] | None = None) -> None:
        path = directory / "strict.yaml"
        path.write_text(PROFILE)
        self.place = Place()
        self.faults = FaultBook(seed=1)
        self.behaviour = Recorder()
        self.notes: list[str] = []
        surroundings = self.place.surroundings(
            load_profile(path), note=lambda what, **_: self.notes.append(what)
        )
        self.device = ModbusDevice(
            surroundings, behaviour() if behaviour else self.behaviour, unit=9, faults=self.faults
        )

    def ask(self, request: str) -> str:
        """Send a PDU (hex) and return the reply's, or nothing."""
        sendings = self.device.serve(Message(9, bytes.fromhex(request), 1))
        return b"".join(sending.data[7:] for sending in sendings).hex(" ")

    def inject(self, fault: Fault, *, points: frozenset[str] = frozenset()) -> ArmedFault:
        now_s = self.place.now_us / 1e6
        return self.faults.inject(Injection(fault=fault, where=Where(points=points), when=Schedule()), now_s)

    def pass_time(self, seconds: float) -> None:
        self.place.pass_time(seconds)
        self.device.tick()
