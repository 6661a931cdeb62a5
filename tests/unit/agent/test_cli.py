from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.system.control import ControlError, ControlServer
from agent.variables.declared import declared
from tests.stack.forked import command
from tests.unit.agent.station_file import RIGHT, write

STATUS = {
    "station": "CH-1",
    "backend": "accepted",
    "outbox": {"waiting": 2, "set_aside": 1},
    "readers": [
        {"reader": "reader 1", "evse": None, "problem": None},
        {"reader": "reader 2", "evse": 2, "problem": "/dev/ttyRFID: no answer"},
    ],
    "evses": [
        {
            "evse": 1,
            "status": "Occupied",
            "pilot": "C",
            "charging_state": "Charging",
            "transaction": "tx",
            "fault": None,
            "meter": {"energy_wh": 12345, "energy_age_s": 0.4, "problems": []},
            "cost": None,
        },
        {
            "evse": 2,
            "status": "Faulted",
            "pilot": "F",
            "charging_state": "Idle",
            "transaction": None,
            "fault": "control pilot F",
            "meter": None,
            "cost": None,
        },
    ],
}


DISPLAY = {
    "places": [
        {"evse": None, "now": None, "cycle": []},
        {"evse": 1, "now": {"text": "Hello"}, "cycle": [{"text": "Hello"}, {"text": "3 EUR"}]},
    ],
    "screens": [
        {"screen": "display 1", "lines": ["Hello"], "problem": None},
        {"screen": "display 2", "lines": [], "problem": "/dev/ttyS1: no answer"},
    ],
}


@asynccontextmanager
async def pretending(directory: Path) -> AsyncIterator[list[Mapping[str, Any]]]:
    """An agent's control socket without an agent."""
    asked: list[Mapping[str, Any]] = []

    async def status(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return STATUS

    async def tap(request: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(request)
        if request["token"] == "BAD":
            return {"accepted": False, "why": "Blocked", "evse": 1}
        if request["token"] == "BROKEN":
            raise ControlError("there is no EVSE 9")
        return {"accepted": True, "why": "", "evse": 2}

    async def variables(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"OCPPCommCtrlr.OfflineThreshold": "77", "EVSE.Power": {"1": "0", "2": "11040"}}

    async def metrics(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"text": "# TYPE a gauge\na 1\n"}

    async def display(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return DISPLAY

    async def transfer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(request)
        if request["vendor"] == "nobody":
            return {"status": "UnknownVendorId", "data": None, "why": "who is that?"}
        return {"status": "Accepted", "data": request["data"], "why": None}

    commands = {
        "status": status, "tap": tap, "variables": variables, "metrics": metrics,
        "display": display, "transfer": transfer,
    }  # fmt: skip
    async with ControlServer(directory / "agent.sock", commands).listening():
        yield asked


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, list(arguments))


def test_a_right_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(write(tmp_path))]) == 0
    assert "station CH-1, 1 EVSE, backend ws://127.0.0.1:9/ocpp: fine" in capsys.readouterr().out


def test_a_right_file_without_a_backend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csms = RIGHT[RIGHT.index("[csms]") : RIGHT.index("[state]")]
    path = write(tmp_path, RIGHT.replace(csms, ""))
    assert main(["check", "--config", str(path)]) == 0
    assert "station CH-1, 1 EVSE, no backend: fine" in capsys.readouterr().out


def test_check_looks_at_the_files_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path)
    text = (
        path.read_text("utf-8").replace("ws://", "wss://").replace("[csms]", '[csms]\nca_file = "gone.pem"')
    )
    path.write_text(text, "utf-8")
    assert main(["check", "--config", str(path)]) == 78
    assert "csms.ca_file cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "run", "status"])
