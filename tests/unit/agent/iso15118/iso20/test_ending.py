"""SessionStop: the end, a pause with what may follow, and another service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.iso15118.conversation import Chance, Link, Resting
from agent.iso15118.iso20.states import Kind, Phase
from agent.iso15118.turns import Deenergise, Energise, Failed, Introduce
from tests.unit.agent.iso15118.iso20.evse import AC_CHARGER, Evse, facts_of
from tests.unit.agent.iso15118.iso20.vehicle import CHANCE, DYNAMIC, PLAIN, TLS, Vehicle, progress

LATER = Chance(session_id=bytes(range(50, 58)), challenge=bytes(16))
NAME = "WMIV1234567890ABCDEX"


def _stop(vehicle: Vehicle, how: str) -> str:
    code = vehicle.send("SessionStopReq", {"ChargingSession": how})["ResponseCode"]
    assert isinstance(code, str)
    return code


def _paused(vehicle: Vehicle) -> Resting:
    vehicle.evse.facts = replace(vehicle.evse.facts, wish="pause")
    vehicle.send("PowerDeliveryReq", progress("Stop"))
    assert _stop(vehicle, "Pause") == "OK"
    assert vehicle.ending == "pause"
    return vehicle.conversation.rest(vehicle.state)


def _back(
    resting: Resting | None, kind: Kind = "AC", link: Link = TLS, name: str = NAME, **more: Any
) -> tuple[Vehicle, dict[str, Any]]:
    evse = Evse(replace(facts_of(kind), authorization="accepted"))
    vehicle = Vehicle(kind, link=link, evse=evse, **more)
    shown = more.get("charger", vehicle.state.charger)
    vehicle.state = vehicle.conversation.begin(shown, link, resting, LATER)
    vehicle.session_id = CHANCE.session_id
    return vehicle, vehicle.send("SessionSetupReq", {"EVCCID": name})


class TestPause:
    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_the_vehicle_comes_back_and_goes_on(self, kind: Kind) -> None:
        vehicle, response = _back(_paused(Vehicle(kind).go_to(Phase.LOOP)), kind)
        assert response["ResponseCode"] == "OK_OldSessionJoined"
        assert response["Header"]["SessionID"] == CHANCE.session_id
        assert vehicle.evse.ordered(Introduce) == [Introduce(NAME)]
        names = [f"{kind}_ChargeParameterDiscoveryReq", "ScheduleExchangeReq", "ScheduleExchangeReq"]
        names += ["DC_CableCheckReq", "DC_CableCheckReq", "DC_PreChargeReq"] if kind == "DC" else []
        for name in [*names, "PowerDeliveryReq", f"{kind}_ChargeLoopReq"]:
            assert vehicle.send(name)["ResponseCode"] == "OK"
        assert vehicle.is_in(Phase.LOOP)

    def test_it_may_choose_another_service(self) -> None:
        vehicle, _ = _back(_paused(Vehicle("AC").go_to(Phase.LOOP)), service="AC_BPT")
        for name in ("ServiceDiscoveryReq", "ServiceDetailReq", "ServiceSelectionReq"):
            assert vehicle.send(name)["ResponseCode"] == "OK"
        assert vehicle.state.chosen.is_bpt

    @pytest.mark.parametrize("how", ["certificate", "name", "no certificate", "id", "kind"])
    def test_anybody_else_begins_anew(self, how: str) -> None:
        """V2G20-2547, V2G20-2626, V2G20-2627."""
        resting = _paused(Vehicle("AC").go_to(Phase.LOOP))
        link, name = TLS, NAME
        if how == "certificate":
            link = Link(is_tls=True, vehicle_chain=(b"another",))
        if how == "no certificate":
            link = PLAIN
        if how == "name":
            name = "ANOTHER"
        if how == "id":
            resting = replace(resting, session_id=bytes(range(90, 98)))
        vehicle, response = _back(resting, "DC" if how == "kind" else "AC", link, name)
        assert response["ResponseCode"] == "OK_NewSessionEstablished"
        assert response["Header"]["SessionID"] == LATER.session_id
        assert vehicle.is_in(Phase.AUTHORIZATION_SETUP)

    def test_a_session_without_the_vehicles_certificate_cannot_be_joined(self) -> None:
        resting = _paused(Vehicle("AC", link=PLAIN).go_to(Phase.LOOP))
        _, response = _back(resting, link=PLAIN)
        assert response["ResponseCode"] == "OK_NewSessionEstablished"

    def test_nobody_rested(self) -> None:
        _, response = _back(None)
        assert response["ResponseCode"] == "OK_NewSessionEstablished"

    def test_another_protocols_session(self) -> None:
        resting = Resting(protocol="ISO 15118-2", session_id=CHANCE.session_id, kept=object())
        assert _back(resting)[1]["ResponseCode"] == "OK_NewSessionEstablished"

    def test_a_service_that_there_is_no_more(self) -> None:
        resting = _paused(Vehicle("AC", service="AC_BPT").go_to(Phase.LOOP))
        vehicle, _ = _back(resting, charger=replace(AC_CHARGER, takes_back=False), service="AC_BPT")
        response = vehicle.send("AC_ChargeParameterDiscoveryReq")
        assert response["ResponseCode"] == "FAILED_WrongChargeParameter"

    def test_who_is_not_authorized_any_more_gets_no_power(self) -> None:
        vehicle, _ = _back(_paused(Vehicle("AC").go_to(Phase.LOOP)))
        vehicle.evse.facts = replace(vehicle.evse.facts, authorization="pending")
        for name in ("AC_ChargeParameterDiscoveryReq", "ScheduleExchangeReq", "ScheduleExchangeReq"):
            vehicle.send(name)
        assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
        assert vehicle.evse.deeds == []

    def test_of_the_vehicles_own_only_while_by_its_plan_nothing_flows(self) -> None:
        """V2G20-1197."""
        vehicle = Vehicle("AC").go_to(Phase.STOPPED)
        assert _stop(vehicle, "Pause") == "FAILED_PauseNotAllowed"
        assert vehicle.ending == "error"

    def test_of_the_vehicles_own_where_its_plan_says_so(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        entries = [{"Duration": 60, "Power": {"Exponent": 0, "Value": power}} for power in (5000, 0)]
        profile = {
            "TimeAnchor": 0,
            "Scheduled_EVPPTControlMode": {"SelectedScheduleTupleID": 1},
            "EVPowerProfileEntries": {"EVPowerProfileEntry": entries},
        }
        vehicle.send("PowerDeliveryReq", {**progress("Start"), "EVPowerProfile": profile})
        vehicle.evse.pass_time(61)
        vehicle.send("PowerDeliveryReq", progress("Stop"))
        assert _stop(vehicle, "Pause") == "OK"

    @pytest.mark.parametrize("was_asked", [True, False])
    def test_where_the_evse_controls_only_at_its_wish(self, was_asked: bool) -> None:
        """V2G20-1195, V2G20-1842."""
        vehicle = Vehicle("AC", parameter_set=DYNAMIC).go_to(Phase.LOOP)
        before = vehicle.evse.facts
        if was_asked:
            vehicle.evse.facts = replace(before, wish="pause")
        vehicle.send("AC_ChargeLoopReq")
        vehicle.evse.facts = before
        vehicle.send("PowerDeliveryReq", progress("Stop"))
        assert _stop(vehicle, "Pause") == ("OK" if was_asked else "FAILED_PauseNotAllowed")

    def test_not_before_anything_was_agreed_on(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SELECTION)
        assert _stop(vehicle, "Pause") == "FAILED_PauseNotAllowed"


class TestServiceRenegotiation:
    @pytest.mark.parametrize(("kind", "other"), [("AC", "AC_BPT"), ("DC", "DC_BPT")])
    def test_another_service_in_the_same_session(self, kind: Kind, other: str) -> None:
        """V2G20-1477."""
        vehicle = Vehicle(kind).go_to(Phase.STOPPED)
        assert _stop(vehicle, "ServiceRenegotiation") == "OK"
        assert vehicle.ending is None
        vehicle.service = other
        names = ["ServiceDiscoveryReq", "ServiceDetailReq", "ServiceSelectionReq"]
        names += [f"{kind}_ChargeParameterDiscoveryReq", "ScheduleExchangeReq", "ScheduleExchangeReq"]
        names += ["DC_CableCheckReq", "DC_CableCheckReq", "DC_PreChargeReq"] if kind == "DC" else []
        for name in [*names, "PowerDeliveryReq", f"{kind}_ChargeLoopReq"]:
            assert vehicle.send(name)["ResponseCode"] == "OK"
        assert vehicle.evse.deeds == [Energise(), Deenergise(), Energise()]

    def test_not_before_a_driver_is_authorized(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
        assert _stop(vehicle, "ServiceRenegotiation") == "FAILED_NoServiceRenegotiationSupported"
        assert vehicle.ending == "error"


def test_the_vehicles_reason_is_for_the_log() -> None:
    vehicle = Vehicle("AC").go_to(Phase.SERVICES)
    vehicle.send("SessionStopReq", {"ChargingSession": "Terminate", "EVTerminationExplanation": "no time"})
    assert vehicle.answer is not None
    assert (vehicle.ending, vehicle.answer.why) == ("terminate", "no time")


def test_contactors_that_did_not_open_are_no_end() -> None:
    vehicle = Vehicle("AC").go_to(Phase.LOOP)
    vehicle.evse.outcomes[Deenergise] = Failed("welded")
    vehicle.send("PowerDeliveryReq", progress("Stop"))
    assert vehicle.ending == "error"
