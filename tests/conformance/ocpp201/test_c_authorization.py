"""Block C: who may charge (TC_C_02 and following)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import (
    charge,
    charging,
    info,
    plug_in,
    remote_start,
    set_variables,
    trigger,
    unplug,
)
from tests.conformance.ocpp201.test_g05_f05_lock import is_held
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

STRANGER = "0400000000"


async def clear(csms: Csms) -> str:
    status: str = (await csms.call("ClearCache", {}))["status"]
    return status


async def seen(station: StationUnderTest, csms: Csms, token: str = CARD) -> None:
    """Let a card be seen once: it charges and stops (the state with a cached id)."""
    await charge(station, csms, token)
    await station.accepted(token)
    await csms.event(eventType="Ended")
    await unplug(station, csms)


# by card and by nobody


async def test_tc_c_02_a_token_that_the_backend_does_not_accept(csms: Csms, start: Start) -> None:
    """C01.FR.02, C08.FR.01, C08.FR.02; TC_C_06, TC_C_07: whatever the reason; then the next card."""
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    refusals = ("Invalid", "Blocked", "Expired", "NoCredit", "NotAtThisTime", "NotAllowedTypeEVSE")
    for status in refusals:
        csms.tokens[STRANGER] = {"status": status}
        assert (await station.tap(STRANGER))["why"] == status
        await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    await station.accepted(CARD)
    await csms.event(eventType="Started")


async def test_a_token_of_another_evse(csms: Csms, start: Start) -> None:
    """C01.FR.21."""
    csms.tokens[CARD] = {"status": "Accepted", "evseId": [2]}
    station: StationUnderTest = await start(evses=2)
    await plug_in(station, csms, 1)
    assert not (await station.tap(CARD, 1))["accepted"]
    await station.accepted(CARD, 2)


async def test_a_station_that_authorizes_nobody(csms: Csms, start: Start) -> None:
    """C02.FR.01."""
    csms.tokens[""] = {"status": "Accepted"}
    station: StationUnderTest = await start(AuthCtrlr__Enabled=False)
    await plug_in(station, csms)
    started = await csms.event(eventType="Started")
    assert started["idToken"] == {"idToken": "", "type": "NoAuthorization"}
    await csms.event(chargingState="Charging")
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "stoppedReason") == ("EVDisconnected",)
    assert csms.calls("Authorize") == []


async def test_tokens_of_a_parking_ticket_and_of_a_keypad(csms: Csms, start: Start) -> None:
    """C06.FR.01, C06.FR.02, C04.FR.04: asked about as what they are; a key code is in no log."""
    station: StationUnderTest = await start(log_frames=True)
    await plug_in(station, csms)
    for kind in ("KeyCode", "Local"):
        csms.tokens["739162"] = {"status": "Unknown"}
        assert (await station.ask(do="tap", token="739162", type=kind))["why"] == "Unknown"
        asked = (await csms.expect("Authorize")).payload["idToken"]
        assert asked == {"idToken": "739162", "type": kind}
        assert not station.bay.contactor_closed
        csms.tokens["739162"] = {"status": "Accepted"}
        for _ in ("start", "stop"):
            outcome = await station.ask(do="tap", token="739162", type=kind)
            assert outcome["accepted"], outcome
        await csms.event(eventType="Ended")
        assert ("739162" in station.log) is (kind == "Local")
        csms.forget()


# the cache


async def test_tc_c_08_a_cached_token_starts_without_a_question(csms: Csms, start: Start) -> None:
    """C10.FR.04, C12.FR.02, C12.FR.04: LocalPreAuthorize, in whatever letters."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await seen(station, csms)
    await plug_in(station, csms)
    csms.tokens[CARD.lower()] = csms.tokens[CARD]
    await station.accepted(CARD.lower())
    started, *_ = csms.events(await charging(csms))
    assert started["idToken"] == {"idToken": CARD.lower(), "type": "ISO14443"}
    assert len(csms.calls("Authorize")) == 1


async def test_tc_c_12_a_cached_token_that_is_not_good_is_asked_about(csms: Csms, start: Start) -> None:
    """C10.FR.01, C10.FR.03, C12.FR.05; TC_C_57 with DisablePostAuthorize: it is refused at once."""
    csms.tokens[CARD] = {"status": "Blocked"}
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await plug_in(station, csms)
    assert not (await station.tap(CARD))["accepted"]
    csms.tokens[CARD] = {"status": "Accepted"}
    await set_variables(csms, {"AuthCacheCtrlr.DisablePostAuthorize": "true"})
    assert (await station.tap(CARD))["why"] == "Blocked"
    assert len(csms.calls("Authorize")) == 1
    await set_variables(csms, {"AuthCacheCtrlr.DisablePostAuthorize": "false"})
    await station.accepted(CARD)
    assert len(csms.calls("Authorize")) == 2


