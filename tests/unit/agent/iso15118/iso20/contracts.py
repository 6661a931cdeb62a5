"""Contracts and provisioning certificates of a vehicle, and requests that are signed with their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from agent.iso15118.facts import Facts
from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.key_kinds import Key, KeyKind, new_key_of
from certs.signatures import Fragment, sign
from tests.unit.agent.iso15118.iso20.vehicle import CHANCE, Vehicle

EMAID = "DE83DUIEN83QGZD"
FOR_A_YEAR = Terms()


@dataclass(frozen=True)
class Shown:
    """A key with its chain, leaf first, without the root."""

    key: Key
    chain: tuple[x509.Certificate, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """Return the chain as messages have it."""
        leaf, *above = (one.public_bytes(Encoding.DER) for one in self.chain)
        return {"Certificate": leaf, "SubCertificates": {"Certificate": above}}

    def sign(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the signature over a part of a message."""
        return sign("iso20_common", [Fragment(name, value)], self.key)  # type: ignore[arg-type]

    def at(self, facts: Facts, after: timedelta = timedelta(hours=1)) -> Facts:
        """Return the facts at a moment after the leaf has become valid."""
        return replace(facts, now=self.chain[0].not_valid_before_utc + after)


@cache
def shown(name: str = EMAID, kind: KeyKind = "P-521", terms: Terms = FOR_A_YEAR) -> Shown:
    """Return a new contract, or another certificate below two authorities."""
    subjects = (Subject(common_name=one, organization="Mobility") for one in ("Root", "Sub 1", "Sub 2"))
    root, first, second = subjects
    issuer = Authority.root(root, key=new_key_of(kind))
    for subject in (first, second):
        issuer = issuer.below(subject, key=new_key_of(kind))
    key, chain = issuer.issue(Subject(common_name=name, organization="Mobility"), terms, new_key_of(kind))
    return Shown(key, chain)


def authorization(contract: Shown, challenge: bytes = CHANCE.challenge, **more: Any) -> dict[str, Any]:
    """Return AuthorizationReq by a contract."""
    mode = {
        "Id": "id1",
        "GenChallenge": challenge,
        "ContractCertificateChain": contract.fields,
        **more,
    }
    return {"SelectedAuthorizationService": "PnC", "PnC_AReqAuthorizationMode": mode}


def authorize(vehicle: Vehicle, contract: Shown, **more: Any) -> dict[str, Any]:
    """Send an AuthorizationReq that the contract's key signs, and return the response."""
    request = authorization(contract, **more)
    name = "PnC_AReqAuthorizationMode"
    return vehicle.send("AuthorizationReq", request, signature=contract.sign(name, request[name]))
