"""K04 to K07: what EVSEs share, profiles of a remote start, and life without a backend."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import (
    LIMIT_A,
    STATION,
    TX,
    composite,
    draws,
    install,
    limits,
    profile,
    reported,
)
from tests.conformance.ocpp201.sessions import charge, plug_in, remote_start, unplug
from tests.conformance.station import OTHER_CARD, StationUnderTest


async def test_two_vehicles_share_what_the_station_may_draw(csms: Csms, start: Start) -> None:
    """K04.FR.01, K04.FR.05: together no more than the station's limit, then one has it all."""
    station: StationUnderTest = await start(evses=2)
    await charge(station, csms)
    await charge(station, csms, OTHER_CARD, evse=2)
    assert await install(csms, 0, profile(18, 18, purpose=STATION)) == "Accepted"
    await draws(station, 9, evse=1)
    await draws(station, 9, evse=2)
    assert limits(await composite(csms, 0, 60)) == [18]
    await unplug(station, csms, evse=2)
    await draws(station, LIMIT_A, evse=1)


async def test_tc_k_37_a_remote_start_brings_its_profile(csms: Csms, start: Start) -> None:
    """K05.FR.02, K05.FR.03, K05.FR.05: it is the transaction's; no other kind will do."""
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    answer = await remote_start(csms, chargingProfile=profile(11))
    assert answer["status"] == "Rejected"
    own = profile(11, purpose=TX, chargingProfileKind="Relative")
    assert (await remote_start(csms, chargingProfile=own))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    await draws(station, 11)
    (report,) = await reported(csms, chargingProfilePurpose=TX)
    assert report["chargingProfile"] == [own | {"transactionId": started["transactionInfo"]["transactionId"]}]


async def test_profiles_hold_without_the_backend_and_over_a_power_cut(csms: Csms, start: Start) -> None:
    """K06.FR.01, K07.FR.01: in the middle of a charge, and for one that begins offline.

    Where there are none, nothing but the station itself limits what is drawn (K06.FR.02).
    """
    station: StationUnderTest = await start(evses=2, AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    await install(csms, 1, profile(8, 8))
    transaction = await charge(station, csms)
    own = profile(7, id=2, purpose=TX, transactionId=transaction, chargingProfileKind="Relative")
    await install(csms, 1, own)
    await draws(station, 7)
    await csms.close()
    await station.cut_power()
    await station.power_on()
    await station.until(charging_state="Charging")
    await draws(station, 7)
    station.bay.unplug()
    await station.until(status="Available", transaction=None)
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(evse=1)
    await station.until(charging_state="Charging")
    await draws(station, 8)
    station.bays[1].plug_in()
    await station.until(2, status="Occupied")
    await station.accepted(OTHER_CARD, 2)
    await draws(station, LIMIT_A, evse=2)
