from __future__ import annotations

from pathlib import Path

import pytest

from drivers.profiles.check import WRONG, main


def test_a_good_profile_is_described_by_its_requests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dzg-dvh4013"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "dzg-dvh4013: DZG Metering DVH4013, a meter"
    assert lines[1].startswith("  fast  holding 0..19 (20): power_import, power_export, voltage_l1")
    assert lines[2:] == [
        "  fast  holding 16384..16385 (2): energy_import",
        "  power = power_import - power_export",
    ]


def test_a_wrong_profile_is_told_and_the_next_one_still_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("schema: chargehand-profile-9\n")
    assert main([str(path), "abb-b23"]) == WRONG
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{path}:1: schema: ")
    assert captured.out.startswith("abb-b23: ABB")
