from __future__ import annotations

import logging
from pathlib import Path

import pytest

from agent.logs.ring import files, ring


def test_four_files_that_go_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.logs.ring._FILE_BYTES", 1000)
    path = tmp_path / "log" / "agent.log"
    with ring(path):
        for number in range(200):
            logging.getLogger("test").warning("line %d", number)
    logging.getLogger("test").warning("after")
    found = files(path)
    assert len(found) == 4
    assert sum(file.stat().st_size for file in found) <= 4000
    lines = "".join(file.read_text() for file in found).splitlines()
    numbers = [int(line.rpartition(" ")[2]) for line in lines]
    assert numbers == list(range(numbers[0], 200))
    assert lines[-1].endswith("Z WARNING test: line 199")


def test_a_disk_that_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "log").write_text("in the way")
    with ring(tmp_path / "log" / "agent.log"):
        pass
    assert "there will be no log file" in caplog.text
