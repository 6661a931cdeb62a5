"""CertificateInstallation and CertificateUpdate: the backend answers, its response is passed on as it is."""

from __future__ import annotations

from typing import Any, Final, Literal

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.contract import check_signature, read_chain, refuse_dates
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Answer, AskForContract, Failed, Obtained, RawResponse, Turn
from agent.iso15118.v2g_message.dispatch import Handling
from agent.iso15118.v2g_message.envelope import DOCUMENT, Asked, Fields
from agent.iso15118.v2g_message.session import Phase
from agent.iso15118.v2gtp import PayloadType
from certs.exi.codec import decode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

NAMESPACE: Final = "urn:iso:15118:2:2013:MsgDef"
_NOBODY: Final = "00000000000000"


def _install(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """The vehicle asks with the certificate that its maker gave it."""
    chain = read_chain({"Certificate": asked.body["OEMProvisioningCert"]})
    refuse_dates(chain, facts)
    check_signature(asked, chain[0])
    return _ask(session, asked, facts, "Install")


def _update(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """The vehicle asks with the contract certificate that is to be replaced."""
    chain = read_chain(asked.body["ContractSignatureCertChain"])
    refuse_dates(chain, facts)
    check_signature(asked, chain[0])
    return _ask(session, asked, facts, "Update")


def _ask(
    session: Iso2Session, asked: Asked, facts: Facts, action: Literal["Install", "Update"]
) -> Turn[Iso2Session]:
    deed = AskForContract(asked.exi, action, NAMESPACE)
    if facts.outcome is None or facts.outcome[0] != deed:
        return deed
    match facts.outcome[1]:
        case Obtained(exi):
            code = _code(exi, asked.response)
        case Failed(why):
            raise Refused("FAILED_NoCertificateAvailable", why)
        case other:
            raise Refused("FAILED_NoCertificateAvailable", f"{other} is no outcome of {action}")
    answer = RawResponse(payload_type=PayloadType.EXI, exi=exi)
    if code.startswith("FAILED"):
        why = f"the backend answers {code}"
        return Answer(state=session.goes_on(Phase.ENDED), response=answer, ending="error", why=why)
    return Answer(state=session.goes_on(Phase.DETAILS), response=answer)


def _code(exi: bytes, response: str) -> str:
    """Return the response code that the backend's answer has."""
    try:
        document, message = decode(schema("iso2"), exi)
    except CannotDecode as error:
        raise Refused("FAILED_NoCertificateAvailable", f"the backend's answer: {error}") from None
    if document != DOCUMENT or response not in message["Body"]:
        raise Refused("FAILED_NoCertificateAvailable", f"the backend's answer is no {response}")
    code: str = message["Body"][response]["ResponseCode"]
    return code


def _least(_session: Iso2Session, _asked: Asked, _facts: Facts) -> Fields:
    """Certificates and keys that are none, as short as the schema lets them be."""
    chain: dict[str, Any] = {"Certificate": b"\0"}
    return {
        "SAProvisioningCertificateChain": chain,
        "ContractSignatureCertChain": chain,
        "ContractSignatureEncryptedPrivateKey": {"Id": "id1", "value": b"\0"},
        "DHpublickey": {"Id": "id2", "value": b"\0"},
        "eMAID": {"Id": "id3", "value": _NOBODY},
    }


HANDLINGS = {
    "CertificateInstallationReq": Handling(_install, _least),
    "CertificateUpdateReq": Handling(_update, _least),
}
