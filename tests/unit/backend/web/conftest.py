from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from backend.csms.certificates import StationCertificates
from backend.csms.registry import Registry
from backend.db.engine import Database
from backend.web.api import Interface, application, create_api
from tests.unit.backend.web.stations import ConnectedStations

TOKEN = "the-token-of-this-test"


class Client:
    """Calls the interface, and holds every answer against its own OpenAPI description."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, status: int = 200) -> Any:
        return self.checked(await self.http.get(path), status)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.checked(await self.http.post(path, json=body), status)

    def checked(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        media_type = "application/json" if status < 400 else "application/problem+json"
        assert answer.headers["content-type"] == media_type
        document = application().openapi()
        method = answer.request.method.lower()
        described = self._path(document, answer.request.url.path)[method]["responses"][str(status)]
        schema = described["content"][media_type]["schema"] | {"components": document["components"]}
        body = answer.json()
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)
        return body

    @staticmethod
    def _path(document: dict[str, Any], path: str) -> dict[str, Any]:
        parts = path.split("/")
        for template, described in document["paths"].items():
            wanted = template.split("/")
            if len(wanted) == len(parts) and all(
                each.startswith("{") or each == part for each, part in zip(wanted, parts, strict=True)
            ):
                found: dict[str, Any] = described
                return found
        raise AssertionError(f"{path} is not described")


def certificates_of(database: Database) -> StationCertificates:
    """Return the commands about certificates to stations of which none is connected."""
    return StationCertificates(Registry(), database, lambda: datetime.now(UTC))


@pytest.fixture
def stations() -> ConnectedStations:
    return ConnectedStations()


@pytest.fixture
def api(database: Database, stations: ConnectedStations) -> Interface:
    return create_api(database=database, remote=stations, certificates=certificates_of(database), token=TOKEN)


@pytest.fixture
async def client(api: Interface) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=api),
        base_url="http://backend",
        headers={"Authorization": f"Bearer {TOKEN}"},
    ) as http:
        yield Client(http)
