"""Contracts of drivers, from the development PKI, and vehicles that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from certs.csr import Subject
from certs.development.hierarchies import Issued, Wishes, hierarchies, issue
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from tests.conformance.station import StationUnderTest

OCSP = "http://ocsp.example/"
EMAID = "DE83DUIEN83QGZD"
_EXPIRED = Terms(
    usage=("digital_signature", "content_commitment", "key_encipherment", "key_agreement"),
    valid_from=timedelta(days=-2),
    valid_for=timedelta(days=1),
)


@dataclass(frozen=True)
class Operator:
    """A mobility operator: its root (PEM), a contract, and who issued that."""

    root: str
    contract: Issued
    issuer: Authority

    @classmethod
    def new(cls) -> Self:
        """Return one with certificates of its own: two sub-CAs and a contract, each with a responder."""
        wishes = Wishes(emaid=EMAID, ocsp_url=OCSP)
        hierarchy = next(one for one in hierarchies(wishes) if one.folder == "mo-2")
        issued = {one.file: one for one in issue(hierarchy, wishes)}
        contract, above = issued["contract"], issued["mo-sub-ca-2"]
        issuer = Authority(key=above.key, certificate=above.chain[0], chain=above.chain)
        return cls(root=write_bundle((contract.root,)), contract=contract, issuer=issuer)

    @property
    def chain(self) -> str:
        """The contract's certificates, PEM, leaf first."""
        return write_bundle(self.contract.chain)

    @property
    def expired(self) -> str:
        """A contract of the same driver that is over."""
        subject = Subject(common_name=EMAID, organization="Example")
        return write_bundle(self.issuer.issue(subject, _EXPIRED)[1])

    @property
    def incomplete(self) -> str:
        """The contract without the authorities above it."""
        return write_bundle(self.contract.chain[:1])

    @property
    def forged(self) -> str:
        """A contract that claims to be of this operator: somebody else signed it."""
        impostor = Operator.new()
        return write_bundle((impostor.contract.chain[0], *self.contract.chain[1:]))


async def show(station: StationUnderTest, chain: str, emaid: str = EMAID, evse: int = 1) -> Mapping[str, Any]:
    """Have the vehicle at an EVSE show a contract, and return what came of it."""
    return await station.ask(do="contract", evse=evse, emaid=emaid, chain=chain)


async def refused(station: StationUnderTest, chain: str, emaid: str = EMAID) -> tuple[str, str | None]:
    """Have a contract shown that must be refused; return its status and what its certificates lack."""
    answer = await show(station, chain, emaid)
    assert not answer["accepted"], answer
    return answer["status"], answer["certificate"]
