from __future__ import annotations

from pathlib import Path

import pytest

from agent.system.boot import LastRun, boot_reason, kernel_boot_id, service_result


def last(boot_id: str | None = "A", *, has_ended: bool = False, announced: str | None = None) -> LastRun:
    return LastRun(boot_id=boot_id, has_ended=has_ended, announced=announced)


@pytest.mark.parametrize(
    ("before", "boot_id", "result", "reason"),
    [
        (last(None), "A", "", "PowerUp"),
        (last("A"), "B", "", "PowerUp"),
        (last("A", has_ended=True), "B", "", "PowerUp"),
        (last("A", has_ended=True), "A", "success", "LocalReset"),
        (last("A"), "A", "", "ApplicationReset"),
        (last("A"), "A", "oom-kill", "ApplicationReset"),
        (last("A"), "A", "watchdog", "Watchdog"),
        (last("A", has_ended=True, announced="RemoteReset"), "A", "success", "RemoteReset"),
        (last("A", announced="FirmwareUpdate"), "B", "", "FirmwareUpdate"),
        (last(""), "", "", "Unknown"),
        (last("", has_ended=True), "", "", "LocalReset"),
    ],
)
def test_every_start_has_its_reason(before: LastRun, boot_id: str, result: str, reason: str) -> None:
    """B01.FR.09: a fault of the agent's is no power cut."""
    assert boot_reason(before, boot_id, result) == reason


def test_the_kernel_says_which_start_of_the_machine_it_is() -> None:
    assert len(kernel_boot_id()) == 36


def test_how_the_last_run_ended_is_read_where_systemd_left_it(tmp_path: Path) -> None:
    assert service_result(tmp_path) == ""
    (tmp_path / "last-result").write_text("watchdog\n")
    assert service_result(tmp_path) == "watchdog"
    (tmp_path / "last-result").write_bytes(b"\xff")
    assert service_result(tmp_path) == ""
