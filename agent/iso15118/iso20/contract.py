"""The contract that a vehicle shows, and whether the vehicle has the key to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from cryptography import x509

from agent.iso15118.chains import wrong_date
from agent.iso15118.facts import Facts
from agent.iso15118.iso20.codes import INVALID, for_rule
from agent.iso15118.iso20.messages import COMMON
from agent.iso15118.iso20.session import Contract, Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request
from certs import der
from certs.chains import Chain
from certs.emaid import NotAnEmaid, read_emaid
from certs.exi.errors import CannotEncode
from certs.key_kinds import kind_of
from certs.pem import NotACertificate, write_bundle
from certs.profiles import CONTRACT_20
from certs.rules import common_name
from certs.signatures import Fragment, SignatureRefused, verify

SIGNED: Final = "PnC_AReqAuthorizationMode"
_SOON: Final = timedelta(days=14)
"""A contract that ends within this is told so (V2G20-1979)."""


class NotGood(Exception):
    """A contract that cannot be accepted, whoever issued it; `code` is what the vehicle is told."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def read_contract(session: Session, request: Request, facts: Facts) -> Contract:
    """Return the contract in an AuthorizationReq, once it is shown that the vehicle has its key.

    Raises:
        Refused: If the signature is not the contract's over what the vehicle sends (V2G20-461).
        NotGood: If anything else is wrong that can be seen without asking anybody.
    """
    mode: Mapping[str, Any] = request.message[SIGNED]
    chain = read_chain(mode["ContractCertificateChain"])
    leaf = chain[0]
    check_signature(request, SIGNED, mode, leaf)
    if mode["GenChallenge"] != session.chance.challenge:
        raise NotGood("WARNING_ChallengeInvalid", "another challenge was signed")
    if kind_of(leaf.public_key()) not in (CONTRACT_20.keys or ()):
        raise NotGood(INVALID, f"a contract has no key of the kind {kind_of(leaf.public_key())}")
    if (finding := wrong_date(chain, facts)) is not None:
        raise NotGood(for_rule(finding.rule), str(finding))
    try:
        read_emaid(common_name(leaf))
    except NotAnEmaid as error:
        raise NotGood(INVALID, str(error)) from error
    return Contract(
        emaid=common_name(leaf),
        leaf=mode["ContractCertificateChain"]["Certificate"],
        chain=write_bundle(chain),
        ends_soon=facts.clock_is_trusted and leaf.not_valid_after_utc - facts.now <= _SOON,
        asked=mode,
    )


def read_chain(fields: Mapping[str, Any]) -> Chain:
    """Return a chain of a message, leaf first.

    Raises:
        NotGood: If one of its certificates cannot be read.
    """
    try:
        return der.read_chain(fields)
    except NotACertificate as error:
        raise NotGood(INVALID, str(error)) from error


def check_signature(
    request: Request, name: str, value: Mapping[str, Any], certificate: x509.Certificate
) -> None:
    """Check that a part of a request was signed by the owner of a certificate.

    Raises:
        Refused: If it was not (V2G20-461).
    """
    signature = request.message["Header"].get("Signature")
    try:
        verify(COMMON, [Fragment(name, value)], signature, certificate.public_key())
    except (SignatureRefused, CannotEncode) as error:
        raise Refused("FAILED_SignatureError", f"signature of {name}: {error}") from error
