"""The technician's commands as processes, on emulated hardware."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import tty
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from drivers.emulated.bay import EmulatedBay
from tests.stack.forked import command

METER, CONTROLLER = "eastron-sdm630", "phoenix-em-cp-pp-eth"
FAST = ("--baud", "115200")


@pytest.fixture
async def bay() -> AsyncIterator[EmulatedBay]:
    async with EmulatedBay(seed=1, baud=115200) as one:
        yield one


async def start(*words: str, stdin: int = DEVNULL, stdout: int = PIPE) -> Process:
    return await asyncio.create_subprocess_exec(
        *command("agent.cli", *words), stdin=stdin, stdout=stdout, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int, str, str]:
    async with asyncio.timeout(40):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out or b"").decode(), err.decode()


async def run(*words: str, stdin: int = DEVNULL) -> tuple[int, str, str]:
    """Run a command; return its exit code and what it wrote to its output and its errors."""
    return await ended(await start(*words, stdin=stdin))


@contextmanager
def locked(port: str) -> Iterator[None]:
    """Hold a port as another program does; raises BlockingIOError if one does already."""
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def controller(bay: EmulatedBay) -> str:
    return f"{bay.controller_host}:{bay.controller_port}"


async def test_probe_finds_a_meter_on_a_serial_line_and_which_profile_fits(bay: EmulatedBay) -> None:
    code, out, err = await run("probe", bay.meter_port, *FAST, "--units", "1-2")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0] == "115200 8N1, unit 1: answers"
    assert lines[1].split()[:2] == ["plausible", f"{METER}:"]
    assert "1 unit found" in err


async def test_probe_finds_a_controller_on_tcp(bay: EmulatedBay) -> None:
    code, out, _ = await run("probe", controller(bay), "--units", "180")
    assert code == 0
    assert f"{controller(bay)}, unit 180: answers" in out
    assert f"plausible  {CONTROLLER}:" in out
    assert bay.writes == [], "it only reads"


async def test_probe_says_what_may_be_wrong_where_nobody_answers(bay: EmulatedBay) -> None:
    bay.silence_meter(True)
    code, out, _ = await run("probe", bay.meter_port, *FAST, "--parity", "N", "--units", "1")
    assert code == 1
    assert "nobody answered: is the device on, are the wires A and B swapped" in out


async def test_probe_keeps_off_a_line_on_which_somebody_talks() -> None:
    line, port = os.openpty()
    tty.setraw(port)
    try:
        process = await start("probe", os.ttyname(port), "--units", "1")
        ending = asyncio.create_task(ended(process))
        while not ending.done():
            os.write(line, b"\x01\x03")
            await asyncio.sleep(0.1)
        code, _, err = await ending
    finally:
        os.close(line)
        os.close(port)
    assert code == 1
    assert "somebody else talks there" in err


async def test_probe_tells_when_a_port_takes_none_of_the_settings(bay: EmulatedBay) -> None:
    code, _, err = await run("probe", bay.meter_port, "--parity", "E", "--units", "1")
    assert code == 1
    assert 'use parity = "N" on emulated hardware' in err


async def test_interrupted_a_command_gives_its_port_back(bay: EmulatedBay) -> None:
    process = await start("probe", bay.meter_port, *FAST, "--units", "1-247")
    assert process.stderr is not None
    while b"unit 1" not in await process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    code, _, err = await ended(process)
    assert (code, err.splitlines()[-1]) == (130, "stopped")
    with locked(bay.meter_port):
        assert process.returncode == 130


async def test_read_shows_what_the_device_says(bay: EmulatedBay) -> None:
    code, out, err = await run("read", bay.meter_port, METER, *FAST)
    assert code == 0, err
    heading, _, *table = out.splitlines()
    assert heading == f"Eastron SDM630-Modbus V2 ({METER}), unit 1 on {bay.meter_port}"
    rows = {line.split()[0]: line.split()[1:] for line in table}
    value, unit, quality, age, _ = rows["energy_import"]
    assert float(value) == pytest.approx(bay.energy_register_mwh / 1e6, abs=1e-6)
    assert (unit, quality) == ("kWh", "good")
    assert 0 <= float(age) < 5


async def test_read_of_a_silent_device_says_so_and_nothing_else(bay: EmulatedBay) -> None:
    bay.silence_meter(True)
    code, out, err = await run("read", bay.meter_port, METER, *FAST, "--once", "--timeout", "0.1")
    assert (code, out) == (1, "")
    assert err.startswith("chargehand-agent: unit 1: read ")
    assert err.endswith(": no reply\n")


async def test_on_a_terminal_read_goes_on_until_it_is_interrupted(bay: EmulatedBay) -> None:
    line, terminal = os.openpty()
    os.set_blocking(line, False)
    seen = b""
    try:
        process = await start("read", bay.meter_port, METER, *FAST, "--every", "0.1", stdout=terminal)
        async with asyncio.timeout(40):
            while seen.count(b"\x1b[H\x1b[J") < 3:
                await asyncio.sleep(0.05)
                try:
                    seen += os.read(line, 65536)
                except BlockingIOError:
                    continue
        process.send_signal(signal.SIGINT)
        code, _, err = await ended(process)
    finally:
        os.close(line)
        os.close(terminal)
    assert (code, err) == (130, "stopped\n")


async def test_write_sets_a_point_and_reads_it_back(bay: EmulatedBay) -> None:
    code, out, err = await run("write", controller(bay), CONTROLLER, "max_current", "17", "--yes")
    assert code == 0, err
    assert "will write max_current = 17 A (holding 300, function 6)" in out
    assert out.endswith("written; it reads back 17 A\n")
    assert [write.values for write in bay.writes] == [(17,)]


@pytest.mark.parametrize(("typed", "code"), [(b"yes\n", 0), (b"y\n", 1)])
async def test_without_yes_write_asks_for_it(bay: EmulatedBay, typed: bytes, code: int) -> None:
    line, terminal = os.openpty()
    try:
        os.write(line, typed)
        found, out, _ = await run("write", controller(bay), CONTROLLER, "max_current", "17", stdin=terminal)
    finally:
        os.close(line)
        os.close(terminal)
    assert found == code
    assert 'type "yes" to write it:' in out
    assert len(bay.writes) == (1 if code == 0 else 0)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("max_current", "17"), "without a terminal nobody can confirm; add --yes"),
        (("max_current", "99", "--yes"), "max_current cannot be set to 99 A; the profile allows 6..80 A"),
        (
            ("pilot", "A", "--yes"),
            "pilot may not be written; points that may: digital, enable, max_current, station_available",
        ),
        (
            ("magic", "1", "--yes"),
            "magic is no point of it; points that may: digital, enable, max_current, station_available",
        ),
        (("enable", "perhaps", "--yes"), "enable is on or off"),
    ],
)
async def test_write_refuses_what_the_profile_does_not_allow(
    bay: EmulatedBay, words: tuple[str, ...], why: str
) -> None:
    code, _, err = await run("write", controller(bay), CONTROLLER, *words)
    assert code == 1
    assert why in err
    assert bay.writes == []


@pytest.mark.parametrize("command", ["probe", "read"])
async def test_a_port_that_the_agent_uses_is_left_to_it(bay: EmulatedBay, command: str) -> None:
    words = [command, bay.meter_port, *([METER, "--once"] if command == "read" else [])]
    with locked(bay.meter_port):
        code, out, err = await run(*words)
    assert code == 1
    assert "another program uses it; if that is the agent, stop it first" in out + err
