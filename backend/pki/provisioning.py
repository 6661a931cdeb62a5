"""Contracts for vehicles (OCPP 2.0.1 M01, M02; ISO 15118-2, 8.4.3.11 and 8.4.3.12; ISO 15118-20).

A vehicle has five seconds of patience for the whole way, and its charger waits 4.5 s for the backend; what
takes longer than `ANSWER_WITHIN_S` here is not answered any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from sqlalchemy import Connection

from backend.db.engine import Database
from backend.pki import records
from backend.pki.directory import Authorities
from backend.pki.editions import Edition, edition_of
from backend.pki.errors import PkiError
from backend.pki.ev_messages import Action, Asked, Grant, Unreadable, Why
from backend.pki.issuing import Order, certify, check
from backend.pki.pool import Contract, ContractPool, PoolUnavailable
from backend.pki.records import Event
from backend.pki.terms import Wording
from certs.chains import Verdict, validate
from certs.contracts import judge
from certs.csr import Subject
from certs.emaid import is_same
from certs.envelope import EnvelopeRefused
from certs.issuing import Authority
from certs.rules import Rule, common_name, is_issued_by
from certs.signatures import SignatureRefused, SigningKey, verify

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 4.0
_LEAST_EMAID = 14
PUBLISHED_LIMIT = 5600
"""Characters of exiResponse, in OCPP 2.0.1 as it was published; its schema has 7500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the charger passes on to the vehicle; `exi` "": nothing, for the reason in `why`."""

    exi: str
    why: str = ""

    @property
    def is_processed(self) -> bool:
        """Whether there is an answer for the vehicle, be it yes or no."""
        return bool(self.exi)


class Refused(Exception):
    """The vehicle gets no contract, and is told so."""

    def __init__(self, kind: Why, why: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why


class Provisioning:
    """Our provisioning service."""

    def __init__(
        self,
        authorities: Authorities,
        pool: ContractPool,
        database: Database,
        wording: Wording,
        clock: Callable[[], datetime],
        longest: int = PUBLISHED_LIMIT,
    ) -> None:
        self._authorities = authorities
        self._pool = pool
        self._database = database
        self._wording = wording
        self._clock = clock
        self._longest = longest

    async def answer(self, namespace: str, action: Action, exi: str, station_id: int) -> Answer:
        """Answer a vehicle's request (EXI in base64), and write down what came of it."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._answer(edition_of(namespace), action, exi, station_id)
        except TimeoutError:
            why = f"not answered within {ANSWER_WITHIN_S} s"
        except (Unreadable, PkiError, PoolUnavailable) as error:
            why = str(error)
        log.warning("a contract for a vehicle (%s): %s", action, why)
        await self._note(action, "a vehicle", f"failed: {why}", station_id)
        return Answer(exi="", why=why)

    async def _answer(self, edition: Edition, action: Action, exi: str, station_id: int) -> Answer:
        asked = await asyncio.to_thread(edition.read, exi, action)
        now = self._clock()
        try:
            grant, written = await self._grant(edition, asked, now)
        except Refused as refused:
            name = common_name(asked.bundle[0])
            log.warning("no contract for ..%s (%s): %s", name[-4:], action, refused.why)
            await self._note(action, name, f"refused ({refused.kind}): {refused.why}", station_id)
            return Answer(exi=edition.refuse(asked, refused.kind, now), why=refused.why)
        if len(written) > self._longest:
            raise PkiError(
                f"the answer has {len(written)} characters, {self._longest} are allowed: use certificates "
                "with shorter names and addresses, or set [pki] longest_ev_answer if the chargers take more"
            )
        event = Event(
            what=action,
            subject=f"{common_name(asked.bundle[0])}: {grant.emaid}",
            outcome=f"issued {grant.chain[0].serial_number:x}",
            station_id=station_id,
        )
        await self._database.write(lambda db: _keep(db, edition, grant, event, now))
        return Answer(exi=written)

    async def _grant(self, edition: Edition, asked: Asked, now: datetime) -> tuple[Grant, str]:
        await asyncio.to_thread(check_request, edition, self._authorities, asked, now)
        if asked.emaid is not None:
            await self._refuse_revoked(asked.bundle[0])
        contract, remaining = await self._contract(asked)
        if not _LEAST_EMAID <= len(contract.emaid) <= edition.longest_emaid:
            raise PkiError(
                f"the contract {contract.emaid}: {edition.name} has room for {_LEAST_EMAID} to "
                f"{edition.longest_emaid} characters"
            )
        return await asyncio.to_thread(self._issue, edition, asked, contract, remaining, now)

    async def _refuse_revoked(self, leaf: x509.Certificate) -> None:
        issuer = next((one for one in self._authorities.issuers if is_issued_by(leaf, one.certificate)), None)
        if issuer is None:
            return
        number = records.issuer_of(issuer.certificate)
        known = await self._database.read(
            lambda db: records.known(db, number, leaf.serial_number, is_in_directory=True)
        )
        if known is not None and known.revoked_at is not None:
            raise Refused("revoked", f"revoked since {known.revoked_at:%Y-%m-%d %H:%M}Z")

    async def _contract(self, asked: Asked) -> tuple[Contract, int]:
        """Return the contract that the vehicle is to have, and how many more there are for it."""
        if asked.emaid is not None:
            one = await self._pool.find(asked.emaid)
            found: tuple[Contract, ...] = () if one is None else (one,)
            missing = f"the pool has no contract {asked.emaid}"
        else:
            pcid = common_name(asked.bundle[0])
            found = await self._pool.for_vehicle(pcid)
            missing = f"the pool has no contract for the vehicle {pcid}"
        if not found:
            raise Refused("unknown", missing)
        running = [contract for contract in found if not contract.is_cancelled]
        if not running:
            raise Refused("cancelled", f"the contract {found[0].emaid} was cancelled")
        wished = next(
            (one for wish in asked.wished for one in running if is_same(one.emaid, wish)), running[0]
        )
        return wished, len(running) - 1

    def _issue(
        self, edition: Edition, asked: Asked, contract: Contract, remaining: int, at: datetime
    ) -> tuple[Grant, str]:
        """Return a new certificate of a contract, and the answer with it."""
        service = self._authorities.need(edition.service)
        check(self._authorities, service.chain, edition.service, at)
        key = ec.generate_private_key(edition.curve)
        organization = _organization(self._authorities.need(edition.contracts))
        order = Order(
            duty=edition.contracts,
            subject=Subject(common_name=contract.emaid, organization=organization),
            key=key.public_key(),
            terms=self._wording.terms(edition.contracts),
        )
        chain = certify(self._authorities, order, at)
        try:
            envelope = edition.seal(key, asked.bundle[0].public_key())
        except EnvelopeRefused as error:
            raise Refused("chain", str(error)) from error
        grant = Grant(emaid=contract.emaid, chain=chain, envelope=envelope, remaining=remaining)
        return grant, edition.write(asked, grant, service, signing_key(service), at)

    async def _note(self, action: Action, subject: str, outcome: str, station_id: int) -> None:
        event = Event(what=action, subject=subject, outcome=outcome, station_id=station_id)
        await self._database.write(lambda db: records.note(db, event, self._clock()))


