from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.emulated.cli import main
from tests.stack.forked import command

MODULE = "drivers.emulated.cli"


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(MODULE, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip() for _ in range(count)]


def test_it_prints_where_it_listens_and_what_a_master_must_set(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with running("--meter-link", str(link), "--baud", "19200") as process:
        meter, controller, commands = lines(process, 3)
        assert meter == f"meter       eastron-sdm630: {link}  Modbus RTU, 19200 baud 8N1, unit 1"
        assert re.fullmatch(
            r"controller  phoenix-em-cp-pp-eth: 127\.0\.0\.1:\d+  Modbus TCP, unit 180", controller
        )
        assert commands.startswith("commands    plug unplug")
        assert link.is_symlink()
        assert process.communicate("quit\n") == ("", "")
        assert process.returncode == 0
    assert not link.is_symlink()


def test_commands_come_from_standard_input() -> None:
    with running("--plug") as process:
        output, errors = process.communicate("status\nfly\nunplug\nwait 0\n\nquit\nstatus\n")
        assert (process.returncode, errors) == (0, "")
        assert [line[:7] for line in output.splitlines()[3:]] == ["pilot B", "'fly' i", "pilot A"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_cleanly_even_when_the_input_is_over(number: signal.Signals, tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with running("--meter-link", str(link)) as process:
        lines(process, 3)
        assert process.stdin is not None
        process.stdin.write("plug\n")
        process.stdin.close()
        assert lines(process, 1)[0].startswith("pilot B")
        process.send_signal(number)
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert not link.is_symlink()


def test_it_ends_quietly_when_nobody_reads_its_output() -> None:
    with running() as process:
        lines(process, 3)
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write("status\n")
        process.stdin.flush()
        assert process.wait() == 0
        assert process.stderr.read() == ""


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    assert "exit codes:" in text
    assert "mbpoll -m rtu -b 9600 -P none" in text


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--fly"], "unrecognized arguments: --fly"),
        (["--phases", "4"], "argument --phases: invalid choice"),
        (["--cable", "16"], "argument --cable: invalid choice"),
        (["--baud", "fast"], "argument --baud: invalid int value: 'fast'"),
        (["--baud", "0"], "baud: 0 is not above 0"),
        (["--speed", "0"], "speed 0.0 must be above 0"),
        (["--stored", "70"], "stored_kwh: 70.0 is out of range"),
        (["--tcp-port", "70000"], "argument --tcp-port: 70000 is not a port"),
    ],
)
def test_wrong_arguments_are_told_and_end_with_2(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--meter-profile", "abacus"], "no profile 'abacus'; known: "),
        (["--meter-profile", "./missing.yaml"], "missing.yaml: no such file"),
        (["--controller-profile", "eastron-sdm630"], "a charge-controller is needed, this is a meter"),
    ],
)
def test_a_wrong_profile_is_told_and_ends_with_78(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 78
    assert problem in capsys.readouterr().err


def test_a_broken_profile_file_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: chargehand-profile-1\nid: mine\nkind: abacus\n")
    assert main(["--meter-profile", str(path)]) == 78
    assert f"chargehand-emulate: {path}:3: kind" in capsys.readouterr().err


def test_a_port_that_is_taken_ends_with_69(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--tcp-port", str(taken.getsockname()[1])]) == 69
    assert "address already in use" in capsys.readouterr().err


def test_a_link_in_no_directory_ends_with_69(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "nowhere" / "meter"
    assert main(["--meter-link", str(link)]) == 69
    assert capsys.readouterr().err == f"chargehand-emulate: {link}: No such file or directory\n"


def test_an_option_that_a_scenario_would_ignore_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--scenario", "site.yaml", "--tcp-port", "1502"])
    assert "--tcp-port has no effect with --scenario: say it in the file" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["--check"]])
def test_a_reader_that_goes_away_is_no_failure(words: list[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with open(writes, "wb") as gone:  # noqa: PTH123 - a file descriptor
        done = subprocess.run(command(MODULE, *words), stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_link_that_is_something_else_ends_with_69(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--meter-link", str(tmp_path)]) == 69
    assert f"{tmp_path} exists and is no link to a pseudo terminal" in capsys.readouterr().err


SCENARIO = """\
scenario: chargehand-scenario-1
speed: 100
bays: {left: {plugged: yes}, right: {}}
lines:
  bus: {kind: serial, baud: 115200, link: bus}
  net: {kind: tcp}
devices:
  meter1: {profile: eastron-sdm630, line: bus, bay: left}
  meter2: {profile: eastron-sdm630, line: bus, bay: right, unit: 2}
  cp1: {profile: phoenix-em-cp-pp-eth, line: net, bay: left}
script:
  - {at: 0.1, do: counter meter2 999999.9}
  - {at: 0.3, do: status}
  - {at: 1, do: quit}
faults:
  - {device: meter2, fault: device-swap, at: 0.2}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(SCENARIO)
    return path


def test_check_says_what_there_would_be_and_opens_nothing(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--scenario", str(scenario)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"meter1  eastron-sdm630: {scenario.parent / 'bus'}  Modbus RTU, 115200 baud 8N1, unit 1",
        f"meter2  eastron-sdm630: {scenario.parent / 'bus'}  Modbus RTU, 115200 baud 8N1, unit 2",
        "cp1     phoenix-em-cp-pp-eth: 127.0.0.1:0  Modbus TCP, unit 180",
    ]
    assert not (scenario.parent / "bus").is_symlink()


def test_check_without_a_scenario_opens_nothing_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "meter       eastron-sdm630: a pseudo terminal  Modbus RTU, 9600 baud 8N1, unit 1",
        "controller  phoenix-em-cp-pp-eth: 127.0.0.1:0  Modbus TCP, unit 180",
    ]


def test_check_says_what_is_wrong_and_ends_with_78(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario.write_text(SCENARIO.replace("unit: 2", "unit: 1"))
    assert main(["--check", "--scenario", str(scenario)]) == 78
    assert f"{scenario}: devices meter1 and meter2 on line bus both have unit 1" in capsys.readouterr().err


def test_a_scenario_runs_its_script_and_faults_and_writes_down_what_happened(
    scenario: Path, tmp_path: Path
) -> None:
    log = tmp_path / "truth.jsonl"
    with running("--scenario", str(scenario), "--log", str(log)) as process:
        output, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
    told = output.splitlines()[4:]
    assert told[0] == "> counter meter2 999999.9"
    assert told[1] == "meter2 999999.900000 kWh (register 999999.875000)"
    assert told[2] == "> status"
    assert told[3].startswith("left:  pilot B")
    assert told[4].startswith("right:  pilot A")
    assert told[-1] == "> quit"
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"bay", "command", "counter set", "fault set", "fault begins", "swapped"} <= {
        event["what"] for event in events
    }
    ticks = [event for event in events if event["what"] == "bay" and event["bay"] == "left"]
    assert ticks[0]["pilot"] == "B"
    assert ticks[0]["counters_mwh"] == {"meter1": 12_345_678_000, "cp1": 12_345_678_000}
