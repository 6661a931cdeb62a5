"""Speaks sd_notify to systemd: READY, STATUS, WATCHDOG and STOPPING (sd_notify(3))."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping

from agent.system.health import Health

log = logging.getLogger(__name__)

_IDLE_CHECK_S = 5.0


class Notifier:
    """Sends to $NOTIFY_SOCKET; does nothing when the process was not started by systemd."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        usec = environment.get("WATCHDOG_USEC", "")
        pid = environment.get("WATCHDOG_PID", str(os.getpid()))
        watched = usec.isdigit() and int(usec) > 0 and pid == str(os.getpid())
        self.watchdog_s = int(usec) / 1e6 if watched else None
        """The interval in which systemd expects a sign of life, or None."""

    def send(self, **fields: str) -> bool:
        """Send fields such as READY="1"; return whether they are on their way, or nobody wants them.

        A manager that cannot be reached, or does not read, is logged and never waited for.
        """
        if not self._address:
            return True
        payload = "\n".join(f"{name}={value}" for name, value in fields.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.setblocking(False)
                manager.sendto(payload.encode(), self._address)
        except OSError as error:
            log.warning("systemd cannot be notified: %s", error)
            return False
        return True


async def report_health(notifier: Notifier, health: Health, describe: Callable[[], str]) -> None:
    """Tell systemd how the agent is, at a third of the watchdog's interval, until cancelled.

    The watchdog is fed only while every part is alive: an agent of which one part hangs is restarted.
    """
    period_s = _IDLE_CHECK_S if notifier.watchdog_s is None else notifier.watchdog_s / 3
    told = ""
    while True:
        late = health.late()
        if late:
            status = "hangs: " + ", ".join(
                f"{part} for {age_s:.0f} s" for part, age_s in sorted(late.items())
            )
            log.error("%s", status)
        else:
            status = describe()
            notifier.send(WATCHDOG="1")
        if status != told and notifier.send(STATUS=status):
            told = status
        await asyncio.sleep(period_s)