def _keep(db: Connection, edition: Edition, grant: Grant, event: Event, at: datetime) -> None:
    records.add_issued(db, grant.chain, edition.contracts, at)
    records.note(db, event, at)


def check_request(edition: Edition, authorities: Authorities, asked: Asked, at: datetime) -> None:
    """Check a vehicle's signature, then the chain of the certificate that it signed with.

    Raises:
        Refused: If one of them is not good.
    """
    leaf = asked.bundle[0]
    try:
        verify(edition.schema, [asked.signed], asked.signature, leaf.public_key())
    except SignatureRefused as error:
        raise Refused("signature", str(error)) from error
    if asked.emaid is None:
        above = asked.bundle[1:] or authorities.above(leaf, "OEM")
        verdict = validate((leaf, *above), authorities.roots("OEM"), edition.vehicle, at)
    else:
        if not is_same(common_name(leaf), asked.emaid):
            raise Refused("chain", f"the certificate is not that of {asked.emaid}")
        verdict = judge(asked.bundle, authorities.roots("MO"), asked.emaid, at)
    if not verdict.is_valid:
        raise Refused(_kind(verdict), str(verdict))


def signing_key(service: Authority) -> SigningKey:
    """Return the key of who signs for vehicles.

    Raises:
        PkiError: If it is of a kind that ISO 15118 has no signatures of.
    """
    if isinstance(service.key, ec.EllipticCurvePrivateKey | ed448.Ed448PrivateKey):
        return service.key
    raise PkiError("the provisioning service's key is RSA, which ISO 15118 does not sign with")


def _kind(verdict: Verdict) -> Why:
    rules = {finding.rule for finding in verdict.findings}
    return "expired" if rules == {Rule.EXPIRED} else "chain"


def _organization(authority: Authority) -> str:
    """Return the organization in an authority's own name, for the names of what it issues."""
    found = authority.certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else "Mobility operator"
