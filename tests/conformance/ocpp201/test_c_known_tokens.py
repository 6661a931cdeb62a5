"""Block C: what the station knows of a token by itself, and what the backend says of it then."""

from __future__ import annotations

import time

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, charging, get_variables, info, plug_in, unplug
from tests.conformance.ocpp201.test_c_authorization import STRANGER, seen
from tests.conformance.ocpp201.test_d_local_list import entry, send
from tests.conformance.ocpp201.test_g05_f05_lock import is_held
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

GROUP: Payload = {"groupIdToken": {"idToken": "Fleet", "type": "Central"}}
NOT_GOOD = pytest.mark.parametrize("status", ["Invalid", "Blocked", "Expired"])


async def test_tc_c_04_another_drivers_card_stops_nothing(csms: Csms, start: Start) -> None:
    """The backend knows it, but it is of no group."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    assert not (await station.tap(OTHER_CARD))["accepted"]
    await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    await station.until(charging_state="Charging")


async def test_tc_c_05_a_plug_is_not_held_for_a_stranger(csms: Csms, start: Start) -> None:
    """TC_C_56: the backend does not know the card."""
    station: StationUnderTest = await start(has_lock=True)
    await plug_in(station, csms)
    assert (await station.tap(STRANGER))["why"] == "Unknown"
    await csms.nothing_more(0.3, "TransactionEvent")
    assert not is_held(station)
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    assert is_held(station)


# the cache


@NOT_GOOD
async def test_tc_c_09_a_cached_refusal_is_asked_about_and_stands(
    csms: Csms, start: Start, status: str
) -> None:
    """C10.FR.01, C10.FR.03, C12.FR.05; TC_C_10, TC_C_11: whatever the reason; and it is known offline."""
    csms.tokens[CARD] = {"status": status}
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await plug_in(station, csms)
    for _ in range(2):
        assert (await station.tap(CARD))["why"] == status
        await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    await csms.close()
    assert (await station.tap(CARD))["why"] == status


async def test_tc_c_13_a_cached_token_before_the_cable(csms: Csms, start: Start) -> None:
    """C12.FR.02, C12.FR.04."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await seen(station, csms)
    await station.accepted(CARD)
    await csms.nothing_more(0.2, "TransactionEvent")
    station.bay.plug_in()
    started, *_ = csms.events(await charging(csms))
    assert started["idToken"]["idToken"] == CARD
    assert len(csms.calls("Authorize")) == 1


async def test_tc_c_14_a_cached_master_pass_starts_nothing(csms: Csms, start: Start) -> None:
    """C12.FR.09, C16.FR.04: without a question; it still stops what runs."""
    csms.tokens[STRANGER] = {"status": "Accepted", **GROUP}
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True, AuthCtrlr__MasterPassGroupId="Fleet"
    )
    await plug_in(station, csms)
    for _ in range(2):
        assert not (await station.tap(STRANGER))["accepted"]
    await csms.nothing_more(0.3, "TransactionEvent")
    assert len(csms.calls("Authorize")) == 1
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    await station.accepted(STRANGER)
    assert info(await csms.event(eventType="Ended"), "stoppedReason") == ("MasterPass",)
    assert len(csms.calls("Authorize")) == 2


@pytest.mark.parametrize("stops", [True, False])
async def test_tc_c_16_a_cached_token_that_is_good_no_more(csms: Csms, start: Start, *, stops: bool) -> None:
    """E05.FR.02, E05.FR.10: StopTxOnInvalidId; TC_C_17 without."""
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True, TxCtrlr__StopTxOnInvalidId=stops
    )
    await seen(station, csms)
    csms.tokens[CARD] = {"status": "Invalid"}
    await plug_in(station, csms)
    await station.accepted(CARD)
    if stops:
        ended = await csms.event(eventType="Ended")
        assert info(ended, "triggerReason", "stoppedReason") == ("Deauthorized", "DeAuthorized")
    else:
        await csms.event(chargingState="SuspendedEVSE")
        assert (await station.evse())["transaction"] is not None
    await csms.until(lambda: not station.bay.contactor_closed)
    assert len(csms.calls("Authorize")) == 1


async def test_tc_c_33_an_answer_to_a_question_is_cached(csms: Csms, start: Start) -> None:
    """C10.FR.04, C12.FR.06; TC_C_36: without LocalPreAuthorize a cached token is asked about (C01.FR.05)."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=False)
    await seen(station, csms)
    csms.tokens[CARD] = {"status": "Blocked"}
    await plug_in(station, csms)
    assert (await station.tap(CARD))["why"] == "Blocked"
    assert len(csms.calls("Authorize")) == 2
    await csms.close()
    assert (await station.tap(CARD))["why"] == "Blocked"


async def test_tc_c_46_a_cached_token_past_its_life_is_unknown(csms: Csms, start: Start) -> None:
    """C10.FR.08, C10.FR.10: LifeTime, which the last answer about the token began anew."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__LifeTime=1)
    await seen(station, csms)
    over_s = time.monotonic() + 1
    await csms.until(lambda: time.monotonic() > over_s)
    await charge(station, csms)
    assert len(csms.calls("Authorize")) == 2


