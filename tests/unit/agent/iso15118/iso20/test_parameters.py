"""ChargeParameterDiscovery: what both can do, and vehicles that this EVSE cannot serve."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.states import Kind, Phase
from tests.unit.agent.iso15118.iso20.evse import AC
from tests.unit.agent.iso15118.iso20.requests import REQUESTS, number
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle


def _told(vehicle: Vehicle, **more: int | str) -> dict[str, Any]:
    """Send parameters with other values, and return the response."""
    name = f"{vehicle.kind}_ChargeParameterDiscoveryReq"
    request = REQUESTS[name](vehicle)
    [mode] = request.values()
    mode |= {key: number(value) for key, value in more.items()}
    return vehicle.send(name, request)


def _limits(response: dict[str, Any]) -> dict[str, Decimal]:
    [mode] = (value for name, value in response.items() if name.endswith("EnergyTransferMode"))
    return {name: decimal(value) for name, value in mode.items()}


class TestAc:
    def test_what_the_evse_can_do(self) -> None:
        vehicle = Vehicle("AC", service="AC_BPT").go_to(Phase.PARAMETERS)
        assert _limits(_told(vehicle)) == {
            "EVSEMaximumChargePower": 22080,
            "EVSEMinimumChargePower": 4140,
            "EVSENominalFrequency": 50,
            "EVSEMaximumDischargePower": 11000,
            "EVSEMinimumDischargePower": 0,
        }

    def test_on_one_phase(self) -> None:
        vehicle = Vehicle("AC", parameter_set=4).go_to(Phase.PARAMETERS)
        assert _limits(_told(vehicle))["EVSEMaximumChargePower"] == 7360

    def test_less_than_the_least_current_is_nothing(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.PARAMETERS)
        vehicle.evse.facts = replace(vehicle.evse.facts, ac=replace(AC, most_a=Decimal(5)))
        limits = _limits(_told(vehicle))
        assert limits["EVSEMaximumChargePower"] == limits["EVSEMinimumChargePower"] == 0

    def test_powers_of_each_phase_are_added(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.PARAMETERS)
        _told(vehicle, EVMaximumChargePower_L2=5000, EVMaximumChargePower_L3=5000)
        assert vehicle.state.vehicle.most_w == 21000

    @pytest.mark.parametrize("more", [{"EVMinimumChargePower": 12000}, {"EVMinimumChargePower": -1}])
    def test_values_that_cannot_be(self, more: dict[str, int]) -> None:
        """V2G20-1619."""
        vehicle = Vehicle("AC").go_to(Phase.PARAMETERS)
        assert _told(vehicle, **more)["ResponseCode"] == "FAILED_WrongChargeParameter"
        assert vehicle.ending == "error"


class TestDc:
    def test_what_the_evse_can_do(self) -> None:
        vehicle = Vehicle("DC", service="DC_BPT").go_to(Phase.PARAMETERS)
        assert _limits(_told(vehicle)) == {
            "EVSEMaximumChargePower": 60000,
            "EVSEMinimumChargePower": 150,
            "EVSEMaximumChargeCurrent": 200,
            "EVSEMinimumChargeCurrent": 1,
            "EVSEMaximumVoltage": 920,
            "EVSEMinimumVoltage": 150,
            "EVSEMaximumDischargePower": 20000,
            "EVSEMinimumDischargePower": 0,
            "EVSEMaximumDischargeCurrent": 50,
            "EVSEMinimumDischargeCurrent": 0,
        }

    @pytest.mark.parametrize(
        "more",
        [
            {"EVMaximumVoltage": 100, "EVMinimumVoltage": 50},
            {"EVMaximumVoltage": 1000, "EVMinimumVoltage": 950},
            {"EVMinimumVoltage": 500},
            {"EVMinimumChargeCurrent": 200},
            {"EVMinimumChargePower": 60000},
            {"EVMaximumChargeCurrent": -1},
        ],
    )
    def test_a_vehicle_that_does_not_fit(self, more: dict[str, int]) -> None:
        """V2G20-2272."""
        vehicle = Vehicle("DC").go_to(Phase.PARAMETERS)
        assert _told(vehicle, **more)["ResponseCode"] == "FAILED_WrongChargeParameter"
        assert vehicle.ending == "error"


@pytest.mark.parametrize("kind", ["AC", "DC"])
def test_parameters_of_another_service(kind: Kind) -> None:
    vehicle = Vehicle(kind).go_to(Phase.PARAMETERS)
    vehicle.service = f"{kind}_BPT"
    response = vehicle.send(f"{kind}_ChargeParameterDiscoveryReq")
    assert response["ResponseCode"] == "FAILED_WrongChargeParameter"
