"""The backend under TransactionEvents, on disk before they are answered, beside servers without a disk.

All three in one run, in turns, with the same load from a process of its own; the best turn of each counts,
since whatever else the machine does can only slow one down.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from backend.csms.passwords import hash_password
from backend.db.engine import Database
from backend.db.tables import charging_stations, locations, transaction_events
from tests.bench.row import Row
from tests.stack.backend import BackendProcess
from tests.stack.process import Process, execute

CONNECTIONS = 50
TURNS = 4
MESSAGES = {"echo": 300, "backend": 200, "router": 16}
"""Per connection and turn: a second or two of each."""
LOAD_TIMEOUT_S = 120
PASSWORD = "a-password-for-the-load"
ROUTER_GOAL = 8.0
ECHO_GOAL = 0.4


@dataclass(frozen=True, slots=True)
class Turn:
    """What the load measured in one turn."""

    per_s: float
    p50_ms: float
    p99_ms: float
    errors: int


async def rows() -> list[Row]:
    """Measure the three servers."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {name: await _rival(stack, directory, name) for name in ("echo", "router")}
        backend = await _backend(stack, directory)
        urls["backend"] = backend.ocpp_url
        best = await _best(urls)
        stored = await _stored(backend.database)
    sent = TURNS * CONNECTIONS * MESSAGES["backend"]
    if best["backend"].errors or stored != sent:
        raise AssertionError(f"{sent} events sent, {stored} stored, {best['backend'].errors} refused")
    return _rows(best["backend"], best["router"], best["echo"])


def _rows(backend: Turn, router: Turn, echo: Turn) -> list[Row]:
    what = f"TransactionEvents committed to SQLite, {CONNECTIONS} connections"
    to_router, to_echo = backend.per_s / router.per_s, backend.per_s / echo.per_s
    return [
        Row(
            what,
            backend.per_s,
            "/s",
            f"ocpp package's router, nothing stored: {router.per_s:.0f}/s",
            to_router,
            f"at least {ROUTER_GOAL:.0f} times",
            to_router >= ROUTER_GOAL,
        ),
        Row(
            what,
            backend.per_s,
            "/s",
            f"bare websockets echo: {echo.per_s:.0f}/s",
            to_echo,
            f"at least {ECHO_GOAL} of it",
            to_echo >= ECHO_GOAL,
        ),
        Row(
            f"{what}: p99 latency",
            backend.p99_ms,
            "ms",
            f"echo {echo.p99_ms:.1f} ms, router {router.p99_ms:.1f} ms",
            backend.p99_ms / router.p99_ms,
            "below the router's",
            backend.p99_ms < router.p99_ms,
        ),
    ]


async def _best(urls: Mapping[str, str]) -> dict[str, Turn]:
    turns: dict[str, list[Turn]] = {name: [] for name in urls}
    for _ in range(TURNS):
        for name, url in urls.items():
            turns[name].append(await _load(url, name))
    return {name: max(each, key=lambda turn: turn.per_s) for name, each in turns.items()}


async def _load(url: str, name: str) -> Turn:
    arguments = [url, "--connections", str(CONNECTIONS), "--messages", str(MESSAGES[name])]
    if name == "backend":
        arguments += ["--boot", "--password", PASSWORD]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.backend_load", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(LOAD_TIMEOUT_S):
            output, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return Turn(**json.loads(output))


async def _rival(stack: AsyncExitStack, directory: Path, name: str) -> str:
    process = Process("tests.bench.backend_rivals", [name], directory / f"{name}.log")
    await process.start()
    stack.push_async_callback(process.kill)
    return (await process.wait_for_line("listening ")).removeprefix("listening ")


async def _backend(stack: AsyncExitStack, directory: Path) -> BackendProcess:
    backend = BackendProcess(directory, launch=execute)
    await backend.prepare(stations={}, tokens=[])
    database = Database(f"sqlite+aiosqlite:///{backend.database}")
    await database.write(_add_stations)
    await database.close()
    await backend.start()
    stack.push_async_callback(backend.kill)
    return backend


def _add_stations(db: Connection) -> None:
    location = db.execute(select(locations.c.id)).scalars().first()
    hashed = hash_password(PASSWORD, generated=True)
    row = {"password_hash": hashed, "location_id": location, "created_at": datetime.now(UTC)}
    db.execute(insert(charging_stations), [row | {"identity": f"LOAD-{n}"} for n in range(CONNECTIONS)])


async def _stored(file: Path) -> int:
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        return await database.read(lambda db: len(db.execute(select(transaction_events.c.id)).all()))
    finally:
        await database.close()