def test_a_wrong_file_is_exit_code_78(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """EX_CONFIG, which systemd does not restart from."""
    path = write(tmp_path, RIGHT.replace('vendor = "chargehand"', "vendor = 7"))
    assert main([command, "--config", str(path)]) == 78
    captured = capsys.readouterr()
    assert captured.err == f"chargehand-agent: {path}:3: station.vendor: Expected `str`, got `int`\n"


def test_the_file_may_be_named_by_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARGEHAND_STATION", str(write(tmp_path)))
    assert main(["check"]) == 0
    assert "fine" in capsys.readouterr().out


def test_wrong_usage_is_exit_code_2_and_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "chargehand-agent tap 04A2B3C4" in capsys.readouterr().out


def test_an_agent_that_does_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--config", str(write(tmp_path))]) == 1
    assert "no agent listens at" in capsys.readouterr().err


async def test_status_for_people_and_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path))
    async with pretending(tmp_path):
        assert await run("status", "--config", path) == 0
        assert capsys.readouterr().out.splitlines() == [
            "station CH-1, backend accepted",
            "outbox: 2 to deliver, 1 set aside",
            "EVSE 1: Occupied, pilot C, Charging, 12345 Wh, 0.4 s ago",
            "EVSE 2: Faulted, pilot F, no transaction, meter silent, fault: control pilot F",
            "reader 1: answers",
            "reader 2: /dev/ttyRFID: no answer",
        ]
        assert await run("status", "--json", "--config", path) == 0
        assert json.loads(capsys.readouterr().out) == STATUS


async def test_what_drivers_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path))
    async with pretending(tmp_path):
        assert await run("display", "--config", path) == 0
        assert capsys.readouterr().out.splitlines() == [
            "station: nothing",
            "EVSE 1: Hello | 3 EUR",
            "display 1: answers",
            "display 2: /dev/ttyS1: no answer",
        ]
        assert await run("display", "--json", "--config", path) == 0
        assert json.loads(capsys.readouterr().out) == DISPLAY


async def test_what_a_vendor_agreed_on_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path))
    async with pretending(tmp_path) as asked:
        assert await run("transfer", "org.example", "hello", "--data", '{"left": 3}', "--config", path) == 0
        assert json.loads(capsys.readouterr().out) == {"left": 3}
        assert await run("transfer", "org.example", "--config", path) == 0
        assert capsys.readouterr().out == "Accepted\n"
        assert await run("transfer", "nobody", "--config", path) == 1
        assert capsys.readouterr().err == "UnknownVendorId: who is that?\n"
    assert [(one["message"], one["data"]) for one in asked] == [
        ("hello", {"left": 3}),
        (None, None),
        (None, None),
    ]


async def test_a_tap_is_accepted_refused_or_impossible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path))
    async with pretending(tmp_path) as asked:
        assert await run("tap", "04A2", "--evse", "2", "--config", path) == 0
        assert capsys.readouterr().out == "accepted on EVSE 2\n"
        assert await run("tap", "BAD", "--type", "KeyCode", "--config", path) == 1
        assert capsys.readouterr().err == "refused: Blocked\n"
        assert await run("tap", "BROKEN", "--config", path) == 1
        assert "there is no EVSE 9" in capsys.readouterr().err
    assert [(request["token"], request["type"], request["evse"]) for request in asked] == [
        ("04A2", "ISO14443", 2),
        ("BAD", "KeyCode", None),
        ("BROKEN", "ISO14443", None),
    ]


async def test_variables_with_meaning_limits_and_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path))
    assert await run("variables", "--config", path) == 0
    shown = capsys.readouterr().out
    assert all(variable.name in shown and variable.help in shown for variable in declared())
    assert "OCPPCommCtrlr.OfflineThreshold = '60'\n    integer 0..86400 s, ReadWrite: After a longer" in shown
    async with pretending(tmp_path):
        assert await run("variables", "--running", "--config", path) == 0
    shown = capsys.readouterr().out
    assert "OCPPCommCtrlr.OfflineThreshold = '77'" in shown
    assert "EVSE.Power = 1: '0', 2: '11040'\n" in shown


async def test_metrics_are_printed_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with pretending(tmp_path):
        assert await run("metrics", "--config", str(write(tmp_path))) == 0
    assert capsys.readouterr().out == "# TYPE a gauge\na 1\n"


def test_the_command_as_a_process(tmp_path: Path) -> None:
    path = write(tmp_path, "nonsense")
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", "run", "--config", str(path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert done.returncode == 78
    assert done.stderr.startswith(f"chargehand-agent: {path}:1: not TOML")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("buffering", ["", "1"])
@pytest.mark.parametrize("words", [["variables"], ["profile", "list"], ["profile", "check", "abb-b23"]])
def test_a_reader_that_goes_away_ends_the_command_without_a_word(words: list[str], buffering: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    environment = {**os.environ, "PYTHONUNBUFFERED": buffering}
    agent = command("agent.cli", *words)
    with open(writes, "wb") as gone:  # noqa: PTH123 - a file descriptor
        done = subprocess.run(agent, stdout=gone, stderr=subprocess.PIPE, env=environment, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
