"""PaymentDetails: the contract that a vehicle shows; and the proof, in Authorization, that it is its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cryptography import x509

from agent.iso15118.chains import wrong_date
from agent.iso15118.facts import Facts
from agent.iso15118.iso2.session import Contract, Iso2Session, seconds
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase
from certs import der
from certs.chains import Chain
from certs.emaid import is_same
from certs.exi.errors import CannotEncode
from certs.key_kinds import kind_of
from certs.pem import NotACertificate, write_bundle
from certs.rules import common_name
from certs.signatures import Fragment, SignatureRefused, verify

EXPIRES_SOON: Final = timedelta(days=21)
"""How long before its end a vehicle is told to have its certificate renewed."""


def read_chain(fields: dict[str, Any]) -> Chain:
    """Return the certificates of a CertificateChain, leaf first.

    Raises:
        Refused: If one of them cannot be read.
    """
    try:
        return der.read_chain(fields)
    except NotACertificate as error:
        raise Refused("FAILED_CertChainError", str(error)) from None


def refuse_dates(chain: Chain, facts: Facts) -> None:
    """Refuse certificates that are not valid now (V2G2-824), as far as the time is known.

    Raises:
        Refused: If one is not.
    """
    if (finding := wrong_date(chain, facts)) is not None:
        raise Refused("FAILED_CertificateExpired", str(finding))


def check_signature(asked: Asked, certificate: x509.Certificate) -> None:
    """Check that a request was signed with the key of a certificate.

    Raises:
        Refused: If not.
    """
    try:
        verify("iso2", [Fragment(asked.name, asked.body)], asked.signature, certificate.public_key())
    except (SignatureRefused, CannotEncode) as refused:
        raise Refused("FAILED_SignatureError", str(refused)) from None


def prove(session: Iso2Session, contract: Contract, asked: Asked) -> None:
    """Check that the vehicle has the key to the contract: it signs the challenge that it got (V2G2-475).

    Raises:
        Refused: If it has not.
    """
    if asked.body.get("GenChallenge") != session.chance.challenge:
        raise Refused("FAILED_ChallengeInvalid", "another challenge than the one given, or none")
    check_signature(asked, x509.load_der_x509_certificate(contract.leaf))


def _show(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    chain = read_chain(asked.body["ContractSignatureCertChain"])
    leaf, emaid = chain[0], asked.body["eMAID"]
    if kind_of(leaf.public_key()) != "P-256":
        raise Refused("FAILED_CertChainError", "the contract's key is not on P-256")
    if not is_same(common_name(leaf), emaid):
        raise Refused("FAILED_CertChainError", "another contract was named than the one that was shown")
    refuse_dates(chain, facts)
    contract = Contract(
        emaid=emaid,
        leaf=asked.body["ContractSignatureCertChain"]["Certificate"],
        chain=write_bundle(chain),
    )
    return reply(
        replace(session, contract=contract).goes_on(Phase.AUTHORIZATION),
        asked,
        {"GenChallenge": session.chance.challenge, "EVSETimeStamp": seconds(facts.now)},
        code="OK_CertificateExpiresSoon" if _expires_soon(leaf, facts) else "OK",
    )


def _expires_soon(leaf: x509.Certificate, facts: Facts) -> bool:
    return facts.clock_is_trusted and leaf.not_valid_after_utc - facts.now < EXPIRES_SOON


def _least(_session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return {"GenChallenge": bytes(16), "EVSETimeStamp": seconds(facts.now)}


HANDLINGS = {"PaymentDetailsReq": Handling(_show, _least)}
