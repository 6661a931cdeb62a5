from __future__ import annotations

import asyncio
import base64
import logging
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from agent.authorization.authorizer import BackendUnreachable
from agent.csms.connection import CallFailed
from agent.transactions.records import Sample, Token
from ocppj.messages import v201
from ocppj.repair import Quirk
from tests.conformance.kit import Csms, Payload, Refuse, Refused, Silence
from tests.unit.agent.csms.link import link_to, running

CARD = Token(id="CARD", type="ISO14443")
RESET = {"type": "OnIdle", "evseId": 1}


async def test_the_address_and_the_credentials(tmp_path: Path) -> None:
    """A00.FR.202, A00.FR.203; OCPP-J: the identity is percent-encoded in the URL."""
    async with Csms() as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.expect("BootNotification")
    expected = base64.b64encode(b"CH/1:pass-word-of-sixteen").decode()
    assert csms.paths == ["/ocpp/CH%2F1"]
    assert csms.requests[0]["Authorization"] == f"Basic {expected}"
    assert csms.requests[0]["Sec-WebSocket-Protocol"] == "ocpp2.1, ocpp2.0.1, ocpp1.6"


async def test_no_password_no_credentials(tmp_path: Path) -> None:
    async with Csms() as csms, link_to(csms.url, tmp_path, password="") as link, running(link):
        await csms.expect("BootNotification")
    assert "Authorization" not in csms.requests[0]


async def test_a_password_the_backend_set_is_used(tmp_path: Path) -> None:
    """A01."""
    settings = {"SecurityCtrlr__BasicAuthPassword": "another-password-1"}
    async with Csms() as csms, link_to(csms.url, tmp_path, **settings) as link, running(link):
        await csms.expect("BootNotification")
    expected = base64.b64encode(b"CH/1:another-password-1").decode()
    assert csms.requests[0]["Authorization"] == f"Basic {expected}"


@pytest.mark.parametrize("status", [HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.BAD_GATEWAY])
async def test_a_backend_that_refuses_is_tried_again(
    tmp_path: Path, status: HTTPStatus, caplog: pytest.LogCaptureFixture
) -> None:
    async with Csms(refuse_with=status) as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.until(lambda: len(csms.requests) >= 2)
        assert link.client.state == "disconnected"
        csms.refuse_with = None
        await csms.expect("BootNotification")
    assert f"HTTP {status.value}" in caplog.text


async def test_a_backend_that_names_no_version_is_taken_for_one_of_1_6(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        Csms(subprotocol=None, version="1.6") as csms,
        link_to(csms.url, tmp_path) as link,
        running(link),
    ):
        await csms.expect("BootNotification", lambda payload: "chargePointVendor" in payload)
    assert "names no version of OCPP" in caplog.text


async def test_what_the_backend_gets_wrong_is_understood_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {"status": "accepted", "currentTime": "2026-01-02T03:04:05", "interval": 300, "extra": None}
    async with (
        Csms(script={"BootNotification": wrong}) as csms,
        link_to(csms.url, tmp_path) as link,
        running(link),
    ):
        await csms.until(lambda: link.client.is_registered)
        assert link.client.figures.quirks == {Quirk.CAPITALS: 1, Quirk.NO_ZONE: 1, Quirk.EXTRA: 1}
    assert caplog.text.count("it is understood all the same") == 3


async def test_a_backend_that_closes_at_once_is_not_hammered(tmp_path: Path) -> None:
    async with Csms(closes_at_once=True) as csms, link_to(csms.url, tmp_path) as link, running(link):
        await asyncio.sleep(1)
        assert 2 <= len(csms.requests) <= 6


async def test_nobody_listens(tmp_path: Path) -> None:
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        port = csms.port
        await csms.close()
        async with running(link):
            await asyncio.sleep(0.5)
            assert link.client.state == "disconnected"
            with pytest.raises(CallFailed) as failed:
                await link.client.call(v201.HeartbeatRequest())
            assert failed.value.is_disconnected
            await csms.listen(port)
            await csms.expect("BootNotification")


