from __future__ import annotations

import re
from pathlib import Path
from shutil import copy

import pytest

from agent.cli import main
from agent.technician.profile import EX_CONFIG
from drivers.profiles.find import list_profiles


def test_a_right_profile_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", "abb-b23"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "abb-b23: ABB B23, B24, a meter, Modbus RTU 19200 8E1, unit 1"
    assert lines[-1] == "  unverified: serial, unit, max_hole"


def test_a_wrong_profile_is_told_and_the_next_one_still_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("schema: chargehand-profile-9\n")
    assert main(["profile", "check", str(path), "abb-b23"]) == EX_CONFIG
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{path}:1: schema: ")
    assert captured.out.startswith("abb-b23: ABB")


def test_an_unknown_profile_is_told_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", "abb-b24"]) == EX_CONFIG
    assert "no profile 'abb-b24' (did you mean abb-b23?); known: abb-b23, " in capsys.readouterr().err


def test_all_profiles_are_listed_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "list"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["profile", "role", "interface", "unverified", "device"]
    assert sorted(row.split()[0] for row in rows) == sorted(list_profiles())
    (abb,) = [row for row in rows if row.startswith("abb-b23 ")]
    assert re.split(r" {2,}", abb) == [
        "abb-b23",
        "meter",
        "Modbus RTU 19200 8E1, unit 1",
        "3",
        "ABB B23, B24",
    ]


def test_only_one_kind_is_listed_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "list", "--kind", "isolation-monitor"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[0] for row in rows] == ["bender-isocha425hv"]


def test_profiles_of_a_directory_are_found_checked_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(list_profiles()["abb-b23"]).read_text().replace("id: abb-b23", "id: my-b23")
    (tmp_path / "my-b23.yaml").write_text(text)
    directory = ["--directory", str(tmp_path)]
    assert main(["profile", "check", "my-b23", *directory]) == 0
    assert main(["profile", "list", *directory]) == 0
    assert "\nmy-b23  " in capsys.readouterr().out


def test_a_wrong_profile_in_the_directory_is_told_and_the_others_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy(list_profiles()["abb-b23"], tmp_path / "other-name.yaml")
    assert main(["profile", "list", "--directory", str(tmp_path)]) == EX_CONFIG
    captured = capsys.readouterr()
    assert "other-name.yaml:" in captured.err
    assert "\nabb-b23 " in captured.out


@pytest.mark.parametrize(
    "command",
    [
        ["profile"],
        ["profile", "check"],
        ["profile", "list", "--kind", "toaster"],
        ["profile", "list", "--directory", "/nowhere"],
    ],
)
def test_wrong_usage_is_told(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert "usage: chargehand-agent profile" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["check"], ["list"]])
def test_help_has_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["profile", *command, "--help"])
    assert "chargehand-agent profile check ./my-meter.yaml" in capsys.readouterr().out
