"""Charging on direct current with ISO 15118-2, by card."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.facts import DcPresent
from agent.iso15118.turns import CheckCable, Deenergise, Deliver, Energise, TellNeeds, TellSoc
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.needs import DcNeeds, Needs
from tests.unit.agent.iso15118.iso2.vehicle import (
    DC_PARAMETERS,
    DEMAND,
    EV_STATUS,
    dc_vehicle,
    vehicle_in,
)
from tests.unit.agent.iso15118.talking import DC_FACTS, amperes, volts, watts


def dc_status(isolation: str, code: str, notification: str = "None", delay_s: int = 0) -> dict[str, Any]:
    return {
        "NotificationMaxDelay": delay_s,
        "EVSENotification": notification,
        "EVSEIsolationStatus": isolation,
        "EVSEStatusCode": code,
    }


def test_a_whole_session() -> None:
    vehicle = dc_vehicle()
    vehicle.reach(Phase.PARAMETERS)
    response = vehicle.say("ChargeParameterDiscoveryReq")
    assert response == {
        "ResponseCode": "OK",
        "EVSEProcessing": "Ongoing",
        "DC_EVSEChargeParameter": {
            "DC_EVSEStatus": dc_status("Invalid", "EVSE_Ready"),
            "EVSEMaximumCurrentLimit": amperes(125),
            "EVSEMaximumPowerLimit": watts(5000, 1),
            "EVSEMaximumVoltageLimit": volts(920),
            "EVSEMinimumCurrentLimit": amperes(0),
            "EVSEMinimumVoltageLimit": volts(150),
            "EVSEPeakCurrentRipple": amperes(1),
        },
    }
    needs = DcNeeds(most_a=200, most_v=450, energy_wh=30000, soc=40)
    assert vehicle.ordered() == (
        TellNeeds(Needs(evse_id=0, transfer="DC", most_schedules=3, dc=needs)),
        TellSoc(40),
    )
    vehicle.knows(offers=())
    offered = vehicle.say("ChargeParameterDiscoveryReq")["SAScheduleList"]["SAScheduleTuple"]
    assert offered[0]["PMaxSchedule"]["PMaxScheduleEntry"][0]["PMax"] == watts(5000, 1)

    testing = {"DC_EVSEStatus": dc_status("Invalid", "EVSE_IsolationMonitoringActive")}
    goes_on = {"ResponseCode": "OK", "EVSEProcessing": "Ongoing", **testing}
    assert vehicle.say("CableCheckReq") == goes_on
    assert vehicle.ordered() == (CheckCable(Decimal(450)),)
    vehicle.knows(isolation="testing")
    assert vehicle.say("CableCheckReq") == goes_on
    assert vehicle.ordered() == ()
    vehicle.knows(isolation="valid")
    ready = dc_status("Valid", "EVSE_Ready")
    assert vehicle.say("CableCheckReq") == {
        "ResponseCode": "OK",
        "EVSEProcessing": "Finished",
        "DC_EVSEStatus": ready,
    }
    for _ in range(2):
        assert vehicle.say("PreChargeReq") == {
            "ResponseCode": "OK",
            "DC_EVSEStatus": ready,
            "EVSEPresentVoltage": volts(3985, -1),
        }
        assert vehicle.ordered() == (Deliver(Decimal(400), Decimal(1)),)
    assert vehicle.say("PowerDeliveryReq") == {"ResponseCode": "OK", "DC_EVSEStatus": ready}
    assert vehicle.deeds == [Energise()]
    status_41 = {**EV_STATUS, "EVRESSSOC": 41}
    assert vehicle.say("CurrentDemandReq", DC_EVStatus=status_41) == {
        "ResponseCode": "OK",
        "DC_EVSEStatus": ready,
        "EVSEPresentVoltage": volts(3985, -1),
        "EVSEPresentCurrent": amperes(1225, -2),
        "EVSECurrentLimitAchieved": False,
        "EVSEVoltageLimitAchieved": False,
        "EVSEPowerLimitAchieved": False,
        "EVSEMaximumVoltageLimit": volts(920),
        "EVSEMaximumCurrentLimit": amperes(125),
        "EVSEMaximumPowerLimit": watts(5000, 1),
        "EVSEID": "DE*CHA*E1",
        "SAScheduleTupleID": 1,
        "MeterInfo": {"MeterID": "M-1", "MeterReading": 4711, "TMeter": int(DC_FACTS.now.timestamp())},
        "ReceiptRequired": False,
    }
    assert vehicle.ordered() == (TellSoc(41), Deliver(Decimal(400), Decimal(100)))
    assert vehicle.say("CurrentDemandReq", DC_EVStatus=status_41)["ResponseCode"] == "OK"
    assert vehicle.ordered() == (Deliver(Decimal(400), Decimal(100)),)
    assert vehicle.say("PowerDeliveryReq") == {
        "ResponseCode": "OK",
        "DC_EVSEStatus": dc_status("Valid", "EVSE_NotReady"),
    }
    assert vehicle.deeds == [Energise(), Deenergise()]
    assert vehicle.say("WeldingDetectionReq")["EVSEPresentVoltage"] == volts(3985, -1)
    assert vehicle.say("WeldingDetectionReq")["ResponseCode"] == "OK"
    assert vehicle.say("SessionStopReq") == {"ResponseCode": "OK"}
    assert vehicle.ending == "terminate"


@pytest.mark.parametrize(
    ("changes", "delivered_v", "delivered_a", "limit"),
    [
        ({}, 400, "100.00", None),
        ({"EVTargetCurrent": amperes(150)}, 400, "125.00", "EVSECurrentLimitAchieved"),
        ({"EVTargetCurrent": amperes(300)}, 400, "125.00", "EVSEPowerLimitAchieved"),
        (
            {"EVTargetVoltage": volts(450), "EVTargetCurrent": amperes(124)},
            450,
            "111.11",
            "EVSEPowerLimitAchieved",
        ),
        ({"EVTargetVoltage": volts(1000)}, 450, "100.00", None),
        ({"EVTargetVoltage": volts(100)}, 100, "0.00", None),
        ({"EVTargetVoltage": volts(-5)}, 0, "0.00", None),
        ({"EVTargetCurrent": amperes(-20)}, 400, "0.00", None),
        ({"EVMaximumCurrentLimit": amperes(30)}, 400, "30.00", None),
        ({"EVMaximumVoltageLimit": volts(390)}, 390, "100.00", None),
        ({"EVMaximumPowerLimit": watts(10000)}, 400, "25.00", None),
        ({"DC_EVStatus": {**EV_STATUS, "EVErrorCode": "FAILED_EVRESSMalfunction"}}, 400, "0.00", None),
    ],
)
def test_nothing_is_delivered_beyond_anybodys_limits(
    changes: dict[str, Any], delivered_v: int, delivered_a: str, limit: str | None
) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    response = vehicle.say("CurrentDemandReq", **changes)
    assert vehicle.ordered() == (Deliver(Decimal(delivered_v), Decimal(delivered_a)),)
    if limit is not None:
        assert response[limit] is True


@pytest.mark.parametrize("at", ["voltage", "current", "power"])
def test_the_limit_that_holds_the_supply_back_is_told(at: str) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    held_back: dict[str, Any] = {f"at_{at}_limit": True}
    vehicle.knows(dc_present=DcPresent(voltage_v=Decimal(400), current_a=Decimal(50), **held_back))
    response = vehicle.say("CurrentDemandReq")
    names = {one: response[f"EVSE{one.capitalize()}LimitAchieved"] for one in ("voltage", "current", "power")}
    assert names == {one: one == at for one in names}


def test_precharging_takes_two_amperes_at_most() -> None:
    vehicle = vehicle_in(Phase.PRE_CHARGE)
    vehicle.say("PreChargeReq", EVTargetCurrent=amperes(50), EVTargetVoltage=volts(460))
    assert vehicle.ordered() == (Deliver(Decimal(450), Decimal(2)),)


@pytest.mark.parametrize("facts", [{"vehicle_is_ready": False}, {"is_locked": False}])
def test_the_cable_is_checked_once_the_vehicle_is_ready_and_locked(facts: dict[str, Any]) -> None:
    """V2G2-917, V2G2-918."""
    vehicle = vehicle_in(Phase.CABLE_CHECK)
    vehicle.knows(**facts, isolation="valid")
    assert vehicle.say("CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert vehicle.ordered() == ()
    vehicle.knows(vehicle_is_ready=True, is_locked=True)
    assert vehicle.say("CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert vehicle.ordered() == (CheckCable(Decimal(450)),)


def test_a_warning_of_the_isolation_monitor_is_told_and_charging_goes_on() -> None:
    vehicle = vehicle_in(Phase.CABLE_CHECK)
    vehicle.say("CableCheckReq")
    vehicle.knows(isolation="warning")
    response = vehicle.say("CableCheckReq")
    assert response["DC_EVSEStatus"] == dc_status("Warning", "EVSE_Ready")
    assert response["EVSEProcessing"] == "Finished"
    assert vehicle.reach(Phase.DC_LOOP).deeds == [Energise()]


@pytest.mark.parametrize(
    "phase", [Phase.CABLE_CHECK, Phase.PRE_CHARGE, Phase.DC_START, Phase.DC_FIRST, Phase.DC_LOOP]
)
@pytest.mark.parametrize("facts", [{"isolation": "fault"}, {"is_emergency": True, "fault": "stop button"}])
def test_a_faulty_isolation_and_emergencies_end_the_session(phase: Phase, facts: dict[str, Any]) -> None:
    vehicle = vehicle_in(phase)
    vehicle.knows(**facts)
    name = {
        Phase.CABLE_CHECK: "CableCheckReq",
        Phase.PRE_CHARGE: "PreChargeReq",
        Phase.DC_START: "PreChargeReq",
        Phase.DC_FIRST: "CurrentDemandReq",
        Phase.DC_LOOP: "CurrentDemandReq",
    }[phase]
    response = vehicle.say(name)
    assert response["ResponseCode"] == "FAILED"
    assert response["DC_EVSEStatus"]["EVSEStatusCode"] == "EVSE_EmergencyShutdown"
    assert vehicle.ending == "error"
    assert vehicle.ordered() == ()


@pytest.mark.parametrize("name", ["CableCheckReq", "PreChargeReq"])
def test_faults_and_a_vehicles_errors_end_what_comes_before_charging(name: str) -> None:
    phase = Phase.CABLE_CHECK if name == "CableCheckReq" else Phase.PRE_CHARGE
    vehicle = vehicle_in(phase)
    status = {**EV_STATUS, "EVErrorCode": "FAILED_ChargerConnectorLockFault"}
    assert vehicle.say(name, DC_EVStatus=status)["ResponseCode"] == "FAILED"
    vehicle = vehicle_in(phase)
    vehicle.knows(fault="no cooling")
    response = vehicle.say(name)
    assert (response["ResponseCode"], response["DC_EVSEStatus"]["EVSEStatusCode"]) == (
        "FAILED",
        "EVSE_Malfunction",
    )


@pytest.mark.parametrize("isolation", ["unknown", "testing", "fault"])
def test_no_power_without_a_result_of_the_isolation_monitor(isolation: str) -> None:
    """V2G2-480."""
    vehicle = vehicle_in(Phase.DC_START)
    vehicle.knows(isolation=isolation)
    assert vehicle.say("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
    assert vehicle.deeds == []


def test_a_cable_check_without_a_result() -> None:
    vehicle = vehicle_in(Phase.CABLE_CHECK)
    vehicle.say("CableCheckReq")
    vehicle.passes(38.0)
    assert vehicle.say("CableCheckReq")["ResponseCode"] == "OK"
    vehicle.passes(0.1)
    assert vehicle.say("CableCheckReq")["ResponseCode"] == "FAILED"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"wish": "stop"}, dc_status("Valid", "EVSE_Shutdown", "StopCharging", 10)),
        ({"wish": "pause"}, dc_status("Valid", "EVSE_Ready")),
        ({"wish": "renegotiate"}, dc_status("Valid", "EVSE_Ready", "ReNegotiation", 60)),
        ({"fault": "hot"}, dc_status("Valid", "EVSE_Malfunction", "StopCharging", 0)),
    ],
)
def test_what_the_evse_wants_of_the_vehicle(facts: dict[str, Any], status: dict[str, Any]) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    vehicle.knows(**facts)
    assert vehicle.say("CurrentDemandReq")["DC_EVSEStatus"] == status
    delivered = vehicle.ordered()[-1]
    assert isinstance(delivered, Deliver)
    assert delivered.current_a == (0 if "fault" in facts or facts["wish"] == "pause" else 100)


def test_a_vehicle_negotiates_anew_with_the_power_off() -> None:
    """V2G2-813; the cable is checked again after that."""
    vehicle = vehicle_in(Phase.DC_LOOP)
    assert vehicle.say("PowerDeliveryReq", ChargeProgress="Renegotiate")["ResponseCode"] == "OK"
    assert vehicle.deeds == [Energise(), Deenergise()]
    vehicle.reach(Phase.CABLE_CHECK)
    vehicle.say("CableCheckReq")
    assert vehicle.ordered() == (CheckCable(Decimal(450)),)
    assert vehicle.reach(Phase.DC_LOOP).deeds == [Energise(), Deenergise(), Energise()]


def test_a_vehicle_that_leaves_after_precharging_leaves_no_voltage_behind() -> None:
    vehicle = vehicle_in(Phase.DC_START)
    assert vehicle.say("SessionStopReq")["ResponseCode"] == "OK"
    assert vehicle.deeds == [Deenergise()]


@pytest.mark.parametrize(
    "changes",
    [
        {"EVMaximumCurrentLimit": amperes(0)},
        {"EVMaximumVoltageLimit": volts(0)},
        {"EVMaximumVoltageLimit": volts(149)},
        {"EVMaximumVoltageLimit": amperes(400)},
        {"EVMaximumPowerLimit": volts(400)},
    ],
)
def test_parameters_that_cannot_be(changes: dict[str, Any]) -> None:
    vehicle = dc_vehicle().reach(Phase.PARAMETERS)
    parameters = {**DC_PARAMETERS["DC_EVChargeParameter"], **changes}
    response = vehicle.say("ChargeParameterDiscoveryReq", DC_EVChargeParameter=parameters)
    assert response["ResponseCode"] == "FAILED_WrongChargeParameter"


@pytest.mark.parametrize("name", ["EVTargetVoltage", "EVTargetCurrent", "EVMaximumPowerLimit"])
def test_a_demand_in_another_unit(name: str) -> None:
    vehicle = vehicle_in(Phase.DC_LOOP)
    response = vehicle.ask("CurrentDemandReq", {**DEMAND, name: {"Multiplier": 0, "Unit": "h", "Value": 1}})
    assert response["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_the_other_kind_of_current_is_not_to_be_had() -> None:
    vehicle = dc_vehicle().reach(Phase.PARAMETERS)
    response = vehicle.say("ChargeParameterDiscoveryReq", RequestedEnergyTransferMode="AC_three_phase_core")
    assert response["ResponseCode"] == "FAILED_WrongEnergyTransferMode"
