from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.payments.web import address, one_time_password


@pytest.mark.parametrize(
    ("secret", "validity_s", "length", "interval", "password"),
    [
        ("MySharedSecret", 30, 8, 59_000_000, "5AViTp52"),
        ("MySharedSecret", 30, 8, 59_000_001, "8M9BjBLF"),
        ("ABCDEFGH12345678", 60, 6, 1, "gXEOrp"),
    ],
)
def test_one_time_passwords_of_known_intervals(
    secret: str, validity_s: int, length: int, interval: int, password: str
) -> None:
    """C25.FR.52: the same throughout the interval."""
    for second in (0, validity_s - 1):
        at = datetime.fromtimestamp(interval * validity_s + second, UTC)
        assert one_time_password(secret, validity_s, length, at) == password


def test_addresses() -> None:
    """C25.FR.50, C25.FR.51: what would break the address is escaped."""
    template = "https://x.example/{chargingstationid}/{evse}?p={totp}&v={version}"
    assert address(template, "CH*1/2", 3, "aB3") == "https://x.example/CH%2A1%2F2/3?p=aB3&v=v1"
    limits = {"maxcost": "20.5", "maxtime": "60"}
    assert address(template, "S", 1, "p", limits).endswith("?p=p&v=v1&maxcost=20.5&maxtime=60")
    assert address("https://x/{evse}", "S", 1, "p", limits) == "https://x/1?maxcost=20.5&maxtime=60"
