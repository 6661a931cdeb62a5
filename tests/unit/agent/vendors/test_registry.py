from __future__ import annotations

from typing import Any

import pytest

from agent.vendors.registry import Answer, Vendors

VENDOR = "org.example.vendor"


async def hello(data: Any) -> Answer:
    if data != "hello":
        return Answer(status="Rejected", why="be polite")
    return Answer(status="Accepted", data={"hello": True})


async def nameless(data: Any) -> Answer:
    return Answer(status="Accepted", data=data)


@pytest.fixture
def vendors() -> Vendors:
    known = Vendors()
    known.register(VENDOR, "hello", hello)
    known.register(VENDOR, None, nameless)
    known.register("org.example.other", "bye", nameless)
    return known


@pytest.mark.parametrize(
    ("vendor", "message", "data", "status"),
    [
        (VENDOR, "hello", "hello", "Accepted"),
        (VENDOR.upper(), "hello", "hello", "Accepted"),
        (VENDOR, "hello", "you", "Rejected"),
        (VENDOR, None, [1], "Accepted"),
        (VENDOR, "bye", None, "UnknownMessageId"),
        (VENDOR, "HELLO", None, "UnknownMessageId"),
        ("org.example.other", None, None, "UnknownMessageId"),
        ("org.example", "hello", "hello", "UnknownVendorId"),
    ],
)
async def test_the_vendor_and_the_message_choose_who_answers(
    vendors: Vendors, vendor: str, message: str | None, data: Any, status: str
) -> None:
    """P01.FR.05, P01.FR.06, P01.FR.07."""
    answer = await vendors.receive(vendor, message, data)
    assert answer.status == status
    assert (answer.why is None) == (status == "Accepted")
