"""The driver of bay sensors against an emulated input module, all its inputs on one line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from drivers.emulated.lines import TcpLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, RigSpec, TcpSpec
from drivers.open import DeviceAddress, Hardware
from drivers.ports import DeviceError
from drivers.readings import Instant

MODULE = "waveshare-modbus-rtu-io-8ch"
INPUTS = (1, 2, 8)


def now() -> Instant:
    return Instant(monotonic_s=asyncio.get_running_loop().time(), wall=datetime.now(UTC))


async def test_each_input_is_a_bay() -> None:
    bays = {f"bay-{number}": BaySpec() for number in INPUTS}
    devices = {
        f"input-{number}": DeviceSpec(profile=MODULE, line="bus", bay=f"bay-{number}", instance=number)
        for number in INPUTS
    }
    async with Rig(RigSpec(lines={"bus": TcpSpec()}, devices=devices, bays=bays)) as rig:
        hardware, line = Hardware(clock=now), rig.lines["bus"]
        assert isinstance(line, TcpLine)
        module = DeviceAddress(profile=MODULE, host=line.host, tcp_port=line.port)
        sensors = {n: hardware.bay_sensor(replace(module, instance=n)) for n in INPUTS}

        async def taken() -> list[int]:
            return [n for n, sensor in sensors.items() if (await sensor.read_occupancy()).is_occupied]

        async with hardware.running():
            assert await taken() == []
            rig.bays["bay-8"].arrive()
            assert await taken() == [8]
            rig.bays["bay-1"].plug_in()
            rig.bays["bay-8"].depart()
            assert await taken() == [1]
            for device in rig.devices.values():
                device.silent = True
            with pytest.raises(DeviceError):
                await sensors[1].read_occupancy()
