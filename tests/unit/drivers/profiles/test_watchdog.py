from __future__ import annotations

from decimal import Decimal

from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting


def test_a_watchdog_says_which_points_it_touches() -> None:
    arm = (Setting("fallback", Decimal(6)), Setting("timeout", Decimal(30)))
    by_register = Watchdog(
        arm=arm, feed=Setting("heartbeat", Decimal(1)), every_s=5, within_s=20, safe_a=Decimal(6)
    )
    by_reads = Watchdog(arm=arm, feed="read", every_s=5, within_s=20, safe_a=Decimal(6))
    assert by_register.points == {"fallback", "timeout", "heartbeat"}
    assert by_reads.points == {"fallback", "timeout"}
