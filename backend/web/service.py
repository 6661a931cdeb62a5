"""What requests are served with."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend.db.engine import Database
from backend.pki.audit import Wanted
from backend.pki.responders import Responders
from backend.sessions.tariffs import Tariffs
from backend.web.ports import CertificateControl, RemoteControl
from backend.web.problems import UNAUTHORIZED, ProblemError

_REALM = 'Bearer realm="chargehand"'
_bearer = HTTPBearer(auto_error=False, description="the content of the file that [api] token_file names")


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the backend behind the REST interface."""

    database: Database
    remote: RemoteControl
    token: str
    tariffs: Tariffs
    certificates: CertificateControl
    responders: Responders | None = None
    """Who answers for our own certificates; None: there are none."""
    wanted: tuple[Wanted, ...] = ()
    """The roots that charging stations should have."""


def service_of(request: Request) -> Service:
    """Return what the request is served with."""
    service: Service = request.state.service
    return service


Served = Annotated[Service, Depends(service_of)]


async def authenticated(
    service: Served, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Let nobody in without the token (RFC 6750)."""
    if credentials is None:
        raise ProblemError(
            UNAUTHORIZED,
            "Send the header Authorization: Bearer <token>; the token is in the file that "
            "[api] token_file of the configuration names.",
            {"WWW-Authenticate": _REALM},
        )
    if not hmac.compare_digest(credentials.credentials.encode(), service.token.encode()):
        raise ProblemError(
            UNAUTHORIZED,
            "This is not the token in the file that [api] token_file of the configuration names.",
            {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
        )
