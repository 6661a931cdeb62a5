"""Access, errors and the OpenAPI description."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import Connection

from backend.csms.certificates import StationCertificates
from backend.csms.registry import Registry
from backend.db.engine import Database
from backend.db.tables import metadata
from backend.web.api import application, create_api
from backend.web.problems import KINDS
from tests.unit.backend import seed
from tests.unit.backend.web.conftest import TOKEN, Client
from tests.unit.backend.web.stations import ConnectedStations

PROTECTED = [
    ("GET", "/api/v1/charging-stations"),
    ("GET", "/api/v1/charging-stations/CS-1"),
    ("POST", "/api/v1/charging-stations/CS-1/evses/1/start"),
    ("GET", "/api/v1/charging-stations/CS-1/certificates"),
    ("POST", "/api/v1/charging-stations/CS-1/certificates"),
    ("POST", "/api/v1/charging-stations/CS-1/certificates/delete"),
    ("POST", "/api/v1/charging-stations/CS-1/certificates/renew"),
    ("GET", "/api/v1/sessions"),
    ("GET", "/api/v1/sessions/x"),
    ("POST", "/api/v1/sessions/x/stop"),
    ("GET", "/api/v1/cdrs"),
    ("GET", "/api/v1/cdrs/x"),
    ("GET", "/api/v1/tokens"),
    ("GET", "/api/v1/tariffs"),
]
OPEN = {"/health", "/api/v1/problems/{name}"}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What is tested here does not depend on the kind of database."""
    return sqlite


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="chargehand"'),
        ("Basic dXNlcjpwYXNz", 'Bearer realm="chargehand"'),
        ("Bearer", 'Bearer realm="chargehand"'),
        (f"Bearer {TOKEN}x", 'Bearer realm="chargehand", error="invalid_token"'),
        (f"Bearer {TOKEN[:-1]}", 'Bearer realm="chargehand", error="invalid_token"'),
        ("Bearer t\u00f6ken", 'Bearer realm="chargehand", error="invalid_token"'),
    ],
)
async def test_nobody_gets_in_without_the_token(
    client: Client, authorization: str | None, challenge: str
) -> None:
    """RFC 6750: 401 with a challenge; the error only where a token was shown."""
    del client.http.headers["Authorization"]
    headers = [] if authorization is None else [(b"Authorization", authorization.encode())]
    for method, path in PROTECTED:
        answer = await client.http.request(method, path, headers=headers)
        assert answer.headers["WWW-Authenticate"] == challenge
        problem = client.checked(answer, 401)
        assert "token_file" in problem["detail"]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_everything_else_is_protected() -> None:
    """A new path must be added to the list above, or be open on purpose."""
    described = list(operations(application().openapi()))
    assert {path for path, _, operation in described if not operation.get("security")} == OPEN
    assert len([path for path, _, _ in described if path not in OPEN]) == len(PROTECTED)


async def test_health_needs_no_token(client: Client) -> None:
    del client.http.headers["Authorization"]
    assert await client.get("/health") == {"status": "ok"}


async def test_health_fails_with_the_database(
    client: Client, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def drop(db: Connection) -> None:
        metadata.drop_all(db)

    await database.write(drop)
    with caplog.at_level(logging.ERROR):
        problem = await client.get("/health", 503)
    assert problem["type"] == "/api/v1/problems/database-unavailable"
    assert "the database failed" in caplog.text
    assert (await client.get("/api/v1/sessions", 503))["status"] == 503


async def test_paths_and_methods_that_are_not_there(client: Client) -> None:
    absent = await client.http.get("/api/v1/nothing")
    assert absent.status_code == 404
    assert absent.headers["content-type"] == "application/problem+json"
    assert "/api/v1/openapi.json" in absent.json()["detail"]
    wrong = await client.http.delete("/api/v1/cdrs")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert wrong.json()["type"] == "/api/v1/problems/method-not-allowed"


async def test_a_body_that_is_no_json(client: Client) -> None:
    answer = await client.http.post("/api/v1/charging-stations/CS-1/evses/1/start", content=b"{")
    assert client.checked(answer, 422)["errors"]


async def test_types_of_problems_are_explained(client: Client) -> None:
    for name, kind in KINDS.items():
        assert await client.get(f"/api/v1/problems/{name}") == {
            "type": f"/api/v1/problems/{name}",
            "status": kind.status,
            "title": kind.title,
        }
    await client.get("/api/v1/problems/none", 404)


async def test_an_error_of_ours_is_a_problem_and_tells_no_secret(database: Database) -> None:
    class Broken(ConnectedStations):
        def is_connected(self, identity: str) -> bool:
            raise RuntimeError(f"secret {identity}")

    await database.write(seed.station)
    certificates = StationCertificates(Registry(), database, lambda: seed.NOW)
    api = create_api(database=database, remote=Broken(), certificates=certificates, token=TOKEN)
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
        answer = await http.get("/api/v1/charging-stations", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


async def test_the_description_is_served_without_a_token(client: Client) -> None:
    del client.http.headers["Authorization"]
    assert (await client.http.get("/api/v1/openapi.json")).json() == application().openapi()


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_description_is_whole() -> None:
    document = application().openapi()
    assert document["openapi"].startswith("3.1.")
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    assert {reference.rpartition("/")[2] for reference in references(document)} == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, operation in operations(document):
        assert set(operation["tags"]) <= tags
        assert operation["description"]
        declared = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert declared == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_errors_are_described_as_problem_details() -> None:
    """RFC 9457."""
    for path, method, operation in operations(application().openapi()):
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                assert list(response["content"]) == ["application/json"], (path, method)
            else:
                assert response["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }, (path, method)


def test_examples_are_examples_of_what_they_stand_at() -> None:
    document = application().openapi()
    seen = 0
    for name, schema in document["components"]["schemas"].items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        for example in schema.get("examples", []):
            Draft202012Validator(whole, format_checker=FormatChecker()).validate(example)
            seen += 1
        for member in schema.get("properties", {}).values():
            for example in member.get("examples", []):
                Draft202012Validator(member | {"components": document["components"]}).validate(example)
    assert seen >= 5
