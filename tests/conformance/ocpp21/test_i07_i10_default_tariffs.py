"""I07, I09 and I10: default tariffs are set, listed and cleared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.tariffs import (
    assigned,
    clear,
    costs,
    ended,
    energy_wh,
    fee,
    incl,
    per_minute,
    prices,
    read,
    set_default,
    tariff,
    until_charged,
    until_read,
)
from tests.conformance.ocpp201.sessions import charge


def after(hours: float) -> str:
    at = datetime.now(UTC) + timedelta(hours=hours)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_tc_i_100_valid_from(csms: Csms, start: Start) -> None:
    """I07.FR.12, I07.FR.18, I07.FR.19, I07.FR.20, I07.FR.21, I07.FR.22, I07.FR.23, I09.FR.01, I09.FR.04,
    I09.FR.07. TC_I_100.

    One whose time has come replaces what counted before; those of later times stay beside it.
    """
    await start(evses=2)
    assert await set_default(csms, tariff("A")) == "Accepted"
    assert await set_default(csms, tariff("B", validFrom=after(-1), energy=prices(1))) == "Accepted"
    assert [one["tariffId"] for one in await assigned(csms)] == ["B"]
    assert await set_default(csms, tariff("C")) == "Accepted"
    later, latest = after(1), after(2)
    assert await set_default(csms, tariff("E", validFrom=latest, energy=prices(1))) == "Accepted"
    assert await set_default(csms, tariff("D", validFrom=later, energy=prices(1))) == "Accepted"
    found = {one["tariffId"]: one for one in await assigned(csms)}
    assert found.keys() == {"C", "D", "E"}
    assert found["C"] == {"tariffId": "C", "tariffKind": "DefaultTariff", "evseIds": [1, 2]}
    assert datetime.fromisoformat(found["D"]["validFrom"]) == datetime.fromisoformat(later)


async def test_tc_i_102_106_what_is_not_taken(csms: Csms, start: Start) -> None:
    """I07.FR.02, I07.FR.04, I07.FR.05, I07.FR.06. TC_I_102, TC_I_106."""
    await start()
    assert await set_default(csms, tariff(energy=prices(*[1.0] * 10))) == "Accepted"
    assert await set_default(csms, tariff("other", energy=prices(*[1.0] * 11))) == "TooManyElements"
    assert await set_default(csms, tariff(energy=prices(1))) == "DuplicateTariffId"
    nowhere = await csms.call("SetDefaultTariff", {"evseId": 2, "tariff": tariff("other")})
    assert (nowhere["status"], nowhere["statusInfo"]["reasonCode"]) == ("Rejected", "UnknownEvse")
    senseless = tariff("other", energy=prices((1, {"startTimeOfDay": "26:00"})))
    assert await set_default(csms, senseless) == "Rejected"
    assert [one["tariffId"] for one in await assigned(csms)] == ["TestSystem1"]


async def test_tc_i_104_a_transaction_keeps_the_default_tariff_that_it_began_with(
    csms: Csms, start: Start
) -> None:
    """I07.FR.10, I07.FR.14, I07.FR.32, I12.FR.01, I12.FR.04, I12.FR.05, I12.FR.09, I12.FR.16, I12.FR.17.

    I12.FR.30, I12.FR.33, I12.FR.41, TC_I_104.
    It is on flash before it is answered: it counts after a power cut, without the backend.
    """
    station = await start(evses=2, AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    one = tariff("one", energy=prices(2), fixedFee=fee(1), chargingTime=per_minute(0))
    assert await set_default(csms, one, 1) == "Accepted"
    assert await set_default(csms, tariff("two"), 2) == "Accepted"
    await until_read(station, "1.00 EUR + 2.00 EUR/kWh")
    assert await read(station, 2) == ["2.00 EUR/kWh"]
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    transaction = await charge(station, csms)
    assert next(info["transactionInfo"].get("tariffId") for info in csms.events(transaction)) == "one"
    assert await set_default(csms, tariff("new", energy=prices(9)), 1) == "Accepted"
    assert {one["tariffId"] for one in await assigned(csms, 1)} == {"one", "new"}
    await until_charged(station)
    last = await ended(station, csms)
    details = costs(last)
    assert (details["totalCost"]["currency"], details["totalCost"]["typeOfCost"]) == ("EUR", "NormalCost")
    assert last["transactionInfo"]["tariffId"] == "one"
    assert incl(details["totalCost"]["fixed"]) == 1
    charged = incl(details["totalCost"]["energy"])
    assert abs(charged * 500 - energy_wh(last)) <= 4  # 2 EUR for 1000 Wh; counts are whole Wh
    assert incl(details["totalCost"]["total"]) == charged + 1
    assert details["totalUsage"]["chargingTime"] > 0
    assert [one["tariffId"] for one in details["chargingPeriods"]] == ["one"]
    await until_read(station, "9.00 EUR/kWh")
    assert {one["tariffId"] for one in await assigned(csms, 1)} == {"new"}


async def test_tc_i_110_clear(csms: Csms, start: Start) -> None:
    """I10.FR.01, I10.FR.02, I10.FR.03, I10.FR.06, I09.FR.02, I09.FR.03. TC_I_110."""
    await start(evses=2)
    assert await clear(csms) == [(None, "NoTariff")]
    assert await csms.call("GetTariffs", {"evseId": 0}) == {"status": "NoTariff"}
    assert await set_default(csms, tariff("A")) == "Accepted"
    for number, hours in (("B", 1), ("C", 2), ("D", 3)):
        later = tariff(number, validFrom=after(hours), energy=prices(hours))
        assert await set_default(csms, later, 2 if number == "D" else 0) == "Accepted"
    assert await clear(csms, tariffIds=["B", "none"]) == [("B", "Accepted"), ("none", "NoTariff")]
    assert await clear(csms, tariffIds=["A"], evseId=1) == [("A", "Accepted")]
    assert [one["tariffId"] for one in await assigned(csms, 1)] == ["C"]
    assert [one["evseIds"] for one in await assigned(csms, 2)] == [[2], [2], [2]]
    assert sorted(await clear(csms, evseId=2)) == [("A", "Accepted"), ("C", "Accepted"), ("D", "Accepted")]
    assert await clear(csms) == [("C", "Accepted")]
    assert await assigned(csms) == []
    wrong = await csms.call("GetTariffs", {"evseId": 3})
    assert (wrong["status"], wrong["statusInfo"]["reasonCode"]) == ("Rejected", "UnknownEvse")


async def test_tc_i_111_clear_what_is_in_use(csms: Csms, start: Start) -> None:
    """I10.FR.07, I07.FR.10. TC_I_111: the transaction goes on with it; it is still listed."""
    station = await start()
    assert await set_default(csms, tariff()) == "Accepted"
    await charge(station, csms)
    assert await clear(csms) == [("TestSystem1", "Accepted")]
    (still,) = await assigned(csms)
    assert (still["tariffId"], still["tariffKind"]) == ("TestSystem1", "DefaultTariff")
    last = await ended(station, csms)
    assert abs(incl(costs(last)["totalCost"]["energy"]) * 500 - energy_wh(last)) <= 4
    assert await assigned(csms) == []
