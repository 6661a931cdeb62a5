from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.system.health import Health
from agent.system.notify import Notifier, report_health


class Manager:
    """systemd's end of the notification socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)

    async def hears(self) -> dict[str, str]:
        async with asyncio.timeout(5):
            text = (await asyncio.get_running_loop().sock_recv(self._socket, 4096)).decode()
        return dict(line.split("=", 1) for line in text.splitlines())

    def all_so_far(self) -> list[str]:
        found: list[str] = []
        while True:
            try:
                found.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return found

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening(address: str) -> Iterator[Manager]:
    manager = Manager(address)
    try:
        yield manager
    finally:
        manager.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with listening(str(tmp_path / "notify")) as manager:
        yield manager


async def test_fields_go_out_in_one_datagram(manager: Manager) -> None:
    Notifier({"NOTIFY_SOCKET": manager.address}).send(READY="1", STATUS="backend accepted")
    assert await manager.hears() == {"READY": "1", "STATUS": "backend accepted"}


async def test_an_abstract_socket_is_reached_too() -> None:
    with listening(f"@chargehand-{os.getpid()}") as manager:
        Notifier({"NOTIFY_SOCKET": manager.address}).send(READY="1")
        assert await manager.hears() == {"READY": "1"}


def test_without_systemd_nothing_happens() -> None:
    notifier = Notifier({})
    notifier.send(READY="1")
    assert notifier.watchdog_s is None


def test_a_manager_that_cannot_be_reached_is_not_fatal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).send(READY="1")
    assert "systemd cannot be notified" in caplog.text


def test_a_manager_that_does_not_read_is_not_waited_for(
    manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": manager.address})
    for _ in range(1000):
        notifier.send(WATCHDOG="1")
    assert "systemd cannot be notified" in caplog.text


@pytest.mark.parametrize(
    ("environment", "watchdog_s"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdogs_interval(environment: dict[str, str], watchdog_s: float | None) -> None:
    assert Notifier(environment).watchdog_s == watchdog_s


async def test_the_watchdog_is_fed_until_a_part_hangs(
    manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    """A part that hangs stops the agent's sign of life although every timer still ticks."""
    caplog.set_level(logging.ERROR)
    now_s = 0.0
    health = Health(lambda: now_s)
    alive = health.watch("meter 1", limit_s=10)
    notifier = Notifier({"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "30000"})
    reporting = asyncio.create_task(report_health(notifier, health, lambda: "all is well"))
    assert await manager.hears() == {"WATCHDOG": "1"}
    assert await manager.hears() == {"STATUS": "all is well"}
    assert await manager.hears() == {"WATCHDOG": "1"}
    now_s = 12.0
    while "STATUS" not in (heard := await manager.hears()):
        pass
    assert heard == {"STATUS": "hangs: meter 1 for 12 s"}
    manager.all_so_far()
    await asyncio.sleep(0.1)
    assert manager.all_so_far() == [], "no sign of life, and nothing is told twice"
    alive()
    assert await manager.hears() == {"WATCHDOG": "1"}
    reporting.cancel()
    assert "meter 1" in caplog.text
