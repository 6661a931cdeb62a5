"""Requests by their names, and what the least response to each of them holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from agent.iso15118.iso20.rational import ZERO
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Kind
from agent.iso15118.turns import Request
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode
from certs.exi.errors import CannotDecode
from certs.exi.tables import Name, schema

Fields = dict[str, Any]
COMMON: Final = "iso20_common"
_MAIN: Final[Mapping[Kind, PayloadType]] = {"AC": PayloadType.AC, "DC": PayloadType.DC}
_OF_KIND: Final[Mapping[Kind, Name]] = {"AC": "iso20_ac", "DC": "iso20_dc"}
_BESIDE: Final[Mapping[int, frozenset[str]]] = {
    PayloadType.SCHEDULE_RENEGOTIATION: frozenset({"ScheduleExchangeReq", "PowerDeliveryReq"}),
    PayloadType.METERING_CONFIRMATION: frozenset({"MeteringConfirmationReq"}),
}
"""What may come beside the loop, under a type of its own (-20, table 12)."""


def read(kind: Kind, frame: Frame) -> Request:
    """Return the request in a frame.

    Raises:
        CannotDecode: If there is none of this kind of current.
    """
    name_of_schema = schema_of(kind, frame.payload_type)
    if name_of_schema is None:
        raise CannotDecode(f"nothing of ISO 15118-20 {kind} has the payload type {frame.payload_type:#06x}")
    name, message = decode(schema(name_of_schema), frame.payload)
    if name not in LEAST:
        raise CannotDecode(f"{name} is no request")
    if frame.payload_type in _BESIDE and name not in _BESIDE[frame.payload_type]:
        raise CannotDecode(f"{name} cannot come beside the loop ({frame.payload_type:#06x})")
    return Request(payload_type=frame.payload_type, name=name, message=message, exi=frame.payload)


def schema_of(kind: Kind, payload_type: int) -> Name | None:
    """Return the schema set of a payload type, None if none of this kind of current has it."""
    if payload_type == PayloadType.COMMON or payload_type in _BESIDE:
        return COMMON
    return _OF_KIND[kind] if payload_type == _MAIN[kind] else None


def payload_type_of(kind: Kind, name: str) -> PayloadType:
    """Return the payload type that a request of this name comes with."""
    return _MAIN[kind] if name.startswith(f"{kind}_") else PayloadType.COMMON


def response_to(name: str) -> str:
    """Return the name of the response to a request."""
    return name.removesuffix("Req") + "Res"


def least(session: Session, name: str) -> Fields:
    """Return what must be in a response besides its code, in the fewest bytes (V2G20-736)."""
    return LEAST[name](session)


def _nothing(_session: Session) -> Fields:
    return {}


def _finished(_session: Session) -> Fields:
    return {"EVSEProcessing": "Finished"}


def _setup(session: Session) -> Fields:
    return {"EVSEID": session.charger.evse_id}


def _authorization_setup(_session: Session) -> Fields:
    return {
        "AuthorizationServices": ["EIM"],
        "CertificateInstallationService": False,
        "EIM_ASResAuthorizationMode": {},
    }


def _services(_session: Session) -> Fields:
    least_service = {"ServiceID": 0, "FreeService": False}
    return {
        "ServiceRenegotiationSupported": False,
        "EnergyTransferServiceList": {"Service": [least_service]},
    }


def _details(_session: Session) -> Fields:
    least_set = {"ParameterSetID": 0, "Parameter": [{"Name": "", "boolValue": False}]}
    return {"ServiceID": 0, "ServiceParameterList": {"ParameterSet": [least_set]}}


def _schedules(_session: Session) -> Fields:
    return {"EVSEProcessing": "Finished", "Dynamic_SEResControlMode": {}}


def _check_out(_session: Session) -> Fields:
    return {"EVSECheckOutStatus": "Scheduled"}


def _installation(_session: Session) -> Fields:
    chain = {"Certificate": b"", "SubCertificates": {"Certificate": [b""]}}
    return {
        "EVSEProcessing": "Finished",
        "CPSCertificateChain": {"Certificate": b""},
        "SignedInstallationData": {
            "Id": "i",
            "ContractCertificateChain": chain,
            "ECDHCurve": "X448",
            "DHPublicKey": bytes(133),
            "X448_EncryptedPrivateKey": bytes(84),
        },
        "RemainingContractCertificateChains": 0,
    }


def _ac_parameters(_session: Session) -> Fields:
    names = ("EVSEMaximumChargePower", "EVSEMinimumChargePower", "EVSENominalFrequency")
    return {"AC_CPDResEnergyTransferMode": dict.fromkeys(names, ZERO)}


def _dc_parameters(_session: Session) -> Fields:
    names = [f"EVSE{end}Charge{what}" for end in ("Maximum", "Minimum") for what in ("Power", "Current")]
    names += ["EVSEMaximumVoltage", "EVSEMinimumVoltage"]
    return {"DC_CPDResEnergyTransferMode": dict.fromkeys(names, ZERO)}


def _voltage(_session: Session) -> Fields:
    return {"EVSEPresentVoltage": ZERO}


def _ac_loop(_session: Session) -> Fields:
    return {"Scheduled_AC_CLResControlMode": {}}


def _dc_loop(_session: Session) -> Fields:
    return {
        "EVSEPresentCurrent": ZERO,
        "EVSEPresentVoltage": ZERO,
        "EVSEPowerLimitAchieved": False,
        "EVSECurrentLimitAchieved": False,
        "EVSEVoltageLimitAchieved": False,
        "Scheduled_DC_CLResControlMode": {},
    }


LEAST: Final[Mapping[str, Callable[[Session], Fields]]] = {
    "SessionSetupReq": _setup,
    "AuthorizationSetupReq": _authorization_setup,
    "AuthorizationReq": _finished,
    "CertificateInstallationReq": _installation,
    "ServiceDiscoveryReq": _services,
    "ServiceDetailReq": _details,
    "ServiceSelectionReq": _nothing,
    "ScheduleExchangeReq": _schedules,
    "PowerDeliveryReq": _nothing,
    "MeteringConfirmationReq": _nothing,
    "SessionStopReq": _nothing,
    "VehicleCheckInReq": _nothing,
    "VehicleCheckOutReq": _check_out,
    "AC_ChargeParameterDiscoveryReq": _ac_parameters,
    "AC_ChargeLoopReq": _ac_loop,
    "DC_ChargeParameterDiscoveryReq": _dc_parameters,
    "DC_CableCheckReq": _finished,
    "DC_PreChargeReq": _voltage,
    "DC_ChargeLoopReq": _dc_loop,
    "DC_WeldingDetectionReq": _voltage,
}
"""All requests that there are. Vehicles at a cable neither check in nor out (that is for parking aids)."""
