from __future__ import annotations

from pathlib import Path

import pytest

from drivers.modbus.transport import SerialSettings
from drivers.serial.errors import PortUnavailable
from drivers.serial.line import SerialLine
from tests.real_time import until
from tests.unit.drivers.serial.peers import SETTINGS, peer


def open_files() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


async def test_characters_go_both_ways() -> None:
    heard = bytearray()
    with peer() as device:
        line = SerialLine(device.port, SETTINGS, heard.extend)
        line.open()
        line.write(b"to the device\r\n\x00\xff\x11\x13")
        device.say(b"from the device\r\n\x00\xff\x11\x13")
        await until(lambda: len(heard) == 21 and len(device.heard) == 19)
        assert bytes(heard) == b"from the device\r\n\x00\xff\x11\x13"
        assert bytes(device.heard) == b"to the device\r\n\x00\xff\x11\x13"
        line.close()


async def test_nothing_is_left_open() -> None:
    with peer() as device:
        before = open_files()
        line = SerialLine(device.port, SETTINGS, lambda _: None)
        for _ in range(3):
            line.open()
            line.open()
            line.close()
            line.close()
        assert open_files() == before


async def test_a_port_is_held_exclusively() -> None:
    with peer() as device:
        mine, other = (SerialLine(device.port, SETTINGS, lambda _: None) for _ in range(2))
        mine.open()
        with pytest.raises(PortUnavailable, match="another program uses it"):
            other.open()
        mine.close()


async def test_a_port_that_is_not_there_is_left_alone_for_a_while(tmp_path: Path) -> None:
    line = SerialLine(str(tmp_path / "none"), SETTINGS, lambda _: None)
    with pytest.raises(PortUnavailable, match="cannot be opened: there is no such port") as first:
        line.open()
    assert first.value.port == str(tmp_path / "none")
    with peer() as device:
        (tmp_path / "none").symlink_to(device.port)
        with pytest.raises(PortUnavailable, match=r"there is no such port.*tried again soon"):
            line.open()
        line._rests_until_s = 0.0
        line.open()
        assert line.is_open
        line.close()


async def test_rests_grow_and_end_when_the_port_is_back(tmp_path: Path) -> None:
    line = SerialLine(str(tmp_path / "none"), SETTINGS, lambda _: None)
    rests_s = []
    for _ in range(6):
        line._rests_until_s = 0.0
        with pytest.raises(PortUnavailable):
            line.open()
        rests_s.append(line._rests_until_s - line._now_s())
    assert rests_s == pytest.approx([0.5, 1, 2, 5, 5, 5], abs=0.2)
    with peer() as device:
        (tmp_path / "none").symlink_to(device.port)
        line._rests_until_s = 0.0
        line.open()
        line.close()
        assert line._failures == 0


async def test_a_port_that_is_unplugged_is_lost() -> None:
    before = open_files()
    with peer() as device:
        line = SerialLine(device.port, SETTINGS, lambda _: None)
        line.open()
        device.close()
        await until(lambda: not line.is_open)
        with pytest.raises(PortUnavailable, match="was lost"):
            line.write(b"?")
    assert open_files() == before


async def test_a_device_that_reads_nothing_does_not_block() -> None:
    with peer() as device:
        line = SerialLine(device.port, SETTINGS, lambda _: None)
        line.open()
        with pytest.raises(PortUnavailable, match="takes no more characters"):
            line.write(bytes(1_000_000))
        assert not line.is_open


async def test_a_port_that_was_not_opened_takes_nothing() -> None:
    line = SerialLine("/dev/none", SETTINGS, lambda _: None)
    with pytest.raises(PortUnavailable, match="/dev/none: is not open"):
        line.write(b"?")


@pytest.mark.parametrize("settings", [SerialSettings(baud=-1, parity="N", stop_bits=1)])
async def test_settings_that_cannot_be_had(settings: SerialSettings) -> None:
    with peer() as device:
        line = SerialLine(device.port, settings, lambda _: None)
        with pytest.raises(PortUnavailable, match="cannot be opened"):
            line.open()
        assert not line.is_open
