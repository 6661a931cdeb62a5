"""systemd's own tools judge the units; offline, so that no systemd needs to be running."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.needed import command

SOURCE = Path(__file__).parents[3] / "systemd"
UNITS = ["chargehand-agent.service", "chargehand-backend.service"]
PROGRAMS = {"chargehand-agent": "agent.cli", "chargehand-backend": "backend.cli"}
"""The commands that the units start and the modules behind them."""
CONFIGURATIONS = {
    "station.toml": "chargehand",
    "csms-password": "chargehand",
    "backend.toml": "chargehand-backend",
}
"""The files in /etc/chargehand and the group that may read each."""
INSTALL_PREFIX = "/opt/chargehand/bin/"
MAX_EXPOSURE = 1.5
"""What the units reach, with room for another version's weights."""
HAS_RESTART_STEPS = 254
"""The first systemd that knows RestartSteps= and RestartMaxDelaySec=."""


def run(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of systemd's tools, both outputs as one text."""
    return subprocess.run(
        [command(name), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_LOG_LEVEL": "info"},
    )


def installed_copy(unit: str, folder: Path) -> Path:
    """Copy a unit as it stands, with a program that exists in place of chargehand's."""
    text = (SOURCE / unit).read_text()
    commands = re.findall(rf"^ExecStart={INSTALL_PREFIX}\S+", text, flags=re.MULTILINE)
    assert len(commands) == 1, f"{unit} starts {commands}"
    copy = folder / unit
    copy.write_text(text.replace(commands[0], f"ExecStart={shutil.which('true')}"))
    return copy


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    """Let systemd-analyze read the unit as the service manager would."""
    return run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)


def systemd_version() -> int:
    """Return the installed systemd's major version."""
    found = re.match(r"systemd (\d+)", run("systemd-analyze", "--version").stdout)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("unit", UNITS)
def test_the_service_manager_accepts_the_unit_without_a_word(unit: str, tmp_path: Path) -> None:
    verdict = verify(installed_copy(unit, tmp_path))
    assert (verdict.returncode, verdict.stdout) == (0, "")


def test_a_misspelt_setting_would_be_noticed(tmp_path: Path) -> None:
    copy = installed_copy("chargehand-agent.service", tmp_path)
    copy.write_text(copy.read_text().replace("WatchdogSec=", "WatchDogSec="))
    verdict = verify(copy)
    assert "WatchDogSec" in verdict.stdout


def test_the_back_off_is_accepted_or_named_as_unknown_and_ignored(tmp_path: Path) -> None:
    copy = installed_copy("chargehand-agent.service", tmp_path)
    shutil.copytree(SOURCE / "chargehand-agent.service.d", tmp_path / "chargehand-agent.service.d")
    complaints = verify(copy).stdout.splitlines()
    if systemd_version() >= HAS_RESTART_STEPS:
        assert complaints == []
    else:
        unknown = [re.search(r"Unknown key(?: name)? '(\w+)'.*ignoring", line) for line in complaints]
        assert sorted(found[1] for found in unknown if found) == ["RestartMaxDelaySec", "RestartSteps"]
        assert all(unknown)


@pytest.mark.parametrize("example", ["wait-for-network.conf", "slots-in-folders.conf"])
def test_the_example_drop_ins_are_accepted(tmp_path: Path, example: str) -> None:
    copy = installed_copy("chargehand-agent.service", tmp_path)
    drop_ins = tmp_path / "chargehand-agent.service.d"
    drop_ins.mkdir()
    text = (SOURCE / "examples" / example).read_text()
    for program in (
        "/usr/local/lib/chargehand/chargehand-slot-guard",
        "/opt/chargehand-slots/current/bin/chargehand-agent",
    ):
        text = text.replace(program, "/bin/true")
    (drop_ins / example).write_text(text)
    verdict = verify(copy)
    assert (verdict.returncode, verdict.stdout) == (0, "")


@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_hardened(unit: str) -> None:
    verdict = run("systemd-analyze", "security", "--offline=true", "--no-pager", SOURCE / unit)
    found = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", verdict.stdout)
    assert found is not None, verdict.stdout
    assert float(found[1]) <= MAX_EXPOSURE, verdict.stdout


@pytest.mark.parametrize("unit", UNITS)
def test_the_command_is_known_and_a_wrong_configuration_is_not_retried(unit: str, tmp_path: Path) -> None:
    text = (SOURCE / unit).read_text()
    started = re.search(
        rf"^ExecStart={INSTALL_PREFIX}(\S+) (.*--config) /etc/chargehand/\S+$", text, re.MULTILINE
    )
    final = re.search(r"^RestartPreventExitStatus=(\d+)$", text, re.MULTILINE)
    assert started is not None
    assert final is not None
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("this is not a configuration\n")
    ended = subprocess.run(
        [sys.executable, "-m", PROGRAMS[started[1]], *started[2].split(), wrong],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == int(final[1]), ended.stderr
    assert f"{wrong}:1" in ended.stderr


def prepared_root(folder: Path) -> Path:
    """Return a root folder with chargehand's users and configuration files in it."""
    configuration = folder / "etc" / "chargehand"
    configuration.mkdir(parents=True)
    for name in CONFIGURATIONS:
        (configuration / name).touch(mode=0o644)
    created = run("systemd-sysusers", f"--root={folder}", *sorted(SOURCE.glob("*.sysusers")))
    assert created.returncode == 0, created.stdout
    return folder


def test_users_are_made_and_the_agent_may_use_serial_ports(tmp_path: Path) -> None:
    root = prepared_root(tmp_path)
    passwd = [line.split(":") for line in (root / "etc" / "passwd").read_text().splitlines()]
    homes = {fields[0]: (fields[5], fields[6]) for fields in passwd}
    assert homes == {
        "chargehand": ("/var/lib/chargehand", "/usr/sbin/nologin"),
        "chargehand-backend": ("/var/lib/chargehand-backend", "/usr/sbin/nologin"),
    }
    groups = (root / "etc" / "group").read_text().splitlines()
    assert any(re.fullmatch(r"dialout:x:\d+:chargehand", line) for line in groups)


@pytest.mark.parametrize("file", sorted(SOURCE.glob("*.tmpfiles")), ids=lambda path: path.name)
def test_tmpfiles_are_understood(file: Path, tmp_path: Path) -> None:
    verdict = run("systemd-tmpfiles", f"--root={prepared_root(tmp_path)}", "--clean", file)
    assert (verdict.returncode, verdict.stdout) == (0, "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to other users")
def test_only_root_and_the_service_can_read_a_configuration(tmp_path: Path) -> None:
    root = prepared_root(tmp_path)
    verdict = run("systemd-tmpfiles", f"--root={root}", "--create", *sorted(SOURCE.glob("*.tmpfiles")))
    assert (verdict.returncode, verdict.stdout) == (0, "")
    groups = dict(line.split(":")[::2] for line in (root / "etc" / "group").read_text().splitlines())
    for name, group in CONFIGURATIONS.items():
        status = (root / "etc" / "chargehand" / name).stat()
        assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o640, 0, int(groups[group]))
