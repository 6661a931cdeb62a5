from __future__ import annotations

from datetime import UTC, datetime

from agent.csms.identity import Identity
from agent.csms.v201.boot_notification import message, read
from ocppj.messages import v201

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_the_station_says_of_itself() -> None:
    """B01.FR.01, B01.FR.09; what is not known is left out."""
    full = Identity(station_id="CH-1", vendor="V", model="M", serial="S", firmware="1.2")
    assert message(full, "RemoteReset") == v201.BootNotificationRequest(
        reason="RemoteReset",
        charging_station=v201.ChargingStationType(
            vendor_name="V", model="M", serial_number="S", firmware_version="1.2"
        ),
    )
    bare = message(Identity(station_id="CH-1", vendor="V", model="M", serial="", firmware=""), "PowerUp")
    assert (bare.charging_station.serial_number, bare.charging_station.firmware_version) == (None, None)


def test_what_the_backend_answered() -> None:
    answer = read(v201.BootNotificationResponse(current_time=NOW, interval=30, status="Pending"))
    assert (answer.status, answer.interval_s, answer.backend_time) == ("Pending", 30, NOW)