async def test_tc_c_34_an_answer_to_a_transaction_event_is_cached(csms: Csms, start: Start) -> None:
    """C10.FR.05, C12.FR.06: a token that was good and is not any more stops, and is refused offline."""
    station: StationUnderTest = await start()
    await seen(station, csms)
    csms.script["TransactionEvent"] = {"idTokenInfo": {"status": "Blocked"}}
    await plug_in(station, csms)
    await station.accepted(CARD)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "stoppedReason") == ("DeAuthorized",)
    await csms.close()
    assert (await station.tap(CARD))["why"] == "Blocked"


async def test_tc_c_37_clearing_the_cache(csms: Csms, start: Start) -> None:
    """C11.FR.01, C11.FR.02, C11.FR.03; TC_C_38: Rejected without one (C11.FR.04, C10.FR.11)."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await seen(station, csms)
    assert await clear(csms) == "Accepted"
    await charge(station, csms)
    assert len(csms.calls("Authorize")) == 2
    await set_variables(csms, {"AuthCacheCtrlr.Enabled": "false"})
    assert await clear(csms) == "Rejected"
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await station.accepted(CARD)
    assert len(csms.calls("Authorize")) == 3


async def test_tc_c_32_a_cached_token_starts_offline_after_a_power_cut(csms: Csms, start: Start) -> None:
    """C10.FR.02: LocalAuthorizeOffline."""
    station: StationUnderTest = await start()
    await seen(station, csms)
    await csms.close()
    await station.cut_power()
    await station.power_on()
    station.bay.plug_in()
    await station.until(status="Occupied")
    assert (await station.tap(STRANGER))["why"] == "Offline"
    await station.accepted(CARD)


async def test_a_cached_token_past_its_date_is_unknown(csms: Csms, start: Start) -> None:
    """C10.FR.10, C10.FR.13: cacheExpiryDateTime."""
    soon = datetime.now(UTC) + timedelta(seconds=1)
    csms.tokens[CARD] = {"status": "Accepted", "cacheExpiryDateTime": soon.isoformat()}
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await seen(station, csms)
    await csms.until(lambda: datetime.now(UTC) > soon)
    await charge(station, csms)
    assert len(csms.calls("Authorize")) == 2


@pytest.mark.parametrize("stops", [False, True])
async def test_tc_c_15_a_cached_token_gets_so_much_energy(csms: Csms, start: Start, *, stops: bool) -> None:
    """E05.FR.03: MaxEnergyOnInvalidId; TC_C_18 with StopTxOnInvalidId."""
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True,
        TxCtrlr__StopTxOnInvalidId=stops,
        TxCtrlr__MaxEnergyOnInvalidId=300,
    )
    await seen(station, csms)
    before_wh = (await station.evse())["meter"]["energy_wh"]
    csms.tokens[CARD] = {"status": "Invalid"}
    await plug_in(station, csms)
    await station.accepted(CARD)
    await charging(csms)
    if stops:
        ended = await csms.event(eventType="Ended")
        assert info(ended, "triggerReason", "stoppedReason") == ("Deauthorized", "DeAuthorized")
    else:
        await csms.event(chargingState="SuspendedEVSE")
    assert (await station.evse())["meter"]["energy_wh"] >= before_wh + 300


# groups


async def test_tc_c_39_a_token_of_the_same_group_stops(csms: Csms, start: Start) -> None:
    """C09.FR.03, C09.FR.05; TC_C_41 with both from the cache, offline (C01.FR.03, C09.FR.07)."""
    csms.tokens = {
        card: {"status": "Accepted", "groupIdToken": {"idToken": group, "type": "Central"}}
        for card, group in ((CARD, "Fleet"), (OTHER_CARD, "FLEET"))
    }
    station: StationUnderTest = await start()
    await charge(station, csms)
    await station.accepted(OTHER_CARD)
    assert (await csms.expect("Authorize")).payload["idToken"]["idToken"] == OTHER_CARD
    ended = await csms.event(eventType="Ended")
    assert (ended["idToken"]["idToken"], *info(ended, "stoppedReason")) == (OTHER_CARD, "Local")
    await unplug(station, csms)
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(CARD)
    await station.until(charging_state="Charging")
    await station.accepted(OTHER_CARD)
    await station.until(transaction=None)


async def test_tc_c_42_a_token_of_another_group_does_not_stop(csms: Csms, start: Start) -> None:
    """C09.FR.03: it is the group that counts."""
    csms.tokens = {
        card: {"status": "Accepted", "groupIdToken": {"idToken": group, "type": "Central"}}
        for card, group in ((CARD, "Fleet"), (OTHER_CARD, "Family"))
    }
    station: StationUnderTest = await start()
    await charge(station, csms)
    assert not (await station.tap(OTHER_CARD))["accepted"]
    await csms.expect("Authorize")
    await station.accepted(CARD)
    ended = await csms.event(eventType="Ended")
    assert ended["idToken"]["idToken"] == CARD


# the master pass


async def test_tc_c_49_a_master_pass_stops_everything(csms: Csms, start: Start) -> None:
    """C16.FR.02, C16.FR.07, C16.FR.08."""
    csms.tokens[STRANGER] = {"status": "Accepted", "groupIdToken": {"idToken": "MASTER", "type": "Central"}}
    station: StationUnderTest = await start(evses=2, AuthCtrlr__MasterPassGroupId="Master")
    for evse, card in ((1, CARD), (2, OTHER_CARD)):
        await charge(station, csms, card, evse)
    await station.accepted(STRANGER)
    for _ in range(2):
        ended = await csms.event(eventType="Ended")
        assert info(ended, "triggerReason", "stoppedReason") == ("StopAuthorized", "MasterPass")
        assert ended["idToken"]["idToken"] == STRANGER


async def test_tc_c_45_a_master_pass_starts_nothing(csms: Csms, start: Start) -> None:
    """C16.FR.03."""
    csms.tokens[STRANGER] = {"status": "Accepted", "groupIdToken": {"idToken": "MASTER", "type": "Central"}}
    station: StationUnderTest = await start(AuthCtrlr__MasterPassGroupId="Master")
    await plug_in(station, csms)
    assert not (await station.tap(STRANGER))["accepted"]
    await remote_start(csms, STRANGER)
    for _ in range(2):
        await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")


# offline


async def charge_unknown(station: StationUnderTest, csms: Csms) -> None:
    """Let a driver whom nobody knows charge offline, and the backend come back, which refuses the token."""
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(STRANGER)
    await station.until(charging_state="Charging")
    await csms.listen(port)


async def test_tc_c_26_an_unknown_token_starts_offline_and_is_stopped_later(csms: Csms, start: Start) -> None:
    """C15.FR.02, C15.FR.04, C15.FR.08: StopTxOnInvalidId; the cable waits for its owner (C15.FR.05)."""
    station: StationUnderTest = await start(has_lock=True, AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    await charge_unknown(station, csms)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("Deauthorized", "DeAuthorized")
    await csms.until(lambda: not station.bay.contactor_closed)
    assert not (await station.tap(CARD))["accepted"]
    assert is_held(station)
    await station.accepted(STRANGER)
    await csms.until(lambda: not is_held(station))


async def test_or_only_its_energy_if_the_cable_ends_a_transaction(csms: Csms, start: Start) -> None:
    """C15.FR.03: StopTxOnInvalidId, and TxStopPoint is EVConnected."""
    station: StationUnderTest = await start(
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True, TxCtrlr__TxStopPoint="EVConnected"
    )
    await charge_unknown(station, csms)
    event = await csms.event(triggerReason="Deauthorized")
    assert info(event, "eventType", "chargingState") == ("Updated", "EVConnected")
    await csms.until(lambda: not station.bay.contactor_closed)
    await unplug(station, csms)
    await csms.event(eventType="Ended")


@pytest.mark.parametrize("tolerated_wh", [0, 300])
async def test_an_unknown_token_gets_no_more_energy_later(
    csms: Csms, start: Start, tolerated_wh: int
) -> None:
    """C15.FR.06: StopTxOnInvalidId is false; C15.FR.07: so much more with MaxEnergyOnInvalidId."""
    station: StationUnderTest = await start(
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        TxCtrlr__StopTxOnInvalidId=False,
        TxCtrlr__MaxEnergyOnInvalidId=tolerated_wh,
    )
    await charge_unknown(station, csms)
    before_wh = (await station.evse())["meter"]["energy_wh"]
    event = await csms.event(chargingState="SuspendedEVSE")
    assert info(event, "eventType", "triggerReason") == ("Updated", "ChargingStateChanged")
    assert (await station.evse())["meter"]["energy_wh"] >= before_wh + tolerated_wh


async def test_the_backend_is_not_asked_if_it_is_not_to_be(csms: Csms, start: Start) -> None:
    """DisableRemoteAuthorization."""
    station: StationUnderTest = await start(AuthCtrlr__DisableRemoteAuthorization=True)
    await plug_in(station, csms)
    assert (await station.tap(CARD))["why"] == "Unknown"
    assert await trigger(csms, "Heartbeat") == "Accepted"
    assert csms.calls("Authorize") == []
