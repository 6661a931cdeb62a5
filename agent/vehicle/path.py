"""The way of direct current to the vehicle: supply, isolation monitor and contactor, moved as one.

To the EVSE it is a charge controller: what it offers is a limit, and withdrawing it takes the current away
before the contactor opens. What is delivered within the limit, the conversation says (`Deliver`).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal
from typing import Final

from agent.iso15118.facts import DcPresent
from agent.iso15118.turns import Deliver
from agent.system.clock import StationClock
from agent.vehicle.insulation import InsulationWatch
from agent.vehicle.sequence import DEAD_V, Path, Seen, Stage, Wanted, step
from agent.vehicle.setpoints import OFF, Bounds, Setpoint, setpoint
from drivers.ports import ChargeController, DcSupply, DeviceError
from drivers.readings import DcLimits, DcReading, Pilot, PilotReading

log = logging.getLogger(__name__)

_EVERY_S: Final = 0.1
_SILENT_S: Final = 1.5
_OFF_WITHIN_S: Final = 4.0
_FAULTED_WITHIN_S: Final = 0.5
_PILOT_A: Final = 16
"""The controller has to be told some current; the pilot says 5 % whatever it is."""
_READY: Final = (Pilot.C, Pilot.D)


class DcPath:
    """Implements `drivers.ports.ChargeController`; its limits are amperes of the mains (`watts`)."""

    def __init__(
        self,
        name: str,
        controller: ChargeController,
        supply: DcSupply,
        insulation: InsulationWatch,
        clock: StationClock,
        watts_per_a: Decimal,
    ) -> None:
        """`watts_per_a`: what arrives at the output of 1 A of each phase of the mains."""
        self._name = name
        self._controller = controller
        self._supply = supply
        self._insulation = insulation
        self._clock = clock
        self._watts_per_a = watts_per_a
        self.limits: DcLimits | None = None
        """What the supply can do at most, once it has said so."""
        self.path = Path()
        self.is_energised = False
        """Whether the vehicle has asked for power, and not only for the voltage that comes before."""
        self._offered_w = Decimal(0)
        self._pilot = Pilot.A
        self._check_v: Decimal | None = None
        self._target: Deliver | None = None
        self._target_s = 0.0
        self._told: Setpoint | None = None
        self._reading: DcReading | None = None
        self._heard_s = self._now_s()
        self._stepped = asyncio.Condition()

    # as a charge controller

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot, and what is wrong with the output."""
        reading = await self._controller.read_pilot()
        self._pilot = reading.pilot
        if reading.pilot is Pilot.A:
            self.begin()
        return replace(reading, fault=reading.fault or self.path.fault or self._problem)

    async def offer(self, limit_a: int) -> None:
        """Let the output give as much as `limit_a` of the mains come to, through a closed contactor."""
        await self._controller.offer(_PILOT_A)
        self._offered_w = self.watts(limit_a)

    async def withdraw(self) -> None:
        """Take the current away, switch the supply off and open the contactor, in this order.

        Raises:
            DeviceError: If it is not all confirmed; the contactor is told to open all the same.
        """
        self._offered_w = Decimal(0)
        try:
            async with asyncio.timeout(self._patience_s), self._stepped:
                await self._stepped.wait_for(lambda: self._is_dead)
        except TimeoutError:
            await self._controller.withdraw()
            raise DeviceError(f"{self._name}: the supply does not confirm that it is off") from None
        await self._controller.withdraw()

    def watts(self, limit_a: int) -> Decimal:
        """Return what a limit of the mains leaves at the output."""
        return limit_a * self._watts_per_a

    @property
    def _patience_s(self) -> float:
        """For how long the contactor waits for the current to go: not at all long after a fault."""
        return _FAULTED_WITHIN_S if self.path.stage is Stage.FAULTED else _OFF_WITHIN_S

    # as conversations want it

    def begin(self) -> None:
        """Know nothing of a vehicle: the next test of the cable counts."""
        self._check_v = self._target = None
        if self.path.stage in (Stage.OFF, Stage.FAULTED):
            self.path = Path(since_s=self._now_s())

    def check(self, voltage_v: Decimal) -> None:
        """Test the insulation at this voltage as soon as power is let through."""
        self._check_v, self._target = voltage_v, None

    def deliver(self, target: Deliver) -> None:
        """Go to this voltage and at most this current."""
        self._target, self._target_s = target, self._now_s()

    @property
    def present(self) -> DcPresent:
        """What is delivered."""
        reading = self._reading
        if reading is None or reading.voltage_v is None or reading.current_a is None:
            return DcPresent(voltage_v=Decimal(0), current_a=Decimal(0))
        return DcPresent(
            voltage_v=reading.voltage_v,
            current_a=reading.current_a,
            at_voltage_limit=reading.limits == "voltage" and reading.current_a > 0,
            at_current_limit=reading.limits == "current",
        )

    async def run(self) -> None:
        """Move the output until cancelled."""
        self._heard_s = self._now_s()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._insulation.run(), name=f"{self._name} insulation")
            while True:
                await self._look()
                await self._move()
                await asyncio.sleep(_EVERY_S)

    async def _look(self) -> None:
        try:
            if self.limits is None:
                self.limits = await self._supply.read_limits()
            self._reading = await self._supply.read()
            self._heard_s = self._now_s()
        except DeviceError as error:
            if self._now_s() - self._heard_s <= _SILENT_S:
                log.debug("%s: %s", self._name, error)

    async def _move(self) -> None:
        """Do one step, and what follows from it."""
        before, seen = self.path, self._seen()
        wanted = Wanted(
            has_power=self._offered_w > 0, check_v=self._check_v, has_target=self._target is not None
        )
        self.path = step(before, seen, wanted)
        if self.path.stage is not before.stage:
            self._entered(before)
        await self._tell(setpoint(self.path, self._target, self._now_s() - self._target_s, self._bounds))
        async with self._stepped:
            self._stepped.notify_all()

    def _entered(self, before: Path) -> None:
        """Note what a new stage begins with."""
        stage = self.path.stage
        if stage is Stage.RAISING:
            self._check_v = None
        self._insulation.want(
            is_watched=stage in (Stage.TESTING, Stage.READY, Stage.GIVING),
            begins_test=stage is Stage.TESTING,
        )
        if stage is Stage.FAULTED:
            log.error("%s: the output is switched off: %s", self._name, self.path.fault)
        else:
            log.info("%s: output %s, was %s", self._name, stage.value, before.stage.value)

    async def _tell(self, wanted: Setpoint) -> None:
        """Tell the supply what is new; off goes first, and on comes last."""
        if wanted == self._told:
            return
        told, self._told = self._told, None
        try:
            if not wanted.is_on:
                await self._supply.switch_off()
                await self._supply.set_output(wanted.voltage_v, wanted.current_a)
            else:
                await self._supply.set_output(wanted.voltage_v, wanted.current_a)
                if told is None or not told.is_on:
                    await self._supply.switch_on()
        except (DeviceError, ValueError) as error:
            log.warning("%s: the supply was told %s in vain: %s", self._name, wanted, error)
            return
        self._told = wanted

    def _seen(self) -> Seen:
        present = self.present
        return Seen(
            now_s=self._now_s(),
            voltage_v=present.voltage_v,
            current_a=present.current_a,
            is_closed=self._offered_w > 0 and self._pilot in _READY,
            insulation=self._insulation.insulation,
            problem=self._problem,
        )

    @property
    def _problem(self) -> str | None:
        if self._now_s() - self._heard_s > _SILENT_S:
            return "the supply does not answer"
        return None if self._reading is None else self._reading.fault

    @property
    def _is_dead(self) -> bool:
        """Whether the supply has confirmed that it is off, and nothing stands at its output."""
        return (
            self.path.stage in (Stage.OFF, Stage.FAULTED)
            and self._told == OFF
            and self.present.voltage_v < DEAD_V
        )

    @property
    def _bounds(self) -> Bounds:
        limits = self.limits
        most_v = most_a = Decimal(0)
        if limits is not None:
            most_v, most_a = limits.voltage_v or most_v, limits.current_a or most_a
        most_w = min(self._offered_w, (limits and limits.power_w) or most_v * most_a)
        return Bounds(most_v=most_v, most_a=most_a, most_w=most_w, is_energised=self.is_energised)

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
