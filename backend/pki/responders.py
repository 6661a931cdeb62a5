"""Our own OCSP responder and lists of revoked certificates, for every authority whose key is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.x509 import ocsp

from backend.db.engine import Database
from backend.pki import records
from backend.pki.directory import Authorities
from backend.pki.terms import list_name
from certs.issuing import Authority
from certs.responding import Known, Responder, read_question, refusal
from certs.revocation_lists import revocation_list


class Responders:
    """Says what is known of our authorities' certificates."""

    def __init__(
        self,
        authorities: Authorities,
        database: Database,
        clock: Callable[[], datetime],
        lasts: timedelta = timedelta(days=1),
    ) -> None:
        """`lasts` is for how long an answer may be believed."""
        self._authorities = authorities
        self._database = database
        self._clock = clock
        self._lasts = lasts
        self._issuers = authorities.issuers
        self._lists = {list_name(issuer.certificate): issuer for issuer in self._issuers}

    async def respond(self, request: bytes) -> bytes:
        """Return the OCSP answer (DER) to a request (DER), as the authority that the request names.

        "Unauthorized" if it is none of ours.
        """
        question = read_question(request)
        if question is None:
            return refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        issuer = next((one for one in self._issuers if Responder.of(one).is_asked(question)), None)
        if issuer is None:
            return refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        known = await self._known(issuer, question.serial_number)
        responder = Responder.of(issuer, self._lasts)
        return await asyncio.to_thread(responder.respond, request, lambda _: known, self._clock())

    def lists(self) -> dict[str, Authority]:
        """Return whose lists of revoked certificates there are, by the name in the address."""
        return self._lists

    async def list_of(self, name: str) -> bytes | None:
        """Return a list of revoked certificates (DER); None if there is no such authority."""
        issuer = self._lists.get(name)
        if issuer is None:
            return None
        number = records.issuer_of(issuer.certificate)
        revoked = await self._database.read(lambda db: records.revoked(db, number))
        return await asyncio.to_thread(revocation_list, issuer, revoked, self._clock())

    async def _known(self, issuer: Authority, serial_number: int) -> Known | None:
        in_directory = self._authorities.has_issued(issuer.certificate, serial_number)
        number = records.issuer_of(issuer.certificate)
        return await self._database.read(
            lambda db: records.known(db, number, serial_number, is_in_directory=in_directory)
        )
