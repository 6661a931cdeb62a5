"""Charging on alternating current with ISO 15118-2, by card."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.turns import (
    AwaitDriver,
    Deenergise,
    DrawAtMost,
    Energise,
    Failed,
    Introduce,
    TellChosen,
    TellNeeds,
)
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.needs import AcNeeds, Needs
from tests.unit.agent.iso15118.iso2.vehicle import AC_PARAMETERS, ac_vehicle, selection, vehicle_in
from tests.unit.agent.iso15118.talking import AC_FACTS, CHANCE, NOW, amperes, volts, watt_hours, watts

NONE: dict[str, Any] = {"NotificationMaxDelay": 0, "EVSENotification": "None", "RCD": False}


def test_a_whole_session() -> None:
    vehicle = ac_vehicle()
    assert vehicle.say("SessionSetupReq") == {
        "ResponseCode": "OK_NewSessionEstablished",
        "EVSEID": "DE*CHA*E1",
        "EVSETimeStamp": int(NOW.timestamp()),
    }
    assert vehicle.session_id == CHANCE.session_id
    assert vehicle.ordered() == (Introduce("0A1B2C3D4E5F"),)
    assert vehicle.say("ServiceDiscoveryReq") == {
        "ResponseCode": "OK",
        "PaymentOptionList": {"PaymentOption": ["ExternalPayment"]},
        "ChargeService": {
            "ServiceID": 1,
            "ServiceName": "AC_DC_Charging",
            "ServiceCategory": "EVCharging",
            "FreeService": False,
            "SupportedEnergyTransferMode": {
                "EnergyTransferMode": ["AC_three_phase_core", "AC_single_phase_core"]
            },
        },
    }
    assert vehicle.say("PaymentServiceSelectionReq") == {"ResponseCode": "OK"}
    assert vehicle.ordered() == (AwaitDriver(),)
    waits = {"ResponseCode": "OK", "EVSEProcessing": "Ongoing_WaitingForCustomerInteraction"}
    assert vehicle.say("AuthorizationReq") == waits
    vehicle.knows(authorization="accepted")
    assert vehicle.say("AuthorizationReq") == {"ResponseCode": "OK", "EVSEProcessing": "Finished"}
    limits = {
        "AC_EVSEStatus": NONE,
        "EVSENominalVoltage": volts(230),
        "EVSEMaxCurrent": amperes(16),
    }
    assert vehicle.say("ChargeParameterDiscoveryReq") == {
        "ResponseCode": "OK",
        "EVSEProcessing": "Ongoing",
        "AC_EVSEChargeParameter": limits,
    }
    needs = Needs(
        evse_id=0,
        transfer="AC_three_phase",
        most_schedules=3,
        ac=AcNeeds(energy_wh=22000, least_a=6, most_a=32, most_v=400),
    )
    assert vehicle.ordered() == (TellNeeds(needs), DrawAtMost(Decimal(32)))
    vehicle.knows(offers=())
    schedule = {
        "PMaxScheduleEntry": [{"RelativeTimeInterval": {"start": 0, "duration": 86400}, "PMax": watts(11040)}]
    }
    assert vehicle.say("ChargeParameterDiscoveryReq") == {
        "ResponseCode": "OK",
        "EVSEProcessing": "Finished",
        "SAScheduleList": {"SAScheduleTuple": [{"SAScheduleTupleID": 1, "PMaxSchedule": schedule}]},
        "AC_EVSEChargeParameter": limits,
    }
    assert vehicle.ordered() == ()
    assert vehicle.say("PowerDeliveryReq") == {"ResponseCode": "OK", "AC_EVSEStatus": NONE}
    assert vehicle.deeds == [Energise()]
    (told,) = vehicle.ordered()
    assert isinstance(told, TellChosen)
    assert (told.chosen.offer_id, told.chosen.start, told.chosen.schedule.unit) == (None, NOW, "W")
    assert [period.limit for period in told.chosen.schedule.periods] == [11040]
    for _ in range(3):
        assert vehicle.say("ChargingStatusReq") == {
            "ResponseCode": "OK",
            "EVSEID": "DE*CHA*E1",
            "SAScheduleTupleID": 1,
            "EVSEMaxCurrent": amperes(16),
            "MeterInfo": {"MeterID": "M-1", "MeterReading": 4711, "TMeter": int(NOW.timestamp())},
            "ReceiptRequired": False,
            "AC_EVSEStatus": NONE,
        }
    assert vehicle.say("PowerDeliveryReq") == {"ResponseCode": "OK", "AC_EVSEStatus": NONE}
    assert vehicle.deeds == [Energise(), Deenergise()]
    assert vehicle.ending is None
    assert vehicle.say("SessionStopReq") == {"ResponseCode": "OK"}
    assert vehicle.ending == "terminate"


def test_limits_change_while_charging_goes_on() -> None:
    vehicle = vehicle_in(Phase.AC_LOOP)
    assert AC_FACTS.ac is not None
    vehicle.knows(ac=replace(AC_FACTS.ac, most_a=Decimal("7.3")))
    assert vehicle.say("ChargingStatusReq")["EVSEMaxCurrent"] == amperes(73, -1)


@pytest.mark.parametrize(
    ("facts", "notification", "delay_s"),
    [
        ({"wish": "stop"}, "StopCharging", 10),
        ({"wish": "renegotiate"}, "ReNegotiation", 60),
        ({"fault": "too hot"}, "StopCharging", 0),
        ({"fault": "too hot", "wish": "renegotiate"}, "StopCharging", 0),
    ],
)
def test_what_the_evse_wants_of_the_vehicle(facts: dict[str, Any], notification: str, delay_s: int) -> None:
    vehicle = vehicle_in(Phase.AC_LOOP)
    vehicle.knows(**facts)
    status = vehicle.say("ChargingStatusReq")["AC_EVSEStatus"]
    assert status == {"NotificationMaxDelay": delay_s, "EVSENotification": notification, "RCD": False}
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "OK"


def test_an_emergency_ends_the_session() -> None:
    vehicle = vehicle_in(Phase.AC_LOOP)
    vehicle.knows(is_emergency=True, fault="residual current", has_tripped=True)
    response = vehicle.say("ChargingStatusReq")
    assert response["ResponseCode"] == "FAILED"
    assert response["AC_EVSEStatus"] == {
        "NotificationMaxDelay": 0,
        "EVSENotification": "StopCharging",
        "RCD": True,
    }
    assert vehicle.ending == "error"


@pytest.mark.parametrize("phase", [Phase.AC_LOOP, Phase.AC_STOP])
def test_in_an_emergency_a_vehicle_may_still_end_in_order(phase: Phase) -> None:
    vehicle = vehicle_in(phase)
    vehicle.knows(is_emergency=True, fault="emergency stop")
    vehicle.reach(Phase.ENDED)
    assert vehicle.ending == "terminate"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"fault": "too hot"}, "too hot"),
        ({"fault": "stop button", "is_emergency": True}, "stop button"),
        ({"authorization": "pending"}, "pending"),
        ({"authorization": "rejected"}, "rejected"),
        ({"is_locked": False}, "not locked"),
        ({"wish": "stop"}, "end"),
    ],
)
def test_power_that_may_not_come_on(facts: dict[str, Any], why: str) -> None:
    """V2G2-480."""
    vehicle = vehicle_in(Phase.AC_START)
    vehicle.knows(**facts)
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
    assert vehicle.ending == "error"
    assert vehicle.answer is not None
    assert why in vehicle.answer.why
    assert vehicle.deeds == []


def test_a_contactor_that_does_not_close() -> None:
    """V2G2-860."""
    vehicle = vehicle_in(Phase.AC_START)
    vehicle.outcomes[Energise] = Failed("it is still open")
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_ContactorError"
    assert vehicle.ending == "error"


def test_a_contactor_that_does_not_open() -> None:
    vehicle = vehicle_in(Phase.AC_LOOP)
    vehicle.outcomes[Deenergise] = Failed("it is welded")
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_ContactorError"
    assert vehicle.ending == "error"


def test_a_vehicle_that_stops_before_it_has_started() -> None:
    vehicle = vehicle_in(Phase.AC_START)
    assert vehicle.say("PowerDeliveryReq", ChargeProgress="Stop")["ResponseCode"] == "OK"
    assert vehicle.deeds == [Deenergise()]
    assert vehicle.say("SessionStopReq", ChargingSession="Pause")["ResponseCode"] == "OK"
    assert vehicle.ending == "terminate"


def test_a_vehicle_negotiates_anew_with_the_power_on() -> None:
    """V2G2-813."""
    vehicle = vehicle_in(Phase.AC_LOOP)
    assert vehicle.say("PowerDeliveryReq", ChargeProgress="Renegotiate")["ResponseCode"] == "OK"
    assert vehicle.state.phase is Phase.PARAMETERS
    assert vehicle.deeds == [Energise()]
    less = {**AC_PARAMETERS["AC_EVChargeParameter"], "EAmount": watt_hours(5, 3)}
    vehicle.say("ChargeParameterDiscoveryReq", AC_EVChargeParameter=less)
    assert any(isinstance(order, TellNeeds) for order in vehicle.ordered())
    vehicle.reach(Phase.AC_LOOP)
    assert vehicle.deeds == [Energise()]


def test_a_pause_is_told_as_a_current_of_nothing() -> None:
    """There is no word for it: the vehicle stays, and goes on when there is energy again."""
    vehicle = vehicle_in(Phase.AC_LOOP)
    vehicle.knows(wish="pause")
    response = vehicle.say("ChargingStatusReq")
    assert (response["EVSEMaxCurrent"], response["AC_EVSEStatus"]) == (amperes(0), NONE)
    vehicle.knows(wish="none")
    assert vehicle.say("ChargingStatusReq")["EVSEMaxCurrent"] == amperes(16)


def test_a_pause_before_charging_has_begun() -> None:
    vehicle = ac_vehicle().reach(Phase.PARAMETERS)
    vehicle.knows(wish="pause", offers=())
    vehicle.reach(Phase.AC_START)
    (offered,) = vehicle.state.offered
    assert [entry.most_w for entry in offered.entries] == [0]
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
    assert vehicle.deeds == []


def test_a_vehicle_that_leaves_while_it_negotiates_gets_the_power_taken_away() -> None:
    vehicle = vehicle_in(Phase.AC_LOOP)
    vehicle.say("PowerDeliveryReq", ChargeProgress="Renegotiate")
    assert vehicle.say("SessionStopReq")["ResponseCode"] == "OK"
    assert vehicle.deeds == [Energise(), Deenergise()]


@pytest.mark.parametrize("phase", [Phase.AC_START, Phase.DC_START])
def test_there_is_nothing_to_negotiate_anew_before_charging(phase: Phase) -> None:
    vehicle = vehicle_in(phase)
    assert vehicle.say("PowerDeliveryReq", ChargeProgress="Renegotiate")["ResponseCode"] == "FAILED"


@pytest.mark.parametrize("phase", [Phase.AC_LOOP, Phase.DC_LOOP])
def test_power_that_is_on_already(phase: Phase) -> None:
    """V2G2-812."""
    vehicle = vehicle_in(phase)
    assert vehicle.say("PowerDeliveryReq", ChargeProgress="Start")["ResponseCode"] == "FAILED"


def test_a_driver_who_may_not_charge() -> None:
    vehicle = vehicle_in(Phase.AUTHORIZATION)
    vehicle.knows(authorization="rejected")
    assert vehicle.say("AuthorizationReq")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_a_driver_may_take_any_time() -> None:
    """V2G2-854."""
    vehicle = vehicle_in(Phase.AUTHORIZATION)
    for _ in range(30):
        vehicle.passes(59.0)
        assert vehicle.say("AuthorizationReq")["EVSEProcessing"] == "Ongoing_WaitingForCustomerInteraction"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"RequestedEnergyTransferMode": "DC_extended"}, "FAILED_WrongEnergyTransferMode"),
        ({"RequestedEnergyTransferMode": "DC_core"}, "FAILED_WrongEnergyTransferMode"),
        ({"AC_EVChargeParameter": {"EVMaxCurrent": amperes(0)}}, "FAILED_WrongChargeParameter"),
        ({"AC_EVChargeParameter": {"EVMaxCurrent": amperes(5)}}, "FAILED_WrongChargeParameter"),
        ({"AC_EVChargeParameter": {"EVMaxCurrent": volts(32)}}, "FAILED_WrongChargeParameter"),
        ({"AC_EVChargeParameter": {"EAmount": watts(1)}}, "FAILED_WrongChargeParameter"),
    ],
)
def test_parameters_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    """V2G2-476, V2G2-477."""
    vehicle = vehicle_in(Phase.PARAMETERS)
    merged = {
        name: {**AC_PARAMETERS[name], **value} if isinstance(value, dict) else value
        for name, value in changes.items()
    }
    response = vehicle.say("ChargeParameterDiscoveryReq", **merged)
    assert response["ResponseCode"] == code
    assert vehicle.ending == "error"


def test_parameters_of_the_other_kind_of_current() -> None:
    """V2G2-477."""
    vehicle = vehicle_in(Phase.PARAMETERS)
    body = {
        "RequestedEnergyTransferMode": "AC_three_phase_core",
        "DC_EVChargeParameter": {
            "DC_EVStatus": {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 1},
            "EVMaximumCurrentLimit": amperes(1),
            "EVMaximumVoltageLimit": volts(1),
        },
    }
    assert vehicle.ask("ChargeParameterDiscoveryReq", body)["ResponseCode"] == "FAILED_WrongChargeParameter"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (selection("Contract"), "FAILED_PaymentSelectionInvalid"),
        (selection("ExternalPayment", 1, 2), "FAILED_ServiceSelectionInvalid"),
        (selection("ExternalPayment", 1, 3), "FAILED_ServiceSelectionInvalid"),
    ],
)
def test_a_choice_that_was_not_offered(body: dict[str, Any], code: str) -> None:
    """V2G2-465, V2G2-467."""
    vehicle = vehicle_in(Phase.SELECTION)
    assert vehicle.ask("PaymentServiceSelectionReq", body)["ResponseCode"] == code
    assert vehicle.ending == "error"


def test_a_service_that_was_not_offered() -> None:
    """V2G2-425, V2G2-464."""
    vehicle = vehicle_in(Phase.SELECTION)
    response = vehicle.say("ServiceDetailReq", ServiceID=2)
    assert response == {"ResponseCode": "FAILED_ServiceIDInvalid", "ServiceID": 2}
    assert vehicle.ending == "error"


def test_a_clock_that_is_wrong_is_not_told() -> None:
    vehicle = ac_vehicle()
    vehicle.knows(clock_is_trusted=False)
    assert "EVSETimeStamp" not in vehicle.say("SessionSetupReq")


def test_an_evse_that_takes_contracts_only_has_nothing_for_a_line_that_anybody_reads() -> None:
    vehicle = ac_vehicle(identifications=("contract",))
    vehicle.reach(Phase.DISCOVERY)
    assert vehicle.say("ServiceDiscoveryReq")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_one_phase_of_three() -> None:
    vehicle = vehicle_in(Phase.PARAMETERS)
    vehicle.knows(offers=())
    for _ in range(2):
        response = vehicle.say(
            "ChargeParameterDiscoveryReq", RequestedEnergyTransferMode="AC_single_phase_core"
        )
    (entry,) = response["SAScheduleList"]["SAScheduleTuple"][0]["PMaxSchedule"]["PMaxScheduleEntry"]
    assert entry["PMax"] == watts(3680)
