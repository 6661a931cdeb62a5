"""Charging with DIN 70121."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.din.setup import evse_id
from agent.iso15118.turns import (
    AwaitDriver,
    CheckCable,
    Deenergise,
    Deliver,
    Energise,
    Failed,
    Introduce,
    TellChosen,
    TellNeeds,
    TellSoc,
)
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import DcNeeds, Needs, Offer
from tests.unit.agent.iso15118.din.vehicle import EV_STATUS, PARAMETERS, Vehicle, vehicle_in
from tests.unit.agent.iso15118.talking import CHANCE, NOW, amperes, volts, watts

DAY_S = 86400


def dc_status(isolation: str, code: str, notification: str = "None", delay_s: int = 0) -> dict[str, Any]:
    return {
        "NotificationMaxDelay": delay_s,
        "EVSENotification": notification,
        "EVSEIsolationStatus": isolation,
        "EVSEStatusCode": code,
    }


def schedule(*entries: tuple[int, int, int]) -> dict[str, Any]:
    """Return SAScheduleList: start, duration and power of each entry."""
    told = [
        {"RelativeTimeInterval": {"start": start, "duration": duration}, "PMax": power}
        for start, duration, power in entries
    ]
    maxima = {"PMaxScheduleID": 1, "PMaxScheduleEntry": told}
    return {"SAScheduleTuple": [{"SAScheduleTupleID": 1, "PMaxSchedule": maxima}]}


def test_a_whole_session() -> None:
    vehicle = Vehicle(evse_id="49*89*6360")
    assert vehicle.say("SessionSetupReq") == {
        "ResponseCode": "OK_NewSessionEstablished",
        "EVSEID": bytes.fromhex("49a89a6360"),
        "DateTimeNow": int(NOW.timestamp()),
    }
    assert vehicle.session_id == CHANCE.session_id
    assert vehicle.ordered() == (Introduce("0A1B2C3D4E5F"),)
    assert vehicle.say("ServiceDiscoveryReq") == {
        "ResponseCode": "OK",
        "PaymentOptions": {"PaymentOption": ["ExternalPayment"]},
        "ChargeService": {
            "ServiceTag": {"ServiceID": 1, "ServiceCategory": "EVCharging"},
            "FreeService": False,
            "EnergyTransferType": "DC_extended",
        },
    }
    assert vehicle.say("ServicePaymentSelectionReq") == {"ResponseCode": "OK"}
    assert vehicle.ordered() == (AwaitDriver(),)
    assert vehicle.say("ContractAuthenticationReq")["EVSEProcessing"] == "Ongoing"
    vehicle.knows(authorization="accepted")
    assert vehicle.say("ContractAuthenticationReq")["EVSEProcessing"] == "Finished"
    limits = {
        "DC_EVSEStatus": dc_status("Invalid", "EVSE_Ready"),
        "EVSEMaximumCurrentLimit": amperes(125),
        "EVSEMaximumPowerLimit": watts(5000, 1),
        "EVSEMaximumVoltageLimit": volts(920),
        "EVSEMinimumCurrentLimit": amperes(0),
        "EVSEMinimumVoltageLimit": volts(150),
        "EVSEPeakCurrentRipple": amperes(1),
    }
    waits = {
        "ResponseCode": "OK",
        "EVSEProcessing": "Ongoing",
        "SAScheduleList": schedule((0, DAY_S, 32767)),
        "DC_EVSEChargeParameter": limits,
    }
    assert vehicle.say("ChargeParameterDiscoveryReq") == waits
    needs = DcNeeds(most_a=200, most_v=450, energy_wh=30000, soc=40)
    assert vehicle.ordered() == (
        TellNeeds(Needs(evse_id=0, transfer="DC", most_schedules=1, dc=needs)),
        TellSoc(40),
    )
    vehicle.knows(offers=())
    assert vehicle.say("ChargeParameterDiscoveryReq") == {**waits, "EVSEProcessing": "Finished"}
    assert vehicle.ordered() == ()
    assert vehicle.say("CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert vehicle.ordered() == (CheckCable(Decimal(450)),)
    vehicle.knows(isolation="valid")
    ready = dc_status("Valid", "EVSE_Ready")
    assert vehicle.say("CableCheckReq")["DC_EVSEStatus"] == ready
    present = {"EVSEPresentVoltage": volts(3985, -1)}
    assert vehicle.say("PreChargeReq") == {"ResponseCode": "OK", "DC_EVSEStatus": ready, **present}
    assert vehicle.ordered() == (Deliver(Decimal(400), Decimal(1)),)
    assert vehicle.say("PowerDeliveryReq") == {"ResponseCode": "OK", "DC_EVSEStatus": ready}
    assert vehicle.deeds == [Energise()]
    assert vehicle.say("CurrentDemandReq") == {
        "ResponseCode": "OK",
        "DC_EVSEStatus": ready,
        **present,
        "EVSEPresentCurrent": amperes(1225, -2),
        "EVSECurrentLimitAchieved": False,
        "EVSEVoltageLimitAchieved": False,
        "EVSEPowerLimitAchieved": False,
        "EVSEMaximumVoltageLimit": volts(920),
        "EVSEMaximumCurrentLimit": amperes(125),
        "EVSEMaximumPowerLimit": watts(5000, 1),
    }
    assert vehicle.ordered() == (Deliver(Decimal(400), Decimal(100)),)
    stopped = dc_status("Valid", "EVSE_NotReady")
    assert vehicle.say("PowerDeliveryReq") == {"ResponseCode": "OK", "DC_EVSEStatus": stopped}
    assert vehicle.deeds == [Energise(), Deenergise()]
    assert vehicle.say("WeldingDetectionReq") == {"ResponseCode": "OK", "DC_EVSEStatus": stopped, **present}
    assert vehicle.say("SessionStopReq") == {"ResponseCode": "OK"}
    assert vehicle.ending == "terminate"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("49*89*6360", "49a89a6360"),
        ("+49*89*6360", "49a89a6360"),
        ("49*89*636", "49a89a636f"),
        ("DE*CHA*E1", "00"),
        ("", "00"),
        ("4" * 65, "00"),
    ],
)
def test_an_evses_id_in_four_bits_for_each_character(text: str, sent: str) -> None:
    assert evse_id(text).hex() == sent


def test_an_id_from_elsewhere_begins_a_new_session() -> None:
    """V2G-DC-393."""
    vehicle = Vehicle()
    response = vehicle.ask("SessionSetupReq", vehicle.body("SessionSetupReq"), session_id=b"8 octets")
    assert response["ResponseCode"] == "OK_NewSessionEstablished"
    assert vehicle.session_id == CHANCE.session_id


def test_a_clock_that_is_wrong_is_not_told() -> None:
    vehicle = Vehicle()
    vehicle.knows(clock_is_trusted=False)
    assert "DateTimeNow" not in vehicle.say("SessionSetupReq")


def test_an_evse_that_takes_contracts_only() -> None:
    vehicle = Vehicle(identifications=("contract",)).reach(Phase.DISCOVERY)
    assert vehicle.say("ServiceDiscoveryReq")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SelectedPaymentOption": "Contract"}, "FAILED_PaymentSelectionInvalid"),
        (
            {"SelectedServiceList": {"SelectedService": [{"ServiceID": 2}]}},
            "FAILED_ServiceSelectionInvalid",
        ),
        (
            {"SelectedServiceList": {"SelectedService": [{"ServiceID": 1}, {"ServiceID": 2}]}},
            "FAILED_ServiceSelectionInvalid",
        ),
    ],
)
def test_a_choice_that_was_not_offered(changes: dict[str, Any], code: str) -> None:
    """V2G-DC-395, V2G-DC-396, V2G-DC-635."""
    vehicle = vehicle_in(Phase.SELECTION)
    assert vehicle.say("ServicePaymentSelectionReq", **changes)["ResponseCode"] == code
    assert vehicle.ending == "error"


def test_a_driver_who_may_not_charge() -> None:
    vehicle = vehicle_in(Phase.AUTHORIZATION)
    vehicle.knows(authorization="rejected")
    assert vehicle.say("ContractAuthenticationReq")["ResponseCode"] == "FAILED"


@pytest.mark.parametrize("mode", ["DC_core", "AC_three_phase_core", "DC_unique"])
def test_another_mode(mode: str) -> None:
    """V2G-DC-397."""
    vehicle = vehicle_in(Phase.PARAMETERS)
    response = vehicle.say("ChargeParameterDiscoveryReq", EVRequestedEnergyTransferType=mode)
    assert response["ResponseCode"] == "FAILED_WrongEnergyTransferType"


@pytest.mark.parametrize(
    "parameters",
    [
        {
            "AC_EVChargeParameter": {
                "DepartureTime": 0,
                "EAmount": volts(1),
                "EVMaxVoltage": volts(1),
                "EVMaxCurrent": amperes(1),
                "EVMinCurrent": amperes(1),
            }
        },
        {
            "DC_EVChargeParameter": {
                **PARAMETERS["DC_EVChargeParameter"],
                "EVMaximumVoltageLimit": {"Multiplier": 0, "Unit": "A", "Value": 400},
            }
        },
        {
            "DC_EVChargeParameter": {
                **PARAMETERS["DC_EVChargeParameter"],
                "EVMaximumVoltageLimit": volts(149),
            }
        },
    ],
)
def test_parameters_that_cannot_be(parameters: dict[str, Any]) -> None:
    """V2G-DC-398."""
    vehicle = vehicle_in(Phase.PARAMETERS)
    body = {"EVRequestedEnergyTransferType": "DC_extended", **parameters}
    assert vehicle.ask("ChargeParameterDiscoveryReq", body)["ResponseCode"] == "FAILED_WrongChargeParameter"


def test_units_may_be_left_out() -> None:
    vehicle = vehicle_in(Phase.PARAMETERS)
    bare = {"Multiplier": 0, "Value": 400}
    parameters = {**PARAMETERS["DC_EVChargeParameter"], "EVMaximumVoltageLimit": bare}
    assert vehicle.say("ChargeParameterDiscoveryReq", DC_EVChargeParameter=parameters)["ResponseCode"] == "OK"


OFFER = Offer(
    id=9,
    start=NOW - timedelta(seconds=600),
    duration_s=7200,
    unit="W",
    periods=(
        CompositePeriod(start_s=0, limit=Decimal("20000.5"), phases=3),
        CompositePeriod(start_s=3600, limit=Decimal(4000), phases=3),
    ),
)


def offered(offers: tuple[Offer, ...]) -> Vehicle:
    vehicle = vehicle_in(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq")
    vehicle.knows(offers=offers)
    return vehicle


def test_the_backends_schedule() -> None:
    """V2G-DC-329, V2G-DC-554."""
    vehicle = offered((OFFER, replace(OFFER, id=10)))
    told = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]
    assert told == schedule((0, 3000, 20000), (3000, 3600, 4000))
    many = tuple(CompositePeriod(start_s=60 * number, limit=Decimal(9000), phases=3) for number in range(50))
    vehicle = offered((replace(OFFER, periods=many),))
    (one,) = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]["SAScheduleTuple"]
    assert len(one["PMaxSchedule"]["PMaxScheduleEntry"]) == 12


def test_schedules_are_waited_for_and_at_last_the_evse_offers_its_own() -> None:
    vehicle = vehicle_in(Phase.PARAMETERS)
    for _ in range(6):
        assert vehicle.say("ChargeParameterDiscoveryReq")["EVSEProcessing"] == "Ongoing"
        vehicle.passes(10.0)
    assert vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"] == schedule((0, DAY_S, 32767))


def profile(number: int, *entries: tuple[int, int]) -> dict[str, Any]:
    return {
        "SAScheduleTupleID": number,
        "ProfileEntry": [
            {"ChargingProfileEntryStart": start, "ChargingProfileEntryMaxPower": power}
            for start, power in entries
        ],
    }


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (None, "OK"),
        (profile(1, (0, 20000), (3000, 4000), (6600, 0)), "OK"),
        (profile(2, (0, 1)), "FAILED_TariffSelectionInvalid"),
        (profile(1, (0, 20000)), "FAILED_ChargingProfileInvalid"),
        (profile(1, (0, 20001), (3000, 4000)), "FAILED_ChargingProfileInvalid"),
    ],
)
def test_a_vehicles_plan(plan: dict[str, Any] | None, code: str) -> None:
    """V2G-DC-399, V2G-DC-400."""
    vehicle = offered((OFFER,))
    vehicle.reach(Phase.DC_START)
    assert vehicle.say("PowerDeliveryReq", ChargingProfile=plan)["ResponseCode"] == code
    if code == "OK":
        (told,) = [order for order in vehicle.ordered() if isinstance(order, TellChosen)]
        assert told.chosen.offer_id == 9
        limits = [period.limit for period in told.chosen.schedule.periods]
        assert limits[:2] == [Decimal(20000), Decimal(4000)]


@pytest.mark.parametrize("facts", [{"isolation": "testing"}, {"fault": "hot"}, {"authorization": "rejected"}])
def test_power_that_may_not_come_on(facts: dict[str, Any]) -> None:
    """V2G-DC-401."""
    vehicle = vehicle_in(Phase.DC_START)
    vehicle.knows(**facts)
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
    assert vehicle.deeds == []


@pytest.mark.parametrize(("phase", "deed"), [(Phase.DC_START, Energise), (Phase.DC_LOOP, Deenergise)])
def test_a_contactor_that_does_not_follow(phase: Phase, deed: type[Energise] | type[Deenergise]) -> None:
    vehicle = vehicle_in(phase)
    vehicle.outcomes[deed] = Failed("it does not move")
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
    assert vehicle.ending == "error"


def test_power_that_is_on_already() -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    assert vehicle.say("PowerDeliveryReq", ReadyToChargeState=True)["ResponseCode"] == "FAILED"


def test_a_vehicle_that_leaves_after_precharging_leaves_no_voltage_behind() -> None:
    vehicle = vehicle_in(Phase.DC_START)
    assert vehicle.say("SessionStopReq")["ResponseCode"] == "OK"
    assert vehicle.deeds == [Deenergise()]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"wish": "stop"}, dc_status("Valid", "EVSE_Shutdown", "StopCharging", 10)),
        ({"wish": "renegotiate"}, dc_status("Valid", "EVSE_Ready")),
        ({"fault": "hot"}, dc_status("Valid", "EVSE_Malfunction", "StopCharging")),
    ],
)
def test_what_the_evse_wants_of_the_vehicle(facts: dict[str, Any], status: dict[str, Any]) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    vehicle.knows(**facts)
    assert vehicle.say("CurrentDemandReq")["DC_EVSEStatus"] == status


@pytest.mark.parametrize("facts", [{"isolation": "fault"}, {"is_emergency": True, "fault": "stop button"}])
def test_emergencies_end_the_session(facts: dict[str, Any]) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    vehicle.knows(**facts)
    response = vehicle.say("CurrentDemandReq")
    assert response["ResponseCode"] == "FAILED"
    assert response["DC_EVSEStatus"]["EVSEStatusCode"] == "EVSE_EmergencyShutdown"
    assert vehicle.ending == "error"


def test_the_charge_of_the_battery_is_told_once() -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    status = {**EV_STATUS, "EVRESSSOC": 55}
    vehicle.say("CurrentDemandReq", DC_EVStatus=status)
    assert TellSoc(55) in vehicle.ordered()
    vehicle.say("CurrentDemandReq", DC_EVStatus=status)
    assert TellSoc(55) not in vehicle.ordered()
