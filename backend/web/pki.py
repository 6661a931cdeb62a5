"""What the operator's authorities say of their certificates, for anybody: OCSP (RFC 6960), lists (RFC 5280).

Nothing here is secret, and nobody who asks has a token: chargers, vehicles and other operators do. Bodies are
what those standards say, so that the REST interface's description leaves them out.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from backend.pki.responders import Responders
from backend.web.problems import INVALID_REQUEST, NOT_FOUND, ProblemError
from backend.web.service import Served, Service

MOST_BYTES = 4_096
"""Of a question; real ones have about a hundred."""
OCSP_TYPE = "application/ocsp-response"
CRL_TYPE = "application/pkix-crl"

router = APIRouter(prefix="/pki", include_in_schema=False)


@router.post("/ocsp")
async def ask_status(service: Served, request: Request) -> Response:
    """What is known of a certificate: the body is an OCSP request (DER). Needs no token."""
    responders = _responders(service)
    question = bytearray()
    async for part in request.stream():
        question += part
        if len(question) > MOST_BYTES:
            raise ProblemError(INVALID_REQUEST, f"an OCSP request has at most {MOST_BYTES} bytes here")
    return Response(await responders.respond(bytes(question)), media_type=OCSP_TYPE)


@router.get("/ocsp/{question:path}")
async def get_status(
    service: Served, question: Annotated[str, Path(description="an OCSP request, DER in base64")]
) -> Response:
    """What is known of a certificate (RFC 6960, appendix A.1). Needs no token."""
    responders = _responders(service)
    try:
        der = base64.b64decode(question[:MOST_BYTES], validate=True)
    except (binascii.Error, ValueError):
        raise ProblemError(INVALID_REQUEST, "after /pki/ocsp/ comes an OCSP request in base64") from None
    return Response(await responders.respond(der), media_type=OCSP_TYPE)


@router.get("/crl/{name}.crl")
async def get_revocation_list(
    service: Served, name: Annotated[str, Path(description="the beginning of the issuer's key hash")]
) -> Response:
    """An authority's list of revoked certificates (DER). Needs no token."""
    found = await _responders(service).list_of(name)
    if found is None:
        raise ProblemError(NOT_FOUND, f"No authority here has a list called {name}.")
    return Response(found, media_type=CRL_TYPE)


def _responders(service: Service) -> Responders:
    if service.responders is None:
        raise ProblemError(NOT_FOUND, "This backend has no authorities: the configuration has no [pki].")
    return service.responders
