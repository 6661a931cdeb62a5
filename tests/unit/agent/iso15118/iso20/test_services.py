"""What services there are, and what a vehicle may choose of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.iso20.parameter_sets import parameter_sets, services
from agent.iso15118.iso20.states import Kind, Phase
from tests.unit.agent.iso15118.iso20.evse import AC, AC_CHARGER, DC_CHARGER, facts_of
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle


def _listed(response: dict[str, Any]) -> list[int]:
    return [one["ServiceID"] for one in response["EnergyTransferServiceList"]["Service"]]


def _names(service: int, kind: Kind) -> set[str]:
    return {name for name, _ in parameter_sets(service, facts_of(kind))[0].parameters}


class TestDiscovery:
    def test_both_ways_only_where_the_evse_takes_energy_back(self) -> None:
        one_way = replace(AC_CHARGER, takes_back=False)
        assert services("AC", AC_CHARGER, facts_of("AC")) == (1, 5)
        assert services("DC", DC_CHARGER, facts_of("DC")) == (2, 6)
        assert services("AC", one_way, facts_of("AC")) == (1,)
        nothing_back = replace(facts_of("AC"), ac=replace(AC, most_back_w=Decimal(0)))
        assert services("AC", AC_CHARGER, nothing_back) == (1,)

    @pytest.mark.parametrize(("known", "told"), [([5, 6], [5]), ([1], [1]), ([2, 3], [1, 5])])
    def test_a_vehicle_is_told_what_it_knows_if_it_knows_any(self, known: list[int], told: list[int]) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SERVICES)
        response = vehicle.send("ServiceDiscoveryReq", {"SupportedServiceIDs": {"ServiceID": known}})
        assert _listed(response) == told
        assert response["ServiceRenegotiationSupported"] is True

    def test_what_is_free_is_said(self) -> None:
        vehicle = Vehicle("AC", charger=replace(AC_CHARGER, is_free=True)).go_to(Phase.SERVICES)
        found = vehicle.send("ServiceDiscoveryReq")["EnergyTransferServiceList"]["Service"]
        assert all(one["FreeService"] for one in found)

    def test_an_evse_of_the_other_kind_of_current(self) -> None:
        vehicle = Vehicle("DC").go_to(Phase.SERVICES)
        vehicle.evse.facts = replace(vehicle.evse.facts, dc=None, ac=AC)
        assert vehicle.send("ServiceDiscoveryReq")["ResponseCode"] == "FAILED"


class TestDetail:
    def test_a_service_that_was_not_offered(self) -> None:
        """V2G20-464."""
        vehicle = Vehicle("AC").go_to(Phase.DETAILS)
        response = vehicle.send("ServiceDetailReq", {"ServiceID": 2})
        assert response["ResponseCode"] == "FAILED_ServiceIDInvalid"
        assert vehicle.ending == "error"

    def test_parameters(self) -> None:
        ac = {"Connector", "ControlMode", "EVSENominalVoltage", "MobilityNeedsMode", "Pricing"}
        dc = ac - {"EVSENominalVoltage"}
        both_ways = {"BPTChannel", "GeneratorMode"}
        assert _names(1, "AC") == ac
        assert _names(5, "AC") == ac | both_ways | {"GridCodeIslandingDetectionMethod"}
        assert _names(2, "DC") == dc
        assert _names(6, "DC") == dc | both_ways

    @pytest.mark.parametrize(("service", "kind"), [(1, "AC"), (5, "AC"), (2, "DC"), (6, "DC")])
    def test_the_evse_says_what_is_needed_only_where_it_controls(self, service: int, kind: Kind) -> None:
        """V2G20-2663."""
        told = [dict(one.parameters) for one in parameter_sets(service, facts_of(kind))]
        assert {(one["ControlMode"], one["MobilityNeedsMode"]) for one in told} == {(1, 1), (2, 1), (2, 2)}
        assert {one["Pricing"] for one in told} == {0, 1, 2}
        assert len(told) <= 32

    def test_one_phase_where_there_are_three(self) -> None:
        three = {dict(one.parameters)["Connector"] for one in parameter_sets(1, facts_of("AC"))}
        single = replace(facts_of("AC"), ac=replace(AC, phases=1))
        assert three == {1, 2}
        assert {dict(one.parameters)["Connector"] for one in parameter_sets(1, single)} == {1}

    def test_sets_are_told_by_their_numbers(self) -> None:
        vehicle = Vehicle("DC").go_to(Phase.DETAILS)
        response = vehicle.send("ServiceDetailReq")
        numbers = [one["ParameterSetID"] for one in response["ServiceParameterList"]["ParameterSet"]]
        assert numbers == list(range(1, 10))


class TestSelection:
    @pytest.mark.parametrize(
        ("service", "number", "code"),
        [
            (1, 99, "FAILED_ServiceSelectionInvalid"),
            (2, 1, "FAILED_ServiceSelectionInvalid"),
            (65, 1, "FAILED_NoEnergyTransferServiceSelected"),
        ],
    )
    def test_what_was_not_offered(self, service: int, number: int, code: str) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SELECTION)
        wanted = {"ServiceID": service, "ParameterSetID": number}
        response = vehicle.send("ServiceSelectionReq", {"SelectedEnergyTransferService": wanted})
        assert response["ResponseCode"] == code
        assert vehicle.ending == "error"

    def test_a_value_added_service(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SELECTION)
        request = {
            "SelectedEnergyTransferService": {"ServiceID": 1, "ParameterSetID": 1},
            "SelectedVASList": {"SelectedService": [{"ServiceID": 65, "ParameterSetID": 1}]},
        }
        response = vehicle.send("ServiceSelectionReq", request)
        assert response["ResponseCode"] == "FAILED_ServiceSelectionInvalid"
