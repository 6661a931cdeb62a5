"""ServiceDiscovery, ServiceDetail and ServiceSelection: what there is, and what the vehicle wants of it."""

from __future__ import annotations

from dataclasses import replace

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.parameter_sets import AC, AC_BPT, DC, DC_BPT, parameter_sets, services
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request, Turn

_ENERGY_TRANSFER = frozenset({AC, DC, 3, 4, AC_BPT, DC_BPT, 7})
"""All that transfer energy, also where that takes no plug (-20, table 204)."""


def discover(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer ServiceDiscoveryReq; what a vehicle does not know need not be told to it, if it knows any."""
    offered = _offered(session, facts)
    known = request.message.get("SupportedServiceIDs", {}).get("ServiceID", [])
    told = tuple(one for one in offered if one in known) or offered
    fields = {
        "ServiceRenegotiationSupported": True,
        "EnergyTransferServiceList": {
            "Service": [{"ServiceID": one, "FreeService": session.charger.is_free} for one in told]
        },
    }
    return reply(session.goes_on(Phase.DETAILS, facts), request, fields)


def detail(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer ServiceDetailReq (V2G20-464)."""
    service = request.message["ServiceID"]
    if service not in _offered(session, facts):
        raise Refused("FAILED_ServiceIDInvalid", f"service {service} was not offered")
    fields = {
        "ServiceID": service,
        "ServiceParameterList": {"ParameterSet": [one.fields for one in parameter_sets(service, facts)]},
    }
    return reply(session.goes_on(Phase.SELECTION, facts), request, fields)


def select(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer ServiceSelectionReq."""
    wanted = request.message["SelectedEnergyTransferService"]
    service, number = wanted["ServiceID"], wanted["ParameterSetID"]
    if service not in _ENERGY_TRANSFER:
        raise Refused("FAILED_NoEnergyTransferServiceSelected", f"service {service} transfers no energy")
    if "SelectedVASList" in request.message:
        raise Refused("FAILED_ServiceSelectionInvalid", "no value added service was offered")
    offered = parameter_sets(service, facts) if service in _offered(session, facts) else ()
    for one in offered:
        if one.selection.parameter_set == number:
            session = replace(session, selection=one.selection)
            return reply(session.goes_on(Phase.PARAMETERS, facts), request, {})
    raise Refused("FAILED_ServiceSelectionInvalid", f"service {service}, set {number}: not offered")


def is_still_offered(session: Session, facts: Facts) -> bool:
    """Return whether the service that the vehicle has chosen can be had now."""
    selection = session.selection
    return selection is not None and selection.service in _offered(session, facts)


def _offered(session: Session, facts: Facts) -> tuple[int, ...]:
    offered = services(session.kind, session.charger, facts)
    if not offered:
        raise Refused("FAILED", f"the EVSE gives no {session.kind}")
    return offered
