"""AuthorizationSetup and Authorization: how a driver may be authorized, and whether one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from agent.iso15118.facts import Facts, Identification
from agent.iso15118.iso20.codes import for_refusal
from agent.iso15118.iso20.contract import SIGNED, NotGood, read_contract
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import AwaitDriver, CheckContract, Order, Request, Turn

_WORDS: Final[Mapping[Identification, str]] = {"EIM": "EIM", "contract": "PnC"}
_ONGOING: Final = "Ongoing"
_ONGOING_CARD: Final = "Ongoing_WaitingForCustomerInteraction"


def set_up_authorization(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer AuthorizationSetupReq."""
    offered = _offered(session, facts)
    if not offered:
        raise Refused("FAILED", "drivers are authorized by contract only, and that takes TLS")
    session = replace(session, offered=offered)
    fields: Fields = {
        "AuthorizationServices": [_WORDS[one] for one in offered],
        "CertificateInstallationService": installs_contracts(session),
    }
    if "contract" in offered:
        fields["PnC_ASResAuthorizationMode"] = {"GenChallenge": session.chance.challenge}
    else:
        fields["EIM_ASResAuthorizationMode"] = {}
    return reply(session.goes_on(Phase.AUTHORIZATION, facts), request, fields)


def installs_contracts(session: Session) -> bool:
    """Return whether the vehicle may ask for a contract certificate."""
    return session.charger.installs_contracts and "contract" in session.offered


def authorize(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer AuthorizationReq, which is repeated until it is known whether the driver may charge."""
    wanted: Identification = "EIM"
    if request.message["SelectedAuthorizationService"] == "PnC":
        wanted = "contract"
    if wanted not in session.offered or (wanted == "contract") != (SIGNED in request.message):
        return _chosen_wrongly(session, request)
    if session.authorized is not None:
        return _again(session, request, facts, wanted)
    if session.asked not in (None, wanted):
        raise Refused("FAILED_SequenceError", f"{session.asked} is being decided on, {wanted} was sent")
    return (
        _by_contract(session, request, facts) if wanted == "contract" else _by_card(session, request, facts)
    )


def _offered(session: Session, facts: Facts) -> tuple[Identification, ...]:
    """Return how the driver can be authorized; who is already need not be by contract (V2G20-2566)."""
    if session.charger.is_free or facts.authorization == "accepted":
        return ("EIM",)
    return tuple(one for one in session.charger.identifications if one == "EIM" or session.link.is_tls)


def _chosen_wrongly(session: Session, request: Request) -> Turn[Session]:
    """Tell a vehicle that this was not offered (V2G20-2226), once."""
    is_last = session.has_chosen_wrongly
    session = replace(session, has_chosen_wrongly=True)
    return reply(
        replace(session, phase=Phase.OVER) if is_last else session,
        request,
        {"EVSEProcessing": "Finished"},
        code="WARNING_AuthorizationSelectionInvalid",
        ending="error" if is_last else None,
        why="the vehicle asked twice for an authorization that it was not offered" if is_last else "",
    )


def _again(session: Session, request: Request, facts: Facts, wanted: Identification) -> Turn[Session]:
    """Answer a vehicle that is authorized; the contract of a session stays what it is (V2G20-2702)."""
    if wanted != session.authorized:
        raise Refused("FAILED_SequenceError", "the driver is authorized already, by another way")
    contract = session.contract
    if contract is not None and request.message[SIGNED] != contract.asked:
        return _decided(session, request, "WARNING_GeneralPnCAuthorizationError")
    return _decided(session.goes_on(Phase.SERVICES, facts), request, "OK")


def _by_card(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    if facts.authorization == "accepted":
        return _accepted(session, request, facts, "EIM", "OK")
    if session.asked is None:
        return _pending(replace(session, asked="EIM"), request, _ONGOING_CARD, AwaitDriver())
    if facts.authorization == "rejected":
        return _decided(replace(session, asked=None), request, "WARNING_EIMAuthorizationFailure")
    return _pending(session, request, _ONGOING_CARD)


def _by_contract(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    if session.asked is None:
        return _ask_about_contract(session, request, facts)
    contract = session.contract
    assert contract is not None
    if request.message[SIGNED] != contract.asked:
        raise Refused("FAILED_SequenceError", "while a contract is decided on another one was sent")
    if facts.authorization == "accepted":
        code = "OK_CertificateExpiresSoon" if contract.ends_soon else "OK"
        return _accepted(session, request, facts, "contract", code)
    if facts.authorization == "rejected":
        return _decided(replace(session, asked=None), request, for_refusal(facts.refusal))
    return _pending(session, request, _ONGOING)


def _ask_about_contract(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    try:
        contract = read_contract(session, request, facts)
    except NotGood as error:
        return _decided(session, request, error.code)
    session = replace(session, asked="contract", contract=contract)
    return _pending(session, request, _ONGOING, CheckContract(contract.emaid, contract.chain))


def _pending(session: Session, request: Request, processing: str, *orders: Order) -> Turn[Session]:
    return reply(session, request, {"EVSEProcessing": processing}, orders=orders)


def _decided(session: Session, request: Request, code: str) -> Turn[Session]:
    return reply(session, request, {"EVSEProcessing": "Finished"}, code=code)


def _accepted(
    session: Session, request: Request, facts: Facts, by: Identification, code: str
) -> Turn[Session]:
    ends_soon = code == "OK_CertificateExpiresSoon" and installs_contracts(session)
    phase = Phase.EXPIRING if ends_soon else Phase.SERVICES
    session = replace(session, asked=None, authorized=by)
    return _decided(session.goes_on(phase, facts), request, code)
