"""Whole sessions, request by request, as bytes in both directions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agent.iso15118.iso20.conversation import LOOP_S
from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.states import TABLE, Kind, Phase
from agent.iso15118.turns import (
    SEQUENCE_S,
    CheckCable,
    Deenergise,
    Deliver,
    DrawAtMost,
    Energise,
    Introduce,
    TellChosen,
    TellNeeds,
    TellSoc,
)
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import encode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema
from tests.unit.agent.iso15118.iso20.vehicle import DYNAMIC, SCHEDULED, Vehicle, progress

HEADER = {"SessionID": bytes(8), "TimeStamp": 1}


def test_alternating_current_by_a_card() -> None:
    vehicle = Vehicle("AC")
    assert vehicle.send("SessionSetupReq")["ResponseCode"] == "OK_NewSessionEstablished"
    assert vehicle.send("AuthorizationSetupReq")["AuthorizationServices"] == ["EIM"]
    assert vehicle.send("AuthorizationReq")["EVSEProcessing"] == "Ongoing_WaitingForCustomerInteraction"
    assert vehicle.send("AuthorizationReq")["EVSEProcessing"] == "Finished"
    found = vehicle.send("ServiceDiscoveryReq")["EnergyTransferServiceList"]["Service"]
    assert [one["ServiceID"] for one in found] == [1, 5]
    sets = vehicle.send("ServiceDetailReq")["ServiceParameterList"]["ParameterSet"]
    assert {one["Name"]: one["intValue"] for one in sets[0]["Parameter"]} == {
        "Connector": 2,
        "ControlMode": 1,
        "EVSENominalVoltage": 230,
        "MobilityNeedsMode": 1,
        "Pricing": 0,
    }
    assert vehicle.send("ServiceSelectionReq")["ResponseCode"] == "OK"
    limits = vehicle.send("AC_ChargeParameterDiscoveryReq")["AC_CPDResEnergyTransferMode"]
    assert decimal(limits["EVSEMaximumChargePower"]) == 22080
    assert vehicle.send("ScheduleExchangeReq")["EVSEProcessing"] == "Ongoing"
    offered = vehicle.send("ScheduleExchangeReq")["Scheduled_SEResControlMode"]["ScheduleTuple"]
    entries = offered[0]["ChargingSchedule"]["PowerSchedule"]["PowerScheduleEntries"]["PowerScheduleEntry"]
    assert [(one["Duration"], int(decimal(one["Power"]))) for one in entries] == [(1800, 11040), (5400, 5500)]
    assert vehicle.evse.deeds == []
    assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "OK"
    assert vehicle.evse.deeds == [Energise()]
    looped = vehicle.send("AC_ChargeLoopReq")
    assert decimal(looped["Scheduled_AC_CLResControlMode"]["EVSETargetActivePower"]) == 11000
    assert looped["MeterInfo"]["ChargedEnergyReadingWh"] == 1000
    assert "EVSEStatus" not in looped
    assert vehicle.send("PowerDeliveryReq", progress("Stop"))["ResponseCode"] == "OK"
    assert vehicle.evse.deeds == [Energise(), Deenergise()]
    assert vehicle.send("SessionStopReq")["ResponseCode"] == "OK"
    assert vehicle.ending == "terminate"
    kinds = [type(order) for order in vehicle.evse.orders]
    assert kinds[0] is Introduce
    told = (TellNeeds, TellChosen, TellSoc, DrawAtMost)
    assert tuple(one for one in kinds if one in told) == told
    assert vehicle.evse.ordered(DrawAtMost) == [DrawAtMost(Decimal("15.9"))]


def test_direct_current_by_a_card() -> None:
    vehicle = Vehicle("DC").go_to(Phase.CABLE_CHECK)
    assert vehicle.send("DC_CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert vehicle.evse.ordered(CheckCable) == [CheckCable(Decimal(450))]
    assert vehicle.send("DC_CableCheckReq")["EVSEProcessing"] == "Finished"
    vehicle.send("DC_PreChargeReq")
    assert vehicle.evse.orders[-1] == Deliver(Decimal(400), Decimal(2))
    assert decimal(vehicle.send("DC_PreChargeReq")["EVSEPresentVoltage"]) == 400
    assert vehicle.evse.deeds == []
    vehicle.send("PowerDeliveryReq")
    assert vehicle.evse.deeds == [Energise()]
    vehicle.send("DC_ChargeLoopReq")
    assert vehicle.evse.orders[-1] == Deliver(Decimal(400), Decimal(100))
    assert decimal(vehicle.send("DC_ChargeLoopReq")["EVSEPresentCurrent"]) == 100
    vehicle.send("PowerDeliveryReq", progress("Stop"))
    assert vehicle.evse.deeds == [Energise(), Deenergise()]
    assert "EVSEPresentVoltage" in vehicle.send("DC_WeldingDetectionReq")
    assert vehicle.send("SessionStopReq")["ResponseCode"] == "OK"


@pytest.mark.parametrize(
    ("kind", "service"), [("AC", "AC"), ("AC", "AC_BPT"), ("DC", "DC"), ("DC", "DC_BPT")]
)
@pytest.mark.parametrize("control", [SCHEDULED, DYNAMIC])
def test_every_service_in_either_control_mode(kind: Kind, service: str, control: int) -> None:
    vehicle = Vehicle(kind, service=service, parameter_set=control).go_to(Phase.LOOP)
    looped = vehicle.send(f"{kind}_ChargeLoopReq")
    assert looped["ResponseCode"] == "OK"
    assert f"{vehicle.prefix}{vehicle.control}_{kind}_CLResControlMode" in looped
    vehicle.send("PowerDeliveryReq", progress("Stop"))
    assert vehicle.send("SessionStopReq")["ResponseCode"] == "OK"
    assert vehicle.is_in(Phase.OVER)


@pytest.mark.parametrize("kind", ["AC", "DC"])
def test_time_for_the_next_request_is_short_while_energy_flows(kind: Kind) -> None:
    """V2G20-1500, V2G20-1502."""
    vehicle = Vehicle(kind).go_to(Phase.LOOP)
    assert vehicle.answer is not None
    assert vehicle.answer.next_within_s == SEQUENCE_S
    vehicle.send(f"{kind}_ChargeLoopReq")
    assert vehicle.answer.next_within_s == LOOP_S


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        (kind, phase)
        for kind, table in TABLE.items()
        for phase in table
        if phase not in (Phase.SETUP, Phase.EXPIRING, Phase.JOINED)
    ],
)
def test_another_session_is_unknown(kind: Kind, phase: Phase) -> None:
    """V2G20-460."""
    vehicle = Vehicle(kind).go_to(phase)
    response = vehicle.send("SessionStopReq", session_id=bytes(range(8, 16)))
    assert response["ResponseCode"] == "FAILED_UnknownSession"
    assert (vehicle.ending, vehicle.state.phase) == ("error", Phase.OVER)


def test_headers_have_the_session_and_the_time() -> None:
    vehicle = Vehicle("AC")
    vehicle.evse.pass_time(90)
    header = vehicle.send("SessionSetupReq")["Header"]
    assert header == {"SessionID": bytes(range(1, 9)), "TimeStamp": 1777888890}


@pytest.mark.parametrize(
    ("payload_type", "payload", "why"),
    [
        (PayloadType.EXI, b"\x80", "payload type"),
        (PayloadType.DC, b"\x80", "payload type"),
        (PayloadType.COMMON, b"\x00", "no EXI"),
        (PayloadType.AC, b"\x80\xff\xff", "no message of number"),
    ],
)
def test_what_is_no_request(payload_type: int, payload: bytes, why: str) -> None:
    with pytest.raises(CannotDecode, match=why):
        Vehicle("AC").conversation.read(Frame(payload_type, payload))


def test_a_response_is_no_request() -> None:
    exi = encode(schema("iso20_common"), "SessionStopRes", {"Header": HEADER, "ResponseCode": "OK"})
    with pytest.raises(CannotDecode, match="SessionStopRes is no request"):
        Vehicle("AC").conversation.read(Frame(PayloadType.COMMON, exi))


def test_what_may_come_beside_the_loop() -> None:
    exi = encode(schema("iso20_common"), "ServiceDiscoveryReq", {"Header": HEADER})
    with pytest.raises(CannotDecode, match="beside the loop"):
        Vehicle("AC").conversation.read(Frame(PayloadType.METERING_CONFIRMATION, exi))


@pytest.mark.parametrize(
    ("phase", "name"),
    [
        (Phase.SETUP, "SessionSetupReq"),
        (Phase.AUTHORIZATION, "AuthorizationReq"),
        (Phase.PARAMETERS, "DC_ChargeParameterDiscoveryReq"),
        (Phase.LOOP, "DC_ChargeLoopReq"),
        (Phase.STOPPED, "DC_WeldingDetectionReq"),
    ],
)
def test_bytes_that_cannot_be_read_end_the_session(phase: Phase, name: str) -> None:
    """V2G20-458."""
    vehicle = Vehicle("DC").go_to(phase)
    answer = vehicle.conversation.refuse(vehicle.state, "no EXI")
    assert answer is not None
    assert vehicle.take(answer, name)["ResponseCode"] == "FAILED"
    assert (vehicle.ending, answer.why, vehicle.state.phase) == ("error", "no EXI", Phase.OVER)
    assert vehicle.conversation.refuse(vehicle.state, "no EXI") is None


@pytest.mark.parametrize("kind", ["AC", "DC"])
@pytest.mark.parametrize("phase", [Phase.DELIVERY, Phase.LOOP, Phase.STANDBY, Phase.RENEGOTIATION])
def test_an_emergency_ends_the_session(kind: Kind, phase: Phase) -> None:
    vehicle = Vehicle(kind).go_to(phase)
    vehicle.evse.facts = replace(vehicle.evse.facts, fault="emergency stop", is_emergency=True)
    name = "PowerDeliveryReq" if phase is Phase.DELIVERY else f"{kind}_ChargeLoopReq"
    assert vehicle.send(name)["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"
    assert vehicle.answer is not None
    assert "emergency stop" in vehicle.answer.why


@pytest.mark.parametrize("phase", [Phase.CABLE_CHECK, Phase.PRE_CHARGE, Phase.DELIVERY, Phase.LOOP])
def test_bad_isolation_ends_the_session(phase: Phase) -> None:
    vehicle = Vehicle("DC").go_to(phase)
    vehicle.evse.facts = replace(vehicle.evse.facts, isolation="fault")
    name = {
        Phase.CABLE_CHECK: "DC_CableCheckReq",
        Phase.PRE_CHARGE: "DC_PreChargeReq",
        Phase.DELIVERY: "PowerDeliveryReq",
        Phase.LOOP: "DC_ChargeLoopReq",
    }[phase]
    assert vehicle.send(name)["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_a_tripped_residual_current_device_ends_the_session() -> None:
    vehicle = Vehicle("AC").go_to(Phase.LOOP)
    vehicle.evse.facts = replace(vehicle.evse.facts, has_tripped=True)
    assert vehicle.send("AC_ChargeLoopReq")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


def test_charging_can_be_ended_in_an_emergency() -> None:
    vehicle = Vehicle("AC").go_to(Phase.LOOP)
    vehicle.evse.facts = replace(vehicle.evse.facts, fault="emergency stop", is_emergency=True)
    assert vehicle.send("PowerDeliveryReq", progress("Stop"))["ResponseCode"] == "OK"
    assert vehicle.evse.deeds[-1] == Deenergise()
