from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.files import firmware_version, manufacturer_roots, own_log
from agent.firmware.section import FirmwareSection
from agent.firmware.service import NoFirmware
from agent.store.database import Database
from tests.unit.agent.file_services import file_services
from tests.unit.agent.hardware import HandClock, MemorySettings
from tests.unit.agent.system.slots.images import prepare_slots

_IMPORTED = """\
import sys, agent.app, agent.csms.v201.dialect
print(*(name for name in ("asyncssh", "ftplib", "agent.firmware.signature") if name in sys.modules))
"""


def test_an_agent_that_transfers_nothing_loads_no_clients() -> None:
    """Each of them takes memory that most chargers never need."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED], check=True, capture_output=True, text=True, cwd=Path.cwd()
    )
    assert done.stdout.split() == []


def test_the_version_of_the_slot_that_runs(tmp_path: Path) -> None:
    prepare_slots(tmp_path / "slots", "1.2\n")
    section = FirmwareSection(slots="directory", directory=str(tmp_path / "slots"))
    assert firmware_version(section, "") == "1.2"
    assert firmware_version(section, "9") == "9"
    assert firmware_version(FirmwareSection(), "") == ""
    (tmp_path / "slots" / "a" / "VERSION").unlink()
    assert firmware_version(section, "") == ""


def test_the_station_files_roots(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "roots.pem"
    section = FirmwareSection(manufacturer_roots=str(path))
    assert manufacturer_roots(section) == ""
    assert "manufacturer_roots" in caplog.text
    path.write_text("PEM")
    assert manufacturer_roots(section) == "PEM"


async def test_slots_that_are_not_set_up_are_no_reason_not_to_charge(tmp_path: Path) -> None:
    section = FirmwareSection(slots="directory", directory=str(tmp_path / "nothing"))
    clock = HandClock()

    async def tell(_: object) -> None:
        return

    database = Database(tmp_path / "agent.db")
    files = file_services(tmp_path, database, MemorySettings(), tell, clock.now, firmware=section)
    assert isinstance(files.firmware, NoFirmware)
    assert files.hindrance() is None


def test_a_log_of_our_own_only_without_a_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    state.mkdir()
    with (tmp_path / "stderr").open("w") as errors:
        found = os.fstat(errors.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        monkeypatch.setattr(sys, "stderr", errors)
        with own_log(state):
            assert not list(state.iterdir())
    monkeypatch.undo()
    with own_log(state):
        assert [path.name for path in state.iterdir()] == ["log"]
