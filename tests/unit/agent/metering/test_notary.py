"""The notary, with an emulated meter on a real line; what happens at every single request is in tests/hil."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from agent.metering.notary import Notary
from drivers.ports import DeviceError
from drivers.readings import SigningState
from drivers.signed.ocmf import parse
from tests.hil.signing import SILENT_S, WHO, place

EARLIER = replace(WHO, transaction_id="earlier", token="11111111")


@pytest.mark.parametrize("confirmed", [True, False])
async def test_what_was_left_behind_is_ended_and_told_before_the_next_one_begins(
    caplog: pytest.LogCaptureFixture, *, confirmed: bool
) -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        notary = Notary("EVSE 1", meter, pause_s=0.01)
        await meter.begin(EARLIER)
        if not confirmed:
            await meter.end(EARLIER)
        with caplog.at_level(logging.WARNING):
            await notary.begin(WHO, 5.0)
        assert "left behind: OCMF|" in caplog.text
        assert EARLIER.token in caplog.text
        end = await notary.end(WHO, 5.0)
        assert end is not None
        assert parse(end.text).identification == WHO.token


async def test_a_failure_is_tried_again_until_the_time_is_up() -> None:
    async with place("iskra-wm3m4") as here, here.driver(SILENT_S) as (meter, wire):
        here.device.silent = True
        with pytest.raises(DeviceError):
            await Notary("EVSE 1", meter, pause_s=0.01).begin(WHO, 5 * SILENT_S)
        assert len(wire.requests) > 1

        def answer_again(number: int, _: object) -> bool:
            here.device.silent = number < 3
            return False

        wire.requests.clear()
        wire.before = answer_again
        begin = await Notary("EVSE 1", meter, pause_s=0.01).begin(WHO, 20.0)
        assert begin is not None
        assert await meter.signing_state() is SigningState.ACTIVE


async def test_an_end_of_nothing_is_no_reading(caplog: pytest.LogCaptureFixture) -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        assert await Notary("EVSE 1", meter, pause_s=0.01).end(WHO, 5.0) is None
        assert f"no signed end of transaction {WHO.transaction_id}" in caplog.text
