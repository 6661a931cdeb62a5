"""A vehicle that speaks ISO 15118-2, as far as tests want it to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from agent.iso15118.conversation import Resting
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.turns import AskForContract, Obtained
from agent.iso15118.v2g_message.session import Phase
from certs.csr import Subject
from certs.exi.codec import encode
from certs.exi.tables import schema
from certs.issuing import Authority, Terms
from certs.key_kinds import Key
from certs.signatures import Fragment, sign
from tests.unit.agent.iso15118.talking import (
    AC_CHARGER,
    AC_FACTS,
    DC_CHARGER,
    DC_FACTS,
    METER,
    Talk,
    amperes,
    volts,
    watt_hours,
)

EMAID = "DE83DUIEN83QGZD"
OFFERS_COME = {"offers": ()}
EV_STATUS = {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 40}
AC_PARAMETERS: dict[str, Any] = {
    "RequestedEnergyTransferMode": "AC_three_phase_core",
    "AC_EVChargeParameter": {
        "EAmount": watt_hours(22, 3),
        "EVMaxVoltage": volts(400),
        "EVMaxCurrent": amperes(320, -1),
        "EVMinCurrent": amperes(6),
    },
}
DC_PARAMETERS: dict[str, Any] = {
    "RequestedEnergyTransferMode": "DC_extended",
    "DC_EVChargeParameter": {
        "DC_EVStatus": EV_STATUS,
        "EVMaximumCurrentLimit": amperes(200),
        "EVMaximumVoltageLimit": volts(450),
        "EVEnergyRequest": watt_hours(30, 3),
    },
}
DEMAND = {
    "DC_EVStatus": EV_STATUS,
    "EVTargetCurrent": amperes(100),
    "EVTargetVoltage": volts(400),
    "ChargingComplete": False,
}


@dataclass(frozen=True)
class Holder:
    """A key and its certificates, leaf first."""

    key: Key
    chain: tuple[x509.Certificate, ...]

    @property
    def message(self) -> dict[str, Any]:
        leaf, *below = (certificate.public_bytes(Encoding.DER) for certificate in self.chain)
        return {"Certificate": leaf, "SubCertificates": {"Certificate": below}}

    def sign(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        return sign("iso2", [Fragment(name, body)], self.key)


def holder(common_name: str = EMAID, terms: Terms | None = None, key: Key | None = None) -> Holder:
    root = Authority.root(Subject(common_name="MO Root", organization="MO"))
    below = root.below(Subject(common_name="MO Sub-CA", organization="MO"))
    return Holder(*below.issue(Subject(common_name=common_name, organization="MO"), terms, key))


CONTRACT = holder()


class Vehicle(Talk[Iso2Session]):
    """Asks with valid bodies by default; `reach` goes the shortest way."""

    def __init__(
        self,
        charger: Charger = AC_CHARGER,
        facts: Facts = AC_FACTS,
        *,
        is_tls: bool = False,
        resting: Resting | None = None,
    ) -> None:
        super().__init__(Iso2(), "iso2", charger, facts, is_tls=is_tls, resting=resting)
        self.is_dc = "DC" in charger.transfers

    def say(self, name: str, **changes: Any) -> dict[str, Any]:
        """Ask with the usual body of a request, with these members in it, and with its signature."""
        body = {**self.body(name), **changes}
        signer = self.signer(name)
        return self.ask(name, body, signature=None if signer is None else signer.sign(name, body))

    def signature(self, name: str) -> Mapping[str, Any] | None:
        """Return the signature that goes with the usual body of a request."""
        signer = self.signer(name)
        return None if signer is None else signer.sign(name, self.body(name))

    def body(self, name: str) -> dict[str, Any]:
        """Return the usual body of a request where this vehicle stands."""
        bodies: dict[str, dict[str, Any]] = {
            "SessionSetupReq": {"EVCCID": bytes.fromhex("0a1b2c3d4e5f")},
            "ServiceDetailReq": {"ServiceID": 1},
            "PaymentServiceSelectionReq": selection("ExternalPayment"),
            "PaymentDetailsReq": {"eMAID": EMAID, "ContractSignatureCertChain": CONTRACT.message},
            "CertificateInstallationReq": {
                "Id": "id1",
                "OEMProvisioningCert": CONTRACT.message["Certificate"],
                "ListOfRootCertificateIDs": ROOTS,
            },
            "CertificateUpdateReq": {
                "Id": "id1",
                "ContractSignatureCertChain": CONTRACT.message,
                "eMAID": EMAID,
                "ListOfRootCertificateIDs": ROOTS,
            },
            "AuthorizationReq": self._authorization(),
            "ChargeParameterDiscoveryReq": DC_PARAMETERS if self.is_dc else AC_PARAMETERS,
            "PowerDeliveryReq": {"ChargeProgress": self._progress(), "SAScheduleTupleID": 1},
            "CableCheckReq": {"DC_EVStatus": EV_STATUS},
            "PreChargeReq": {
                "DC_EVStatus": EV_STATUS,
                "EVTargetVoltage": volts(400),
                "EVTargetCurrent": amperes(1),
            },
            "CurrentDemandReq": DEMAND,
            "WeldingDetectionReq": {"DC_EVStatus": EV_STATUS},
            "MeteringReceiptReq": {
                "Id": "id1",
                "SessionID": self.session_id,
                "MeterInfo": {
                    "MeterID": METER.meter_id,
                    "MeterReading": METER.energy_wh,
                    "TMeter": int(METER.at.timestamp()),
                },
            },
            "SessionStopReq": {"ChargingSession": "Terminate"},
        }
        return bodies.get(name, {})

    def signer(self, name: str) -> Holder | None:
        """Return who signs a request."""
        if name == "AuthorizationReq":
            return CONTRACT if "Id" in self.body(name) else None
        signed = ("CertificateInstallationReq", "CertificateUpdateReq", "MeteringReceiptReq")
        return CONTRACT if name in signed else None

    def _authorization(self) -> dict[str, Any]:
        contract = self.state.contract
        if contract is None or contract.is_proven:
            return {}
        return {"Id": "id1", "GenChallenge": self.state.chance.challenge}

    def _progress(self) -> str:
        return "Stop" if self.state.phase in (Phase.AC_LOOP, Phase.DC_LOOP) else "Start"

    def reach(self, phase: Phase) -> Vehicle:
        """Ask until this phase is reached, each time what comes next on the shortest way."""
        for _ in range(40):
            if self.state.phase is phase:
                return self
            self._one_step(phase)
            assert self.ending != "error", self.answer
        raise AssertionError(f"{phase} is out of reach, it is {self.state.phase}")

    def _one_step(self, towards: Phase) -> None:
        here = self.state.phase
        if here is Phase.SELECTION:
            self.say("PaymentServiceSelectionReq", **self._selection(towards))
        else:
            self.say(_NEXT[here])
        if here is Phase.AUTHORIZATION:
            self.knows(authorization="accepted")
        elif here is Phase.PARAMETERS:
            self.knows(offers=())
        elif here is Phase.CABLE_CHECK:
            self.knows(isolation="valid")

    def _selection(self, towards: Phase) -> dict[str, Any]:
        by_contract = "contract" in self.state.charger.identifications and self.state.link.is_tls
        if not by_contract:
            return {}
        is_towards = self.state.charger.installs_contracts and towards is Phase.CONTRACT
        return selection("Contract", 1, *([2] if is_towards else []))


_NEXT = {
    Phase.SETUP: "SessionSetupReq",
    Phase.DISCOVERY: "ServiceDiscoveryReq",
    Phase.CONTRACT: "CertificateInstallationReq",
    Phase.DETAILS: "PaymentDetailsReq",
    Phase.AUTHORIZATION: "AuthorizationReq",
    Phase.PARAMETERS: "ChargeParameterDiscoveryReq",
    Phase.AC_START: "PowerDeliveryReq",
    Phase.AC_FIRST: "ChargingStatusReq",
    Phase.AC_LOOP: "PowerDeliveryReq",
    Phase.AC_RECEIPT: "MeteringReceiptReq",
    Phase.AC_STOP: "SessionStopReq",
    Phase.CABLE_CHECK: "CableCheckReq",
    Phase.PRE_CHARGE: "PreChargeReq",
    Phase.DC_START: "PowerDeliveryReq",
    Phase.DC_FIRST: "CurrentDemandReq",
    Phase.DC_LOOP: "PowerDeliveryReq",
    Phase.DC_RECEIPT: "MeteringReceiptReq",
    Phase.DC_STOP: "SessionStopReq",
}
ROOTS = {"RootCertificateID": [{"X509IssuerName": "CN=V2G Root", "X509SerialNumber": 1}]}
BY_CONTRACT: dict[str, Any] = {"identifications": ("contract", "EIM"), "installs_contracts": True}


def selection(option: str, *services: int) -> dict[str, Any]:
    chosen = [{"ServiceID": one} for one in services or (1,)]
    return {"SelectedPaymentOption": option, "SelectedServiceList": {"SelectedService": chosen}}


def ac_vehicle(**charger: Any) -> Vehicle:
    return Vehicle(replace(AC_CHARGER, **charger))


def dc_vehicle(**charger: Any) -> Vehicle:
    return Vehicle(replace(DC_CHARGER, **charger), DC_FACTS)


def contract_vehicle(*, is_dc: bool = False, **charger: Any) -> Vehicle:
    """Return a vehicle with a contract, on TLS; the backend answers what it asks for a contract."""
    kind = DC_CHARGER if is_dc else AC_CHARGER
    vehicle = Vehicle(
        replace(kind, **{**BY_CONTRACT, **charger}), DC_FACTS if is_dc else AC_FACTS, is_tls=True
    )
    vehicle.outcomes[AskForContract] = Obtained(installation_response(vehicle.state.chance.session_id))
    return vehicle


def installation_response(session_id: bytes, code: str = "OK", what: str = "Installation") -> bytes:
    fields = {
        "ResponseCode": code,
        "SAProvisioningCertificateChain": CONTRACT.message,
        "ContractSignatureCertChain": {"Id": "id1", **CONTRACT.message},
        "ContractSignatureEncryptedPrivateKey": {"Id": "id2", "value": bytes(48)},
        "DHpublickey": {"Id": "id3", "value": bytes(65)},
        "eMAID": {"Id": "id4", "value": EMAID},
    }
    message = {"Header": {"SessionID": session_id}, "Body": {f"Certificate{what}Res": fields}}
    return encode(schema("iso2"), "V2G_Message", message)


def vehicle_in(phase: Phase) -> Vehicle:
    """Return a vehicle that has come to a phase, by contract where it takes one."""
    is_dc = phase.name.startswith("DC") or phase in (Phase.CABLE_CHECK, Phase.PRE_CHARGE)
    if phase in (Phase.CONTRACT, Phase.DETAILS, Phase.AC_RECEIPT, Phase.DC_RECEIPT):
        return contract_vehicle(is_dc=is_dc, wants_receipts=True).reach(phase)
    return (dc_vehicle() if is_dc else ac_vehicle()).reach(phase)
