"""Runs a profile's command scripts: write, wait, read, and say which step failed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from drivers.devices.long_points import read_point, write_points
from drivers.devices.modbus_device import Decoded, ModbusDevice
from drivers.modbus.errors import ModbusError
from drivers.ports import DeviceError
from drivers.profiles.scripts import ReadStep, Script, Step, WaitStep, WriteStep
from drivers.profiles.values import Value
from drivers.profiles.writes import Variable


class ScriptFailed(DeviceError):
    """A step of a script failed; `step` counts from 1. What the steps before it did stays done."""

    def __init__(self, where: str, script: Script, step: int, problem: str) -> None:
        super().__init__(f"{where}: step {step} of script '{script.name}' failed: {problem}")
        self.script = script.name
        self.step = step
        self.problem = problem


class UnexpectedValue(DeviceError):
    """A point that a script waits for has a value that will not become the right one by itself."""


async def run_script(
    device: ModbusDevice, script: Script, variables: Mapping[str, Value]
) -> dict[str, Decoded]:
    """Run a script and return what its read steps gave, by the names of the points.

    Raises:
        ScriptFailed: If a step failed.
    """
    missing = script.variables - variables.keys()
    if missing:
        raise ValueError(f"script {script.name!r} needs values for {', '.join(sorted(missing))}")
    results: dict[str, Decoded] = {}
    for number, step in enumerate(script.steps, 1):
        try:
            results |= await _run(device, step, variables)
        except (DeviceError, ValueError) as error:
            where = f"unit {device.unit} on {device.bus.name}"
            raise ScriptFailed(where, script, number, str(error)) from error
    return results


async def _run(device: ModbusDevice, step: Step, variables: Mapping[str, Value]) -> dict[str, Decoded]:
    match step:
        case WriteStep():
            values = [
                (device.profile.point(setting.point), _value(setting.value, variables))
                for setting in step.settings
            ]
            await write_points(device, values)
        case WaitStep():
            await _wait(device, step)
        case ReadStep():
            return {name: await read_point(device, device.profile.point(name)) for name in step.points}
    return {}


def _value(value: Value | Variable, variables: Mapping[str, Value]) -> Value:
    return variables[value.name] if isinstance(value, Variable) else value


async def _wait(device: ModbusDevice, step: WaitStep) -> None:
    """Read until the point has the value; a device that is busy with the answer may miss some questions."""
    loop = asyncio.get_running_loop()
    point = device.profile.point(step.point)
    give_up_at_s = loop.time() + step.within_s
    found = "nothing"
    while True:
        try:
            value = (await read_point(device, point)).value
        except ModbusError as error:
            found = str(error)
        else:
            if value == step.value:
                return
            found = str(value)
            if step.meanwhile and value not in step.meanwhile:
                raise UnexpectedValue(f"{point.name} is {found} instead of {step.value}")
        if loop.time() >= give_up_at_s:
            raise DeviceError(
                f"{point.name} did not become {step.value} within {step.within_s} s; last: {found}"
            )
        await asyncio.sleep(step.every_ms / 1000)
