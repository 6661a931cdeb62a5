"""The backend as a process on SQLite, its command line, its REST interface, and a look into its database."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.stack import forked
from tests.stack.forked import fork
from tests.stack.process import Launch, Process

TARIFF: dict[str, Any] = {
    "id": "DAY",
    "country_code": "DE",
    "party_id": "CHH",
    "currency": "EUR",
    "elements": [
        {
            "price_components": [
                {"type": "FLAT", "price": 0.35, "vat": 19.0, "step_size": 1},
                {"type": "ENERGY", "price": 0.42, "vat": 19.0, "step_size": 1},
                {"type": "PARKING_TIME", "price": 3.00, "vat": 19.0, "step_size": 60},
            ]
        }
    ],
    "last_updated": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTransaction:
    """A transaction as the database holds it; events in the order of their seqNo."""

    transaction_id: str
    seq_nos: list[int]
    kinds: list[str]
    energy_wh: int | None
    cdr_energy_wh: int | None

    @property
    def has_cdr(self) -> bool:
        """Whether it was rated."""
        return self.cdr_energy_wh is not None


class BackendProcess(Process):
    """`chargehand-backend serve` with everything in one directory."""

    def __init__(self, directory: Path, *, launch: Launch = fork, more_config: str = "") -> None:
        """Prepare; `more_config` are sections that the configuration file has besides."""
        self._config = directory / "backend.toml"
        self._database = directory / "chargehand.db"
        self._token_file = directory / "api-token"
        self._more_config = more_config
        self.ocpp_port = 0
        self.api_url = ""
        self.api_port = 0
        super().__init__(
            "backend.cli", ["serve", "--config", str(self._config)], directory / "backend.log", launch
        )

    @property
    def ocpp_url(self) -> str:
        """Where stations connect."""
        return f"ws://127.0.0.1:{self.ocpp_port}/ocpp"

    @property
    def database(self) -> Path:
        """The database file."""
        return self._database

    async def prepare(self, stations: Mapping[str, str], tokens: Sequence[str]) -> None:
        """Make an operator: database, stations with passwords, tokens, and a tariff for all."""
        self._write_config()
        await self.command("init")
        for station_id, password in stations.items():
            await self.command("station", "add", station_id, "--password", password)
        for token in tokens:
            await self.command("token", "add", token)
        tariff = self._config.with_name("tariff.json")
        tariff.write_text(json.dumps(TARIFF), "utf-8")
        await self.command("tariff", "set", str(tariff))

    async def command(self, *arguments: str) -> str:
        """Run a `chargehand-backend` command and return what it printed.

        Raises:
            AssertionError: If it fails.
        """
        child = await asyncio.create_subprocess_exec(
            *forked.command("backend.cli", *arguments, "--config", str(self._config)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await child.communicate()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        assert child.returncode == 0, f"{arguments}: {output.decode()}"
        return output.decode()

    async def start(self) -> None:
        """Start and wait until it listens; a restart listens on the same ports."""
        await super().start()
        ocpp = await self.wait_for_line("listening ocpp ")
        self.ocpp_port = int(ocpp.rpartition(":")[2].partition("/")[0])
        self.api_url = (await self.wait_for_line("listening api ")).rpartition("listening api ")[2].strip()
        self.api_port = int(self.api_url.rpartition(":")[2])
        self._write_config()

    async def get(self, path: str) -> Any:
        """Return what a GET of the REST interface answers.

        Raises:
            httpx.HTTPError: If it does not, or not with success.
        """
        return await self._call("GET", path)

    async def post(self, path: str, body: Any) -> Any:
        """Return what a POST of the REST interface answers; raises as `get` does."""
        return await self._call("POST", path, json=body)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._token_file.read_text('utf-8').strip()}"}
        base = f"{self.api_url}/api/v1/"
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=30) as client:
            answer = await client.request(method, path, **more)
            answer.raise_for_status()
            return answer.json()

    def transactions(self, station_id: str) -> list[StoredTransaction]:
        """Return every transaction of a station, oldest first."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT t.id, t.transaction_id, t.meter_last_wh - t.meter_start_wh, c.energy_wh "
                "FROM transactions t JOIN charging_stations s ON s.id = t.station_id "
                "LEFT JOIN cdrs c ON c.transaction_ref = t.id WHERE s.identity = ? ORDER BY t.id",
                (station_id,),
            ).fetchall()
            return [_transaction(database, *row) for row in rows]

    def _write_config(self) -> None:
        directory = self._config.parent
        self._config.write_text(
            f"""\
[database]
url = "sqlite+aiosqlite:///{self._database}"

[ocpp]
host = "127.0.0.1"
port = {self.ocpp_port}

[api]
host = "127.0.0.1"
port = {self.api_port}
token_file = "{directory / "api-token"}"

[cpo]
country_code = "DE"
party_id = "CHH"
currency = "EUR"
time_zone = "Europe/Berlin"
{self._more_config}
""",
            "utf-8",
        )


def _transaction(
    database: sqlite3.Connection, row_id: int, transaction_id: str, energy_wh: int | None, cdr_wh: int | None
) -> StoredTransaction:
    events = database.execute(
        "SELECT seq_no, event_type FROM transaction_events WHERE transaction_ref = ? ORDER BY seq_no",
        (row_id,),
    ).fetchall()
    return StoredTransaction(
        transaction_id=transaction_id,
        seq_nos=[seq_no for seq_no, _ in events],
        kinds=[kind for _, kind in events],
        energy_wh=energy_wh,
        cdr_energy_wh=cdr_wh,
    )