# the list


@NOT_GOOD
async def test_tc_c_28_a_listed_refusal_is_asked_about_and_stands(
    csms: Csms, start: Start, status: str
) -> None:
    """C14.FR.03; TC_C_29, TC_C_30; TC_C_22 and TC_C_24 offline."""
    csms.tokens[CARD] = {"status": status}
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        AuthCacheCtrlr__Enabled=False,
    )
    await send(csms, "Full", 1, entry(CARD, status))
    await plug_in(station, csms)
    assert (await station.tap(CARD))["why"] == status
    await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    await csms.close()
    assert (await station.tap(CARD))["why"] == status


async def test_tc_c_58_a_listed_refusal_that_is_final(csms: Csms, start: Start) -> None:
    """C14.FR.03: LocalAuthListCtrlr.DisablePostAuthorize."""
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True, LocalAuthListCtrlr__DisablePostAuthorize=True
    )
    await send(csms, "Full", 1, entry(CARD, "Invalid"))
    await plug_in(station, csms)
    assert (await station.tap(CARD))["why"] == "Invalid"
    assert csms.calls("Authorize") == []


async def test_tc_c_25_the_list_counts_before_the_cache(csms: Csms, start: Start) -> None:
    """C13.FR.01, C14.FR.01: online, where the backend is asked about it, and offline."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await seen(station, csms)
    await send(csms, "Full", 1, entry(CARD, "Invalid"))
    await charge(station, csms)
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await unplug(station, csms)
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    assert (await station.tap(CARD))["why"] == "Invalid"


async def test_a_listed_token_counts_until_its_date(csms: Csms, start: Start) -> None:
    """C14.FR.04, C14.FR.05, C13.FR.03, C13.FR.06: then it is asked about, and is no good offline.

    Not even where the list has the last word, or where unknown tokens are let in.
    """
    csms.tokens[OTHER_CARD] = {"status": "NoCredit"}
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        LocalAuthListCtrlr__DisablePostAuthorize=True,
    )
    [supports] = await get_variables(csms, "LocalAuthListCtrlr.SupportsExpiryDateTime")
    assert supports["attributeValue"] == "true"
    await send(
        csms,
        "Full",
        1,
        entry(CARD, cacheExpiryDateTime="2099-01-01T00:00:00Z"),
        entry(OTHER_CARD, cacheExpiryDateTime="2020-01-01T00:00:00Z"),
    )
    await plug_in(station, csms)
    assert (await station.tap(OTHER_CARD))["why"] == "NoCredit"
    await station.accepted(CARD)
    await csms.event(eventType="Started")
    asked = [call.payload["idToken"]["idToken"] for call in csms.calls("Authorize")]
    assert asked == [OTHER_CARD]
    await unplug(station, csms)
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    assert (await station.tap(OTHER_CARD))["why"] == "Expired"
    await station.accepted(CARD)


# groups


async def test_tc_c_40_a_listed_token_of_the_same_group_stops(csms: Csms, start: Start) -> None:
    """C01.FR.03, C09.FR.03, C09.FR.07: without a question, also where one is asked before a start."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=False)
    await send(csms, "Full", 1, *(entry(card, "Accepted", **GROUP) for card in (CARD, OTHER_CARD)))
    csms.tokens[CARD] |= GROUP
    await charge(station, csms)
    await station.accepted(OTHER_CARD)
    ended = await csms.event(eventType="Ended")
    assert (ended["idToken"]["idToken"], *info(ended, "stoppedReason")) == (OTHER_CARD, "Local")
    assert len(csms.calls("Authorize")) == 1


@pytest.mark.parametrize("source", ["list", "cache"])
async def test_tc_c_43_a_token_of_the_group_that_is_not_good(csms: Csms, start: Start, source: str) -> None:
    """C09.FR.11: it stops nothing; TC_C_44 from the cache."""
    csms.tokens = {CARD: {"status": "Accepted", **GROUP}, OTHER_CARD: {"status": "Invalid", **GROUP}}
    station: StationUnderTest = await start(
        AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__Enabled=source == "cache"
    )
    if source == "list":
        await send(csms, "Full", 1, entry(OTHER_CARD, "Invalid", **GROUP))
    else:
        assert (await station.tap(OTHER_CARD))["why"] == "Invalid"
        await csms.expect("Authorize")
    await charge(station, csms)
    assert (await station.tap(OTHER_CARD))["why"] == "Invalid"
    await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await unplug(station, csms)
