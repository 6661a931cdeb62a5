from __future__ import annotations

import asyncio

import pytest

from agent.system.concerning import concerning, present


def test_what_is_inside_adds_to_what_is_outside() -> None:
    with concerning(evse=1):
        with concerning(transaction="t-1", message="m-1", action="Reset"):
            assert present() == {
                "CHARGEHAND_EVSE": "1",
                "CHARGEHAND_TRANSACTION": "t-1",
                "OCPP_MESSAGE_ID": "m-1",
                "OCPP_ACTION": "Reset",
            }
        with concerning(transaction=None, evse=2):
            assert present() == {"CHARGEHAND_EVSE": "2"}
        assert present() == {"CHARGEHAND_EVSE": "1"}
    assert present() == {}


def test_an_error_ends_it_as_well() -> None:
    with pytest.raises(KeyError), concerning(evse=1):
        raise KeyError
    assert present() == {}


async def test_tasks_have_what_they_were_started_with() -> None:
    async def later() -> str | None:
        await asyncio.sleep(0)
        return present().get("CHARGEHAND_EVSE")

    with concerning(evse=1):
        first = asyncio.create_task(later())
    with concerning(evse=2):
        second = asyncio.create_task(later())
    assert (await first, await second, await later()) == ("1", "2", None)
