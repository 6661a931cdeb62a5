"""A session that rests, and a vehicle that comes back to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from agent.iso15118.conversation import Resting
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import Offer
from tests.unit.agent.iso15118.iso2.vehicle import Vehicle, ac_vehicle, contract_vehicle, vehicle_in
from tests.unit.agent.iso15118.talking import AC_CHARGER, AC_FACTS, CHANCE, NOW, watts

OFFER = Offer(
    id=7,
    start=NOW,
    duration_s=7200,
    unit="W",
    periods=(
        CompositePeriod(start_s=0, limit=Decimal(11000), phases=3),
        CompositePeriod(start_s=3600, limit=Decimal(4000), phases=3),
    ),
)


def paused(phase: Phase = Phase.AC_STOP) -> Resting:
    """Return what is kept of a vehicle that chose schedule 7 and paused."""
    vehicle = ac_vehicle().reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=(OFFER,))
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.say("PowerDeliveryReq", SAScheduleTupleID=7)
    vehicle.say("ChargingStatusReq")
    vehicle.say("PowerDeliveryReq", SAScheduleTupleID=7)
    assert vehicle.state.phase is phase
    assert vehicle.say("SessionStopReq", ChargingSession="Pause") == {"ResponseCode": "OK"}
    assert vehicle.ending == "pause"
    return vehicle.conversation.rest(vehicle.state)


def back(resting: Resting) -> Vehicle:
    """Return the vehicle with its old id, some time later, with the power lower than before."""
    vehicle = Vehicle(AC_CHARGER, AC_FACTS, resting=resting)
    vehicle.session_id = resting.session_id
    vehicle.knows(now=NOW + timedelta(seconds=600))
    return vehicle


def test_a_vehicle_comes_back_to_its_schedule() -> None:
    """V2G2-741: the same id, and the time that went by is off the schedule."""
    resting = paused()
    assert (resting.protocol, resting.session_id) == ("ISO 15118-2", CHANCE.session_id)
    vehicle = back(resting)
    assert vehicle.say("SessionSetupReq")["ResponseCode"] == "OK_OldSessionJoined"
    assert vehicle.session_id == resting.session_id
    vehicle.reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=())
    (one,) = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]["SAScheduleTuple"]
    assert one["SAScheduleTupleID"] == 7
    assert one["PMaxSchedule"]["PMaxScheduleEntry"] == [
        {"RelativeTimeInterval": {"start": 0}, "PMax": watts(11000)},
        {"RelativeTimeInterval": {"start": 3000, "duration": 3600}, "PMax": watts(4000)},
    ]


def test_what_was_planned_comes_back_where_there_was_less_before_the_pause() -> None:
    vehicle = ac_vehicle().reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=(OFFER,), wish="pause")
    vehicle.say("ChargeParameterDiscoveryReq")
    (offered,) = vehicle.state.offered
    assert offered.at(NOW) == 0
    again = offered.since(NOW + timedelta(seconds=60))
    assert again.at(again.start) == 11000
    assert again.at(again.start + timedelta(days=1)) == 4000


def test_new_schedules_come_beside_the_old_one_under_other_numbers() -> None:
    vehicle = back(paused())
    vehicle.say("SessionSetupReq")
    vehicle.reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=(OFFER, OFFER, OFFER))
    told = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]["SAScheduleTuple"]
    assert [one["SAScheduleTupleID"] for one in told] == [7, 1, 2]


def test_a_schedule_that_is_over_is_not_offered_any_more() -> None:
    vehicle = back(paused())
    vehicle.knows(now=NOW + timedelta(seconds=7200))
    vehicle.say("SessionSetupReq")
    vehicle.reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=())
    (one,) = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]["SAScheduleTuple"]
    assert one["SAScheduleTupleID"] == 1


def test_another_id_begins_another_session() -> None:
    """V2G2-756."""
    resting = Resting(protocol="ISO 15118-2", session_id=b"restingA", kept=paused().kept)
    vehicle = back(resting)
    vehicle.session_id = b"restingB"
    assert vehicle.say("SessionSetupReq")["ResponseCode"] == "OK_NewSessionEstablished"
    assert vehicle.session_id == CHANCE.session_id
    assert vehicle.state.kept is None


def test_what_rests_in_another_protocol_is_not_joined() -> None:
    resting = Resting(protocol="ISO 15118-20 AC", session_id=b"restingA", kept=paused().kept)
    vehicle = back(resting)
    assert vehicle.say("SessionSetupReq")["ResponseCode"] == "OK_NewSessionEstablished"


def test_the_way_of_authorization_and_the_mode_stay_what_they_were() -> None:
    """V2G2-741."""
    vehicle = contract_vehicle().reach(Phase.AC_STOP)
    vehicle.say("SessionStopReq", ChargingSession="Pause")
    resting = vehicle.conversation.rest(vehicle.state)
    again = Vehicle(vehicle.state.charger, AC_FACTS, is_tls=True, resting=resting)
    again.session_id = resting.session_id
    again.say("SessionSetupReq")
    response = again.say("ServiceDiscoveryReq")
    assert response["PaymentOptionList"]["PaymentOption"] == ["Contract"]
    again.reach(Phase.PARAMETERS)
    refused = again.say("ChargeParameterDiscoveryReq", RequestedEnergyTransferMode="AC_single_phase_core")
    assert refused["ResponseCode"] == "FAILED_WrongEnergyTransferMode"


@pytest.mark.parametrize("phase", [Phase.DISCOVERY, Phase.AUTHORIZATION, Phase.AC_START, Phase.CABLE_CHECK])
def test_only_what_has_charged_can_rest(phase: Phase) -> None:
    vehicle = vehicle_in(phase)
    assert vehicle.say("SessionStopReq", ChargingSession="Pause")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_direct_current_rests_too() -> None:
    vehicle = vehicle_in(Phase.DC_STOP)
    vehicle.say("WeldingDetectionReq")
    assert vehicle.say("SessionStopReq", ChargingSession="Pause")["ResponseCode"] == "OK"
    assert vehicle.ending == "pause"
