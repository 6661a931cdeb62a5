"""A vehicle that speaks DIN 70121, as far as tests want it to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.iso15118.din.conversation import Din
from agent.iso15118.din.session import DinSession
from agent.iso15118.v2g_message.session import Phase
from tests.unit.agent.iso15118.talking import DC_CHARGER, DC_FACTS, Talk, amperes, volts, watt_hours

EV_STATUS = {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 40}
PARAMETERS: dict[str, Any] = {
    "EVRequestedEnergyTransferType": "DC_extended",
    "DC_EVChargeParameter": {
        "DC_EVStatus": EV_STATUS,
        "EVMaximumCurrentLimit": amperes(200),
        "EVMaximumVoltageLimit": volts(450),
        "EVEnergyRequest": watt_hours(30, 3),
    },
}
BODIES: dict[str, dict[str, Any]] = {
    "SessionSetupReq": {"EVCCID": bytes.fromhex("0a1b2c3d4e5f")},
    "ServicePaymentSelectionReq": {
        "SelectedPaymentOption": "ExternalPayment",
        "SelectedServiceList": {"SelectedService": [{"ServiceID": 1}]},
    },
    "ChargeParameterDiscoveryReq": PARAMETERS,
    "CableCheckReq": {"DC_EVStatus": EV_STATUS},
    "PreChargeReq": {
        "DC_EVStatus": EV_STATUS,
        "EVTargetVoltage": volts(400),
        "EVTargetCurrent": amperes(1),
    },
    "CurrentDemandReq": {
        "DC_EVStatus": EV_STATUS,
        "EVTargetCurrent": amperes(100),
        "EVTargetVoltage": volts(400),
        "ChargingComplete": False,
    },
    "WeldingDetectionReq": {"DC_EVStatus": EV_STATUS},
    "ServiceDetailReq": {"ServiceID": 1},
    "PaymentDetailsReq": {"ContractID": "1", "ContractSignatureCertChain": {"Certificate": b"c"}},
    "MeteringReceiptReq": {"SessionID": bytes(8), "MeterInfo": {"MeterID": "M"}},
    "CertificateInstallationReq": {
        "OEMProvisioningCert": b"c",
        "ListOfRootCertificateIDs": {"RootCertificateID": ["1"]},
        "DHParams": b"d",
    },
    "CertificateUpdateReq": {
        "ContractSignatureCertChain": {"Certificate": b"c"},
        "ContractID": "1",
        "ListOfRootCertificateIDs": {"RootCertificateID": ["1"]},
        "DHParams": b"d",
    },
}
NEXT = {
    Phase.SETUP: "SessionSetupReq",
    Phase.DISCOVERY: "ServiceDiscoveryReq",
    Phase.SELECTION: "ServicePaymentSelectionReq",
    Phase.AUTHORIZATION: "ContractAuthenticationReq",
    Phase.PARAMETERS: "ChargeParameterDiscoveryReq",
    Phase.CABLE_CHECK: "CableCheckReq",
    Phase.PRE_CHARGE: "PreChargeReq",
    Phase.DC_START: "PowerDeliveryReq",
    Phase.DC_FIRST: "CurrentDemandReq",
    Phase.DC_LOOP: "PowerDeliveryReq",
    Phase.DC_STOP: "SessionStopReq",
}


class Vehicle(Talk[DinSession]):
    """Asks with valid bodies by default; `reach` goes the shortest way."""

    def __init__(self, **charger: Any) -> None:
        super().__init__(Din(), "din", replace(DC_CHARGER, **charger), DC_FACTS)

    def say(self, name: str, **changes: Any) -> dict[str, Any]:
        """Ask with the usual body of a request, with these members in it."""
        return self.ask(name, {**self.body(name), **changes})

    def body(self, name: str) -> dict[str, Any]:
        """Return the usual body of a request where this vehicle stands."""
        if name == "PowerDeliveryReq":
            return {"ReadyToChargeState": self.state.phase is not Phase.DC_LOOP}
        return BODIES.get(name, {})

    def signature(self, _name: str) -> Mapping[str, Any] | None:
        """Return none: nothing is signed in DIN 70121."""
        return None

    def reach(self, phase: Phase) -> Vehicle:
        """Ask until this phase is reached, each time what comes next on the shortest way."""
        for _ in range(40):
            here = self.state.phase
            if here is phase:
                return self
            self.say(NEXT[here])
            assert self.ending != "error", self.answer
            if here is Phase.AUTHORIZATION:
                self.knows(authorization="accepted")
            elif here is Phase.PARAMETERS:
                self.knows(offers=())
            elif here is Phase.CABLE_CHECK:
                self.knows(isolation="valid")
        raise AssertionError(f"{phase} is out of reach, it is {self.state.phase}")


def vehicle_in(phase: Phase) -> Vehicle:
    return Vehicle().reach(phase)