async def test_the_wait_grows_with_every_attempt_that_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """OCPP 2.0.1 part 4, 5.3."""
    caplog.set_level(logging.INFO)
    settings = {
        "OCPPCommCtrlr__RetryBackOffWaitMinimum": "1",
        "OCPPCommCtrlr__RetryBackOffRepeatTimes": "3",
    }
    csms = Csms(refuse_with=HTTPStatus.SERVICE_UNAVAILABLE)
    async with csms, link_to(csms.url, tmp_path, **settings) as link, running(link):
        await csms.until(lambda: len(csms.requests) == 3)
    waits = [record.args for record in caplog.records if "again in" in record.msg]
    assert waits[:2] == [(1.0,), (2.0,)]


# registration


async def test_an_accepted_station_is_online(tmp_path: Path) -> None:
    async with Csms(boot_interval_s=42) as csms, link_to(csms.url, tmp_path) as link, running(link):
        assert not link.client.is_registered
        boot = await csms.expect("BootNotification")
        await csms.until(lambda: link.client.is_online)
        assert link.client.state == "accepted"
        assert link.settings.stored == {"OCPPCommCtrlr.HeartbeatInterval": "42"}
    assert boot.payload == {
        "reason": "PowerUp",
        "chargingStation": {"vendorName": "chargehand", "model": "Unit", "serialNumber": "0001"},
    }


@pytest.mark.parametrize(("interval_s", "used"), [(0, None), (10_000_000, "86400")])
async def test_intervals_at_the_edge(tmp_path: Path, interval_s: int, used: str | None) -> None:
    """B01.FR.04: 0 leaves the choice to the station."""
    async with Csms(boot_interval_s=interval_s) as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.expect("BootNotification")
        await csms.until(lambda: link.client.is_online)
        await asyncio.sleep(0.05)
        assert link.settings.stored.get("OCPPCommCtrlr.HeartbeatInterval") == used


async def test_a_connection_that_is_lost_does_not_register_again(tmp_path: Path) -> None:
    """OCPP 2.0.1 part 4, 5.3; B04: Heartbeat instead."""
    async with Csms() as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.expect("BootNotification")
        await csms.until(lambda: link.client.is_online)
        await csms.drop()
        await csms.expect("Heartbeat")
        assert len(csms.calls("BootNotification")) == 1


async def test_the_interval_of_a_pending_registration_holds_over_connections(tmp_path: Path) -> None:
    """B02.FR.04: also a backend that hangs up (B03.FR.04) is not asked sooner."""
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        csms.script["BootNotification"] = lambda _: csms.boot("Pending", 2)
        async with running(link):
            first = await csms.expect("BootNotification")
            await csms.drop()
            await csms.until(lambda: csms.connections == 2)
            second = await csms.expect("BootNotification")
    assert second.at_s - first.at_s >= 2


async def test_a_registration_that_is_not_answered_is_tried_again_in_its_own_time(tmp_path: Path) -> None:
    settings = {
        "OCPPCommCtrlr__MessageTimeout[Default]": "1",
        "OCPPCommCtrlr__HeartbeatInterval": "1",
    }
    silent = Csms(script={"BootNotification": Silence()})
    async with silent as csms, link_to(csms.url, tmp_path, **settings) as link, running(link):
        await csms.expect("BootNotification")
        await csms.expect("BootNotification")
        csms.script["BootNotification"] = Refuse("InternalError")
        await csms.expect("BootNotification")
        csms.script.clear()
        await csms.expect("BootNotification")
        await csms.until(lambda: link.client.is_online)
    assert {call.action for call in csms.received} == {"BootNotification"}


async def test_a_rejected_station_answers_nothing_else(tmp_path: Path) -> None:
    """B03.FR.08; TC_B_30_CS."""
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        csms.script["BootNotification"] = lambda _: csms.boot("Rejected", 60)
        async with running(link):
            await csms.expect("BootNotification")
            with pytest.raises(Refused, match="SecurityError"):
                await csms.call("Reset", RESET)


