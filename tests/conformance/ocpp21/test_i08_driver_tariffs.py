"""I08: a tariff that comes with the driver's authorization."""

from __future__ import annotations

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.tariffs import (
    assigned,
    costs,
    ended,
    energy_wh,
    incl,
    prices,
    set_default,
    tariff,
    until_charged,
    until_read,
)
from tests.conformance.ocpp201.sessions import charge, plug_in, set_variables, unplug
from tests.conformance.station import CARD, StationUnderTest

FAILING = "TariffCostCtrlr.HandleFailedTariff[Tariff]"


def gives(csms: Csms, own: Payload) -> None:
    """Let the CSMS give every driver this tariff."""
    csms.script["Authorize"] = {"idTokenInfo": {"status": "Accepted"}, "tariff": own}


async def problem(csms: Csms, value: str) -> Payload:
    """Wait until the station says that it has a problem with tariffs, or has none any more."""

    def is_it(payload: Payload) -> bool:
        return any(
            (one["component"]["name"], one["variable"]["name"], one["actualValue"])
            == ("TariffCostCtrlr", "Problem", value)
            for one in payload["eventData"]
        )

    return (await csms.expect("NotifyEvent", is_it)).payload


async def test_tc_i_109_a_drivers_own_tariff(csms: Csms, start: Start) -> None:
    """I08.FR.04, I08.FR.05, I08.FR.06, I08.FR.07, I08.FR.09, I08.FR.22, I09.FR.05, I09.FR.06. TC_I_109.

    It counts for this driver's transaction alone, at once, and is gone with it.
    """
    station: StationUnderTest = await start(evses=2)
    assert await set_default(csms, tariff("default", energy=prices(9))) == "Accepted"
    own = tariff("own", validFrom="2099-01-01T00:00:00Z", energy=prices(3))
    gives(csms, own | {"description": [{"format": "UTF8", "language": "en", "content": "for you: 3.00"}]})
    transaction = await charge(station, csms)
    assert csms.events(transaction)[0]["transactionInfo"]["tariffId"] == "own"
    await until_read(station, "for you: 3.00")
    (found,) = (one for one in await assigned(csms, 1) if one["tariffKind"] == "DriverTariff")
    assert found == {"tariffId": "own", "tariffKind": "DriverTariff", "evseIds": [1], "idTokens": [CARD]}
    assert [one["tariffId"] for one in await assigned(csms, 2)] == ["default"]
    await until_charged(station)
    last = await ended(station, csms)
    assert abs(incl(costs(last)["totalCost"]["energy"]) * 1000 - 3 * energy_wh(last)) <= 6
    assert [one["tariffId"] for one in await assigned(csms)] == ["default"]
    del csms.script["Authorize"]
    again = await charge(station, csms)
    assert csms.events(again)[0]["transactionInfo"]["tariffId"] == "default"


async def test_a_tariff_is_cached_with_its_token(csms: Csms, start: Start) -> None:
    """With the authorization cache there is nobody to ask for it, not even offline.

    What the answer to a transaction event says of the token leaves it in place.
    """
    station: StationUnderTest = await start(AuthCacheCtrlr__Enabled=True, AuthCtrlr__LocalPreAuthorize=True)
    gives(csms, tariff("own"))
    await charge(station, csms)
    await ended(station, csms)
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted()
    await station.until(charging_state="Charging")
    await until_read(station, "2.00 EUR/kWh")
    assert (await station.evse())["tariff"] == "own"


async def test_tc_i_107_a_tariff_that_cannot_be_used_and_what_is_used_instead(
    csms: Csms, start: Start
) -> None:
    """I08.FR.30, I08.FR.32, I08.FR.33. TC_I_107.

    The EVSE's own, or none: then the backend says the cost. A tariff that can be used ends the problem.
    """
    station: StationUnderTest = await start()
    assert await set_default(csms, tariff("default")) == "Accepted"
    gives(csms, tariff("own", energy=prices(*[1.0] * 11)))
    transaction = await charge(station, csms)
    said = await problem(csms, "true")
    assert said["eventData"][0]["trigger"] == "Delta"
    assert csms.events(transaction)[0]["transactionInfo"]["tariffId"] == "default"
    await ended(station, csms)

    assert await set_variables(csms, {FAILING: "CentralCost"}) == ["Accepted"]
    csms.forget()
    central = await charge(station, csms)
    csms.script["TransactionEvent"] = {"totalCost": 4.75}
    last = await ended(station, csms)
    assert not any("tariffId" in one["transactionInfo"] for one in csms.events(central))
    assert "costDetails" not in last
    await until_read(station, "4.75 EUR")

    del csms.script["TransactionEvent"]
    gives(csms, tariff("right"))
    await charge(station, csms)
    await problem(csms, "false")


async def test_tc_i_108_a_tariff_that_cannot_be_used_and_no_charging(csms: Csms, start: Start) -> None:
    """I08.FR.30, I08.FR.31. TC_I_108: also where tariffs are not to be used at all."""
    station: StationUnderTest = await start()
    settings = {FAILING: "Deauthorize", "TariffCostCtrlr.Enabled[Tariff]": "false"}
    assert await set_variables(csms, settings) == ["Accepted", "Accepted"]
    gives(csms, tariff("own"))
    await plug_in(station, csms)
    outcome = await station.tap()
    assert not outcome["accepted"]
    assert "tariff" in outcome["why"]
    await problem(csms, "true")
    await csms.nothing_more(0.3, "TransactionEvent")


async def test_a_driver_who_does_not_want_the_tariff(csms: Csms, start: Start) -> None:
    """I07.FR.30, I07.FR.31, I08.FR.20, I08.FR.21: who plugs in has accepted it, unless he says no.

    Before there is a transaction nothing is told of it.
    """
    station: StationUnderTest = await start()
    assert await set_default(csms, tariff("default")) == "Accepted"
    await station.accepted()
    await station.ask(do="tariff-refuse", evse=1)
    assert (await station.evse())["token"] is None
    await csms.nothing_more(0.2, "TransactionEvent")
    for own in (None, tariff("own")):
        if own is not None:
            gives(csms, own)
        await charge(station, csms)
        await station.ask(do="tariff-refuse", evse=1)
        last = await csms.event(eventType="Ended")
        assert last["triggerReason"] == "TariffNotAccepted"
        assert last["transactionInfo"]["stoppedReason"] == "DeAuthorized"
        await unplug(station, csms)
