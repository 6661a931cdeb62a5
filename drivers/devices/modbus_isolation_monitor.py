"""An isolation monitor on Modbus."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.modbus_device import Decoded
from drivers.devices.switching import needed, require
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.profiles.point import Role
from drivers.profiles.values import Value
from drivers.readings import Instant, IsolationAlarm, IsolationReading, Quality

IDLE: Final = "none"
"""The state of the role isolation_status while no test runs."""
ASKED: Final = "external"
"""The state while the test that somebody asked for runs."""
USABLE: Final = frozenset({"exact", "below", "above"})
"""States of the role validity: the resistance itself, or the end of the range that it lies beyond."""
POLLED: Final[tuple[Role, ...]] = ("resistance", "isolation_status", "isolation_alarm", "validity")
RUN: Final = "run"
"""The state of the role self_test that begins one."""
STARTS_WITHIN_S: Final = 5.0
LASTS_AT_MOST_S: Final = 30.0
POLL_S: Final = 0.25


DEVICE_FAULT: Final = IsolationAlarm.DEVICE_FAULT


class SelfTestFailed(DeviceError):
    """The monitor's own test did not start, did not end or found something wrong."""


class ModbusIsolationMonitor:
    """Implements drivers.ports.IsolationMonitor for profiles with these roles."""

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "resistance", "isolation_alarm")
        self._device = device
        self._polled = device.selection(lambda point: point.role in POLLED)
        self._testing = asyncio.Lock()

    @property
    def device(self) -> ModbusControl:
        """The unit behind it."""
        return self._device

    async def read_isolation(self) -> IsolationReading:
        """Return the insulation's resistance and the monitor's own judgement.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """
        by_role = await self._device.read_blocks_of(self._polled, Priority.FAST)
        alarm = _alarm(by_role["isolation_alarm"])
        is_testing = _status(by_role) != IDLE
        usable = alarm is not IsolationAlarm.DEVICE_FAULT and not is_testing and _is_valid(by_role)
        resistance = by_role["resistance"].value
        resistance_ohm = resistance if usable and isinstance(resistance, Decimal) else None
        return IsolationReading(
            resistance_ohm=resistance_ohm,
            alarm=alarm,
            is_testing=is_testing,
            quality=Quality.INVALID if resistance_ohm is None else Quality.GOOD,
            taken_at=min((item.taken_at for item in by_role.values()), key=_monotonic),
        )

    async def self_test(self) -> None:
        """Let the monitor test itself and wait until it has passed.

        Raises:
            DeviceError: If it did not start, did not end in time, or found itself faulty.
        """
        async with self._testing:
            self._device.owner_called()
            await self._device.meet()
            point = needed(self._device.profile, "self_test")
            await self._device.tell(point, RUN)
            await self._wait(lambda status: status == ASKED, STARTS_WITHIN_S, "did not begin its self test")
            await self._wait(lambda status: status == IDLE, LASTS_AT_MOST_S, "did not end its self test")
            by_role = await self._device.read_blocks_of(self._polled, Priority.FAST)
            if _alarm(by_role["isolation_alarm"]) is IsolationAlarm.DEVICE_FAULT:
                raise SelfTestFailed(f"{self._name} found itself faulty")

    @property
    def _name(self) -> str:
        return f"unit {self._device.unit} on {self._device.bus.name}"

    async def _wait(self, reached: Callable[[Value | None], bool], within_s: float, problem: str) -> None:
        """Poll the test's status until it is reached; a poll that fails is repeated."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    with contextlib.suppress(DeviceError):
                        if reached(_status(await self._device.read_blocks_of(self._polled, Priority.FAST))):
                            return
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise SelfTestFailed(f"{self._name} {problem} in {within_s:.0f} s") from None


def _status(by_role: Mapping[str, Decoded]) -> Value | None:
    """Return which test runs; a monitor that does not say is taken to be measuring."""
    item = by_role.get("isolation_status")
    return IDLE if item is None else item.value


def _alarm(item: Decoded) -> IsolationAlarm:
    """Return the alarm; what the profile does not know is taken for the worst."""
    known = {alarm.value: alarm for alarm in IsolationAlarm}
    return known.get(item.value, DEVICE_FAULT) if isinstance(item.value, str) else DEVICE_FAULT


def _is_valid(by_role: Mapping[str, Decoded]) -> bool:
    item = by_role.get("validity")
    return item is None or item.value in USABLE


def _monotonic(instant: Instant) -> float:
    return instant.monotonic_s
