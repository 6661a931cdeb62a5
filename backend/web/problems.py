"""Errors as RFC 9457 problem details: what is wrong and what to do next."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PROBLEMS = "/api/v1/problems"
"""Where the types of problems are explained."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem."""

    name: str
    status: HTTPStatus
    title: str

    @property
    def type(self) -> str:
        """The URI reference that names it."""
        return f"{PROBLEMS}/{self.name}"


UNAUTHORIZED = Kind("unauthorized", HTTPStatus.UNAUTHORIZED, "No valid access token")
NOT_FOUND = Kind("not-found", HTTPStatus.NOT_FOUND, "There is no such thing")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "Another method is needed")
INVALID_REQUEST = Kind("invalid-request", HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not understood")
STATION_OFFLINE = Kind("station-offline", HTTPStatus.CONFLICT, "The charging station is not connected")
STATION_REFUSED = Kind("station-refused", HTTPStatus.CONFLICT, "The charging station refuses")
SESSION_ENDED = Kind("session-ended", HTTPStatus.CONFLICT, "The session has ended")
STATION_SILENT = Kind("station-silent", HTTPStatus.GATEWAY_TIMEOUT, "The charging station did not answer")
DATABASE_UNAVAILABLE = Kind(
    "database-unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be used"
)
INTERNAL = Kind("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "The backend made an error")
REQUEST = Kind("bad-request", HTTPStatus.BAD_REQUEST, "The request cannot be processed")

KINDS = {
    kind.name: kind
    for kind in (
        UNAUTHORIZED,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        INVALID_REQUEST,
        STATION_OFFLINE,
        STATION_REFUSED,
        SESSION_ENDED,
        STATION_SILENT,
        DATABASE_UNAVAILABLE,
        INTERNAL,
        REQUEST,
    )
}
_BY_STATUS = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}


class InvalidMember(BaseModel):
    """A part of the request that is wrong."""

    where: Annotated[str, Field(examples=["query.limit"])]
    what: Annotated[str, Field(examples=["Input should be less than or equal to 100"])]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: Annotated[str, Field(examples=[STATION_OFFLINE.type])]
    title: Annotated[str, Field(examples=[STATION_OFFLINE.title])]
    status: Annotated[int, Field(examples=[409])]
    detail: Annotated[
        str,
        Field(
            description="what happened, and what to do next",
            examples=["CH-0001: not connected. Try again when its `online` is true."],
        ),
    ]
    errors: Annotated[list[InvalidMember] | None, Field(description="what is wrong in the request")] = None


class ProblemError(Exception):
    """The request cannot be answered as asked."""

    def __init__(self, kind: Kind, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = headers


ABSENT: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": NOT_FOUND.title}}
"""What asking for one thing can end in besides success."""

router = APIRouter(tags=["health"])


class ProblemKind(BaseModel):
    """What a type of problem means."""

    type: str
    status: int
    title: str


@router.get("/{name}", responses=ABSENT)
async def get_problem_type(name: str) -> ProblemKind:
    """What the type of a problem means. Needs no token."""
    kind = KINDS.get(name)
    if kind is None:
        raise ProblemError(NOT_FOUND, f"No such type of problem; there are: {', '.join(KINDS)}")
    return ProblemKind(type=kind.type, status=int(kind.status), title=kind.title)


def respond(
    kind: Kind,
    detail: str,
    headers: dict[str, str] | None = None,
    errors: list[InvalidMember] | None = None,
) -> Response:
    """Return the response that tells the problem."""
    problem = Problem(type=kind.type, title=kind.title, status=int(kind.status), detail=detail, errors=errors)
    return JSONResponse(
        problem.model_dump(exclude_none=True), int(kind.status), headers=headers, media_type=MEDIA_TYPE
    )


def install(api: FastAPI) -> None:
    """Answer every error of the application with problem details."""
    api.add_exception_handler(ProblemError, _problem)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(DBAPIError, _database)
    api.add_exception_handler(PoolTimeout, _database)
    api.add_exception_handler(Exception, _internal)


async def _problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return respond(error.kind, error.detail, error.headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        InvalidMember(where=".".join(str(part) for part in each["loc"]), what=each["msg"])
        for each in error.errors()
    ]
    return respond(
        INVALID_REQUEST, "Correct what `errors` lists; /api/v1/openapi.json describes it.", errors=errors
    )


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    kind = _BY_STATUS.get(error.status_code, REQUEST)
    detail = f"{request.method} {request.url.path}: see /api/v1/openapi.json for what there is."
    return respond(kind, detail, dict(error.headers or {}))


async def _database(request: Request, error: Exception) -> Response:
    log.error("%s %s: the database failed: %s", request.method, request.url.path, error)
    return respond(DATABASE_UNAVAILABLE, "Try again in a moment; the backend's log says more.")


async def _internal(_request: Request, _error: Exception) -> Response:
    """Answer what nobody foresaw; the server logs the traceback."""
    return respond(INTERNAL, "It is in the backend's log; please report it.")
