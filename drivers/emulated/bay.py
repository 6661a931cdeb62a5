"""The simplest rig: a charging bay with a meter on a serial line and a charge controller on Modbus TCP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from drivers.emulated.charging_bay import Truth
from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec
from drivers.emulated.image import Write
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import SerialLine, TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.pdu import Space
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import START_MWH, BaySpec, DeviceSpec, LineSpec, RigSpec, SerialSpec, TcpSpec
from drivers.emulated.truth_log import Log
from drivers.profiles.model import Kind
from drivers.readings import Pilot

METER, CONTROLLER, SENSOR, BAY = "meter", "controller", "sensor", "bay"
ENERGY: Final = "Energy.Active.Import.Register"


class AcceptedWrite(NamedTuple):
    """One write request that a device carried out."""

    monotonic_s: float
    space: Space
    address: int
    values: tuple[int, ...]


@dataclass(kw_only=True, eq=False)
class EmulatedBay:
    """Runs the bay while it is entered as an async context manager; raises ProfileError when built.

    Entering raises OSError if the TCP port is taken, LinkOccupied if `meter_link` is not ours to replace.
    """

    meter_profile: str | Path = "eastron-sdm630"
    controller_profile: str | Path = "phoenix-em-cp-pp-eth"
    sensor_profile: str | Path | None = None
    """What looks whether the vehicle is there, on Modbus TCP; None for nothing."""
    ev: EvSpec = field(default_factory=EvSpec)
    grid: GridSpec = field(default_factory=GridSpec)
    speed: float = 1.0
    """Physics time per wall time: energy, ramps and reactions; voltages, currents and power stay natural."""
    baud: int = 9600
    turn_around_s: float = 0.0
    """From the end of a request until the meter begins to reply."""
    meter_link: Path | None = None
    """A path for the meter's serial port that stays the same from run to run."""
    host: str = "127.0.0.1"
    tcp_port: int = 0
    seed: int = 1
    meter_start_mwh: int = START_MWH
    on_truth: Callable[[Truth], None] | None = None
    """Called at every tick and after every change."""
    log: Log | None = None

    def __post_init__(self) -> None:
        """Load the profiles and build the hardware, without opening anything."""
        self.rig = Rig(self._spec(), log=self.log)
        self._bay = self.rig.bays[BAY]
        self._meter = _modbus(self.rig, METER)
        self._controller = _modbus(self.rig, CONTROLLER)
        self.meter_unit = self._meter.unit
        self.controller_unit = self._controller.unit
        self.writes: list[AcceptedWrite] = []
        self._meter.on_write = self._controller.on_write = self._note_write
        self.rig.on_change = self._record
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.rig)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def meter_port(self) -> str:
        """The serial port of the meter, for a master to open."""
        line = self.rig.lines[METER]
        assert isinstance(line, SerialLine)
        return line.path

    @property
    def controller_host(self) -> str:
        """The address the charge controller listens on."""
        return self._tcp.host

    @property
    def controller_port(self) -> int:
        """The TCP port the charge controller listens on."""
        return self._tcp.port

    @property
    def sensor_port(self) -> int:
        """The TCP port the bay's sensor listens on."""
        line = self.rig.lines[SENSOR]
        assert isinstance(line, TcpLine)
        return line.port

    def arrive(self) -> None:
        """The vehicle parks in the bay."""
        self._bay.arrive()

    def depart(self) -> None:
        """The vehicle drives off."""
        self._bay.depart()

    def plug_in(self) -> None:
        """Plug the vehicle in."""
        self._bay.plug_in()

    def unplug(self) -> None:
        """Pull the plug; the current is zero at once."""
        self._bay.unplug()

    def pause(self) -> None:
        """The vehicle stops asking for energy, in its own time."""
        self._bay.pause()

    def resume(self) -> None:
        """The vehicle asks for energy again, in its own time."""
        self._bay.resume()

    def silence_meter(self, silent: bool) -> None:
        """Let the meter not answer, or answer again."""
        self._meter.silent = silent

    def silence_controller(self, silent: bool) -> None:
        """Let the charge controller not answer (it goes on accepting connections), or answer again."""
        self._controller.silent = silent

    def silence_sensor(self, silent: bool) -> None:
        """Let the bay's sensor not answer, or answer again."""
        _modbus(self.rig, SENSOR).silent = silent

    @property
    def pilot(self) -> Pilot:
        """The control pilot."""
        return self._bay.state.pilot

    @property
    def contactor_closed(self) -> bool:
        """Whether the vehicle is connected to the mains."""
        return self._bay.state.contactor_closed

    @property
    def energy_mwh(self) -> int:
        """The meter's total, exactly (mWh)."""
        return self.meter_start_mwh + self._bay.state.passed_mwh

    @property
    def energy_register_mwh(self) -> int:
        """The meter's total as its register holds it, in whole mWh as a driver reads it."""
        point = self._meter.profile.find(ENERGY)
        assert point is not None
        shown = self._meter.image.shown(point.name)
        assert isinstance(shown, Decimal)
        return int(shown)

    @property
    def power_w(self) -> float:
        """Active power of all phases (W)."""
        return sum(self._bay.scene.measured.powers_mw) / 1000

    @property
    def currents_a(self) -> tuple[float, ...]:
        """Current of each phase (A)."""
        return tuple(current_ma / 1000 for current_ma in self._bay.scene.measured.currents_ma)

    def truth(self) -> Truth:
        """Return what really is, as of the last tick or change."""
        return self._bay.truth(self.rig.clock_s(), counted_before_mwh=self.meter_start_mwh)

    @property
    def _tcp(self) -> TcpLine:
        line = self.rig.lines[CONTROLLER]
        assert isinstance(line, TcpLine)
        return line

    def _spec(self) -> RigSpec:
        serial = SerialSpec(
            timing=LineTiming(baud=self.baud), turn_around_s=self.turn_around_s, link=self.meter_link
        )
        lines: dict[str, LineSpec] = {METER: serial, CONTROLLER: TcpSpec(host=self.host, port=self.tcp_port)}
        devices = {
            METER: self._device(METER, "meter"),
            CONTROLLER: self._device(CONTROLLER, "charge-controller"),
        }
        if self.sensor_profile is not None:
            lines[SENSOR] = TcpSpec(host=self.host)
            devices[SENSOR] = DeviceSpec(profile=self.sensor_profile, line=SENSOR, kind="bay-sensor")
        return RigSpec(
            lines=lines,
            devices=devices,
            bays={BAY: BaySpec(ev=self.ev, grid=self.grid)},
            seed=self.seed,
            speed=self.speed,
        )

    def _device(self, name: str, kind: Kind) -> DeviceSpec:
        profile = self.meter_profile if name == METER else self.controller_profile
        return DeviceSpec(profile=profile, line=name, kind=kind, start_mwh=self.meter_start_mwh)

    def _note_write(self, write: Write) -> None:
        self.writes.append(AcceptedWrite(self.rig.clock_s(), write.space, write.address, write.values))

    def _record(self) -> None:
        if self.on_truth is not None:
            self.on_truth(self.truth())


def _modbus(rig: Rig, name: str) -> ModbusDevice:
    device = rig.devices[name]
    assert isinstance(device, ModbusDevice)
    return device
