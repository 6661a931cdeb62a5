"""CertificateInstallation: a contract certificate comes from the backend, which signs the whole response."""

from __future__ import annotations

from typing import Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.authorization import installs_contracts
from agent.iso15118.iso20.contract import NotGood, check_signature, read_chain
from agent.iso15118.iso20.messages import COMMON, least
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Answer, AskForContract, Obtained, RawResponse, Request, Turn
from agent.iso15118.v2gtp import PayloadType
from certs.exi.codec import decode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

NAMESPACE: Final = "urn:iso:std:iso:15118:-20:CommonMessages"
_SIGNED: Final = "OEMProvisioningCertificateChain"
_NONE_CAME: Final = "WARNING_NoCertificateAvailable"


def install(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer CertificateInstallationReq with what the backend answers.

    A vehicle goes on without a certificate where none comes in time (V2G20-2225).
    """
    if not installs_contracts(session) or session.asked is not None:
        raise Refused("FAILED_SequenceError", "no installation of contracts was offered now")
    chain = request.message[_SIGNED]
    try:
        leaf = read_chain(chain)[0]
    except NotGood as error:
        return reply(session, request, least(session, request.name), code=error.code)
    check_signature(request, _SIGNED, chain, leaf)
    deed = _deed(request)
    if facts.outcome is None or facts.outcome[0] != deed:
        return deed
    outcome = facts.outcome[1]
    if isinstance(outcome, Obtained) and _is_response(outcome.exi, session):
        return Answer(state=session, response=RawResponse(payload_type=PayloadType.COMMON, exi=outcome.exi))
    return reply(session, request, least(session, request.name), code=_NONE_CAME)


def _deed(request: Request) -> AskForContract:
    wished = request.message.get("PrioritizedEMAIDs", {})
    return AskForContract(
        exi=request.exi,
        action="Install",
        namespace=NAMESPACE,
        most_contracts=request.message["MaximumContractCertificateChains"],
        wanted_contracts=tuple(wished.get("EMAID", ())),
    )


def _is_response(exi: bytes, session: Session) -> bool:
    """Return whether the backend's answer is one to a vehicle in this session, and not a refusal."""
    try:
        name, message = decode(schema(COMMON), exi)
    except CannotDecode:
        return False
    return (
        name == "CertificateInstallationRes"
        and message["Header"]["SessionID"] == session.session_id
        and not message["ResponseCode"].startswith("FAILED")
    )
