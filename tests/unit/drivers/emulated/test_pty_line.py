from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.emulated.line import LineTiming
from drivers.emulated.pty_line import PtyLine
from drivers.emulated.pty_port import LinkOccupied
from tests.plain_slave import Slave
from tests.unit.drivers.emulated.memory import MemoryRegisters
from tests.unit.drivers.emulated.raw_master import RawSerialMaster, with_crc

READ_TWO = "01 04 00 05 00 02"
TWO = "01 04 04 00 05 00 06"
QUIET_S = 0.1
"""Far longer than a reply to a short request takes at the speeds used here."""


@contextmanager
def line(
    *, baud: int = 115200, turn_around_s: float = 0.0, link: Path | None = None
) -> Iterator[tuple[PtyLine, Slave]]:
    slave = Slave(MemoryRegisters())
    port = PtyLine({1: slave}, timing=LineTiming(baud=baud), turn_around_s=turn_around_s, link=link)
    port.open()
    try:
        yield port, slave
    finally:
        port.close()


def open_files() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def is_empty(directory: Path) -> bool:
    return not any(directory.iterdir())


def is_character_device(path: str) -> bool:
    return stat.S_ISCHR(Path(path).stat().st_mode)


async def test_requests_are_answered_one_after_the_other() -> None:
    with line() as (port, _):
        async with RawSerialMaster(port.path) as master:
            assert await master.ask(READ_TWO, 7) == TWO
            assert await master.ask("01 06 00 03 12 34", 6) == "01 06 00 03 12 34"
            assert await master.ask("01 03 00 03 00 01", 5) == "01 03 02 12 34"
            assert await master.ask("01 07", 3) == "01 87 01"


@pytest.mark.parametrize(
    "characters",
    [
        with_crc(bytes.fromhex("02 04 00 05 00 02")),
        with_crc(bytes.fromhex(READ_TWO))[:-1] + b"\x00",
        with_crc(bytes.fromhex(READ_TWO))[1:],
        b"\x01",
    ],
    ids=["another unit", "wrong CRC", "first character lost", "noise"],
)
async def test_what_is_not_for_it_or_damaged_is_not_answered(characters: bytes) -> None:
    with line() as (port, _):
        async with RawSerialMaster(port.path) as master:
            master.send(characters)
            await master.silence(QUIET_S)
            assert await master.ask(READ_TWO, 7) == TWO


async def test_a_broadcast_is_carried_out_without_an_answer() -> None:
    with line() as (port, _):
        async with RawSerialMaster(port.path) as master:
            master.send(with_crc(bytes.fromhex("00 06 00 03 12 34")))
            await master.silence(QUIET_S)
            assert await master.ask("01 03 00 03 00 01", 5) == "01 03 02 12 34"


async def test_a_silent_slave_leaves_the_line_quiet_and_answers_again_later() -> None:
    with line() as (port, slave):
        async with RawSerialMaster(port.path) as master:
            slave.silent = True
            master.send(with_crc(bytes.fromhex(READ_TWO)))
            await master.silence(QUIET_S)
            slave.silent = False
            assert await master.ask(READ_TWO, 7) == TWO


@pytest.mark.parametrize("registers", [2, 50], ids=["one piece", "several pieces"])
async def test_nothing_arrives_before_the_wire_could_have_carried_it(registers: int) -> None:
    """8 characters, the silence that ends the request, the time to think, then the reply's characters."""
    timing, turn_around_s = LineTiming(baud=4800), 0.05
    with line(baud=timing.baud, turn_around_s=turn_around_s) as (port, _):
        async with RawSerialMaster(port.path) as master:
            reply_size = 5 + 2 * registers
            started_s = asyncio.get_running_loop().time()
            await master.ask(f"01 04 00 00 00 {registers:02x}", reply_size - 2)
            took_s = asyncio.get_running_loop().time() - started_s
            assert took_s >= (8 + reply_size) * timing.character_s + timing.silence_s + turn_around_s


async def test_while_it_replies_it_is_deaf() -> None:
    with line(turn_around_s=0.05) as (port, slave):
        registers = slave.registers
        assert isinstance(registers, MemoryRegisters)
        async with RawSerialMaster(port.path) as master:
            master.send(with_crc(bytes.fromhex(READ_TWO)))
            await registers.was_read.wait()
            master.send(with_crc(bytes.fromhex("01 06 00 03 12 34")))
            assert (await master.receive(9))[:-2].hex(" ") == TWO
            await master.silence(QUIET_S)
            assert await master.ask("01 03 00 03 00 01", 5) == "01 03 02 00 00"


async def test_a_master_that_never_reads_does_not_stop_the_line() -> None:
    with line(baud=4_000_000) as (port, _):
        async with RawSerialMaster(port.path) as master:
            asyncio.get_running_loop().remove_reader(master._fd)
            for _ in range(60):
                master.send(with_crc(bytes.fromhex("01 04 00 00 00 64")))
                await asyncio.sleep(0.004)
            asyncio.get_running_loop().add_reader(master._fd, master._read)
            await asyncio.sleep(QUIET_S)
            master._received.clear()
            assert await master.ask(READ_TWO, 7) == TWO


async def test_the_next_master_finds_the_line_as_the_first_did() -> None:
    with line() as (port, _):
        for _ in range(3):
            async with RawSerialMaster(port.path) as master:
                assert await master.ask(READ_TWO, 7) == TWO


async def test_without_a_link_the_path_is_the_pseudo_terminal() -> None:
    with line() as (port, _):
        assert port.path == port.port
        assert is_character_device(port.path)


async def test_the_link_leads_to_the_line_and_goes_with_it(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    for _ in range(2):
        with line(link=link) as (port, _):
            assert port.path == str(link)
            async with RawSerialMaster(port.path) as master:
                assert await master.ask(READ_TWO, 7) == TWO
        assert is_empty(tmp_path)


async def test_a_link_left_behind_by_a_killed_run_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    link.symlink_to("/dev/pts/9999")
    with line(link=link) as (port, _):
        assert str(link.readlink()) == port.port


@pytest.mark.parametrize("kind", ["file", "link to a file"])
async def test_what_is_not_such_a_link_is_left_alone(tmp_path: Path, kind: str) -> None:
    link, other = tmp_path / "meter", tmp_path / "other"
    other.write_text("precious")
    if kind == "file":
        link.write_text("precious")
    else:
        link.symlink_to(other)
    with pytest.raises(LinkOccupied, match="meter exists and is no link to a pseudo terminal"):
        line(link=link).__enter__()
    assert link.read_text() == "precious"


async def test_a_link_into_a_missing_directory_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    files = open_files()
    with pytest.raises(FileNotFoundError):
        line(link=tmp_path / "missing" / "meter").__enter__()
    assert open_files() == files


async def test_a_link_that_was_pointed_elsewhere_since_is_not_removed(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with line(link=link):
        link.unlink()
        link.symlink_to("/dev/pts/9999")
    assert str(link.readlink()) == "/dev/pts/9999"


async def test_closing_in_the_middle_of_a_reply_leaves_nothing_behind() -> None:
    files = open_files()
    with line(turn_around_s=10.0) as (port, _):
        async with RawSerialMaster(port.path) as master:
            master.send(with_crc(bytes.fromhex(READ_TWO)))
            await asyncio.sleep(0.02)
    port.close()
    assert open_files() == files
