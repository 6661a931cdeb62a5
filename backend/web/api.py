"""The REST interface as an ASGI application."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from backend.db.engine import Database
from backend.pki.assembly import Pki
from backend.pki.audit import wanted
from backend.sessions.tariffs import Tariffs
from backend.web import (
    cdrs,
    certificates,
    charging_stations,
    health,
    pki,
    problems,
    sessions,
    tariffs,
    tokens,
)
from backend.web.ports import CertificateControl, RemoteControl
from backend.web.problems import Problem
from backend.web.service import Service, authenticated

VERSION = "1"

_DESCRIPTION = """\
Charging stations, sessions and CDRs of an operator, and remote start and stop.

**Access.** Every request but `/health` and `/pki` carries `Authorization: Bearer <token>`; the token is in
the file that `[api] token_file` of the configuration names.

**Lists** are `{"items": [...], "next": "..."}`, the newest first unless stated; `next` is the path of the
next page with the same filters, or null. `limit` (1 to 100, 50 if left out) and `offset` choose a page.

**Numbers.** Energy is integer Wh, power integer W. Money is a string with an exact decimal. OCPI documents
(CDRs and tariffs) are answered as they are stored: money and kWh are JSON numbers there, with every digit.
Times are RFC 3339 in UTC.

**Certificates' statuses**, for anybody: OCSP at `/pki/ocsp` (RFC 6960, POST and GET), lists of revoked ones
at `/pki/crl/<first 16 digits of the issuer's key hash>.crl`.

**Errors** are problem details (RFC 9457); `detail` says what to do next.
"""

_TAGS = [
    {"name": "charging stations", "description": "What a driver would find, and remote start"},
    {"name": "sessions", "description": "Who charges, what it costs so far, and remote stop"},
    {"name": "CDRs", "description": "Rated charge detail records (OCPI 2.2.1)"},
    {"name": "certificates", "description": "Roots at charging stations, and the status of certificates"},
    {"name": "tokens", "description": "Who may charge"},
    {"name": "tariffs", "description": "What it costs (OCPI 2.2.1)"},
    {"name": "health", "description": "Whether the backend works"},
]

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No valid access token"},
    422: {"model": Problem, "description": "The request is not understood"},
    503: {"model": Problem, "description": "The database cannot be used"},
}


class Api(FastAPI):
    """An application whose description gives problems their media type, and examples their nulls."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            document = super().openapi()
            for path in document["paths"].values():
                for operation in path.values():
                    _name_problems(operation["responses"])
            _restore_nulls(document["components"]["schemas"])
        return super().openapi()


class Interface:
    """The REST interface of one backend: the application, and what it serves with."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection as ASGI has it."""
        await application()({**scope, "state": {"service": self._service}}, receive, send)


def create_api(
    *,
    database: Database,
    remote: RemoteControl,
    certificates: CertificateControl,
    token: str,
    pki: Pki | None = None,
) -> Interface:
    """Return the interface. `token` is what callers have to show."""
    responders = None if pki is None else pki.responders
    should = () if pki is None else wanted(pki.authorities)
    return Interface(Service(database, remote, token, Tariffs(), certificates, responders, should))


@cache
def application() -> Api:
    """Return the routes and their description, which are the same for all."""
    api = Api(
        title="chargehand backend",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    protected = APIRouter(prefix="/api/v1", dependencies=[Depends(authenticated)], responses=_PROBLEMS)
    for module in (charging_stations, certificates, sessions, cdrs, tokens, tariffs):
        protected.include_router(module.router)
    api.include_router(protected)
    api.include_router(pki.router)
    api.include_router(health.router, responses={503: _PROBLEMS[503]})
    api.include_router(problems.router, prefix=problems.PROBLEMS, responses={422: _PROBLEMS[422]})
    problems.install(api)
    return api


def _name_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if not status.startswith("2"):
            response["content"] = {problems.MEDIA_TYPE: response["content"]["application/json"]}


def _restore_nulls(schemas: dict[str, Any]) -> None:
    """Put the examples back as they were written: FastAPI leaves out members that are null."""
    for model in (charging_stations.ChargingStation, sessions.Session, tokens.Token):
        schemas[model.__name__]["examples"] = model.model_json_schema()["examples"]


def _operation_id(route: APIRoute) -> str:
    return route.name