async def test_a_handler_that_breaks_down_afterwards_does_not_end_the_agent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Csms() as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.expect("BootNotification")

        async def break_down(*_: object) -> None:
            raise ZeroDivisionError

        link.station.resets.carry_out = break_down  # type: ignore[method-assign, assignment]  # a bug
        assert await csms.call("Reset", {"type": "OnIdle"}) == {"status": "Accepted"}
        answer = await csms.call("Reset", RESET)
    assert answer["status"] == "Rejected"
    assert "ZeroDivisionError" in caplog.text


# asking


async def test_a_token_is_asked_about(tmp_path: Path) -> None:
    info: Payload = {
        "status": "Accepted",
        "groupIdToken": {"idToken": "GROUP", "type": "Central"},
        "evseId": [1, 2],
    }
    async with Csms(tokens={"CARD": info}) as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.until(lambda: link.client.is_online)
        verdict = await link.client.check_token(CARD)
    assert (verdict.status, verdict.group_id, verdict.evse_ids) == ("Accepted", "GROUP", (1, 2))


@pytest.mark.parametrize("answer", [Refuse("InternalError"), Silence()])
async def test_a_token_without_a_verdict(tmp_path: Path, answer: Refuse | Silence) -> None:
    settings = {"OCPPCommCtrlr__MessageTimeout[Default]": "1"}
    useless = Csms(script={"Authorize": answer})
    async with useless as csms, link_to(csms.url, tmp_path, **settings) as link:
        with pytest.raises(BackendUnreachable, match="disconnected"):
            await link.client.check_token(CARD)
        async with running(link):
            await csms.until(lambda: link.client.is_online)
            with pytest.raises(BackendUnreachable):
                await link.client.check_token(CARD)


async def test_values_outside_a_transaction_are_not_kept(tmp_path: Path) -> None:
    empty = Sample(at=datetime(2026, 1, 1, tzinfo=UTC), context="Sample.Clock", values=())
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        await link.client.send_meter_values(1, empty)
        async with running(link):
            await csms.until(lambda: link.client.is_online)
            await asyncio.sleep(0.05)
            assert csms.calls("MeterValues") == []
            await link.client.send_meter_values(1, empty)
    assert csms.calls("MeterValues") == [], "one without values would break the schema"


# time, heartbeats, life


async def test_the_backends_time_is_followed(tmp_path: Path) -> None:
    """B01.FR.06, G02.FR.06."""
    fast = Csms(clock_offset=timedelta(hours=3))
    async with fast as csms, link_to(csms.url, tmp_path) as link, running(link):
        await csms.until(lambda: link.client.is_online)
        ahead = link.clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(hours=3)) < timedelta(seconds=5)


async def test_the_backends_time_is_not_followed_if_the_clock_has_other_sources(tmp_path: Path) -> None:
    settings = {"ClockCtrlr__TimeSource": "NTP"}
    fast = Csms(clock_offset=timedelta(hours=3))
    async with fast as csms, link_to(csms.url, tmp_path, **settings) as link, running(link):
        await csms.until(lambda: link.client.is_online)
        assert abs(link.clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_heartbeats_fill_the_silence(tmp_path: Path) -> None:
    """G02.FR.02, G02.FR.05."""
    async with Csms(boot_interval_s=1) as csms, link_to(csms.url, tmp_path) as link, running(link):
        boot = await csms.expect("BootNotification")
        first = await csms.expect("Heartbeat")
        second = await csms.expect("Heartbeat")
    assert first.at_s - boot.at_s >= 1
    assert second.at_s - first.at_s >= 1


async def test_a_backend_that_never_answers_is_no_hang(tmp_path: Path) -> None:
    """The watchdog must not restart a charging station because its backend is slow."""
    settings = {"OCPPCommCtrlr__MessageTimeout[Default]": "600"}
    silent = Csms(script={"BootNotification": Silence()})
    async with silent as csms, link_to(csms.url, tmp_path, **settings) as link, running(link):
        await csms.expect("BootNotification")
        before = len(link.signs_of_life)
        await csms.until(lambda: len(link.signs_of_life) - before >= 2)
