"""ServiceDiscovery, ServiceDetail and PaymentServiceSelection: what there is, and what the vehicle wants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from agent.iso15118.facts import Charger, Facts, Identification
from agent.iso15118.iso2.session import Iso2Session, Mode
from agent.iso15118.refused import Refused
from agent.iso15118.turns import AwaitDriver, Turn
from agent.iso15118.v2g_message.dispatch import Handling, nothing, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.needs import Transfer

CHARGING, CERTIFICATES = 1, 2
"""ServiceIDs (ISO 15118-2, table 105)."""
_CERTIFICATE_SETS: Final = {1: "Installation", 2: "Update"}
_MODES: Final[dict[Transfer, tuple[Mode, ...]]] = {
    "AC_single_phase": ("AC_single_phase_core",),
    "AC_two_phase": ("AC_single_phase_core",),
    "AC_three_phase": ("AC_three_phase_core", "AC_single_phase_core"),
    "DC": ("DC_extended",),
}
"""An EVSE with more phases serves a vehicle on one, too."""
_OPTIONS: Final[dict[Identification, str]] = {"contract": "Contract", "EIM": "ExternalPayment"}
_BY_OPTION: Final = {word: identification for identification, word in _OPTIONS.items()}


def modes_of(charger: Charger) -> tuple[Mode, ...]:
    """Return the energy transfer modes of an EVSE."""
    return tuple(dict.fromkeys(mode for transfer in charger.transfers for mode in _MODES[transfer]))


def modes(session: Iso2Session) -> tuple[Mode, ...]:
    """Return the modes that are offered to this vehicle: after a pause, those that were (V2G2-741)."""
    return modes_of(session.charger) if session.kept is None else session.kept.modes


def _options(session: Iso2Session) -> tuple[Identification, ...]:
    """Return how its driver can be authorized: by contract only where nobody listens."""
    possible = tuple(one for one in session.charger.identifications if one == "EIM" or session.link.is_tls)
    if session.kept is None:
        return possible
    return tuple(one for one in possible if one == session.kept.identification)


def _offers_certificates(session: Iso2Session) -> bool:
    return session.charger.installs_contracts and "contract" in _options(session)


def _discover(session: Iso2Session, asked: Asked, _facts: Facts) -> Turn[Iso2Session]:
    options = _options(session)
    if not options:
        raise Refused("FAILED", "no way to authorize a driver without TLS")
    wanted = asked.body.get("ServiceCategory", "ContractCertificate")
    fields = _services(session, options)
    if wanted == "ContractCertificate" and _offers_certificates(session):
        fields["ServiceList"] = {"Service": [_certificate_service()]}
    return reply(session.goes_on(Phase.SELECTION), asked, fields)


def _services(session: Iso2Session, options: tuple[Identification, ...]) -> Fields:
    return {
        "PaymentOptionList": {"PaymentOption": [_OPTIONS[one] for one in options]},
        "ChargeService": {
            "ServiceID": CHARGING,
            "ServiceName": "AC_DC_Charging",
            "ServiceCategory": "EVCharging",
            "FreeService": session.charger.is_free,
            "SupportedEnergyTransferMode": {"EnergyTransferMode": list(modes(session))},
        },
    }


def _certificate_service() -> dict[str, Any]:
    return {
        "ServiceID": CERTIFICATES,
        "ServiceName": "Certificate",
        "ServiceCategory": "ContractCertificate",
        "FreeService": True,
    }


def _discover_least(session: Iso2Session, _asked: Asked, _facts: Facts) -> Fields:
    return _services(session, ("EIM",))


def _detail(session: Iso2Session, asked: Asked, _facts: Facts) -> Turn[Iso2Session]:
    number = asked.body["ServiceID"]
    fields: Fields = {"ServiceID": number}
    if number == CERTIFICATES and _offers_certificates(session):
        fields["ServiceParameterList"] = {
            "ParameterSet": [
                {"ParameterSetID": one, "Parameter": [{"Name": "Service", "stringValue": word}]}
                for one, word in _CERTIFICATE_SETS.items()
            ]
        }
    elif number != CHARGING:
        raise Refused("FAILED_ServiceIDInvalid", f"service {number} was not offered")
    return reply(session, asked, fields)


def _detail_least(_session: Iso2Session, asked: Asked, _facts: Facts) -> Fields:
    return {"ServiceID": asked.body["ServiceID"]}


def _select(session: Iso2Session, asked: Asked, _facts: Facts) -> Turn[Iso2Session]:
    selected = asked.body["SelectedServiceList"]["SelectedService"]
    _check_selection(session, selected)
    identification = _BY_OPTION[asked.body["SelectedPaymentOption"]]
    if identification not in _options(session):
        raise Refused("FAILED_PaymentSelectionInvalid", f"{identification} was not offered")
    wants_certificates = any(one["ServiceID"] == CERTIFICATES for one in selected)
    session = replace(session, identification=identification, has_certificate_service=wants_certificates)
    if identification == "EIM":
        return reply(session.goes_on(Phase.AUTHORIZATION), asked, {}, orders=(AwaitDriver(),))
    return reply(session.goes_on(Phase.CONTRACT if wants_certificates else Phase.DETAILS), asked, {})


def _check_selection(session: Iso2Session, selected: list[dict[str, Any]]) -> None:
    for service in selected:
        number, of_set = service["ServiceID"], service.get("ParameterSetID")
        if number == CHARGING:
            continue
        is_known = number == CERTIFICATES and _offers_certificates(session)
        if not is_known or of_set not in (None, *_CERTIFICATE_SETS):
            raise Refused("FAILED_ServiceSelectionInvalid", f"service {number}, set {of_set}: not offered")
    if not any(service["ServiceID"] == CHARGING for service in selected):
        raise Refused("FAILED_NoChargeServiceSelected", "charging was not selected")


HANDLINGS = {
    "ServiceDiscoveryReq": Handling(_discover, _discover_least),
    "ServiceDetailReq": Handling(_detail, _detail_least),
    "PaymentServiceSelectionReq": Handling(_select, nothing),
}
