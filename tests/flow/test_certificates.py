"""A station's roots and certificates, agent and backend in real processes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.chains import validate
from certs.development.hierarchies import Wishes
from certs.development.writing import write_pki
from certs.pem import read_bundle
from certs.profiles import CHARGING_STATION, SECC, Profile
from drivers.emulated.bay import EmulatedBay
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import BackendProcess

STATION_ID = "CH-PKI-1"
PATIENCE_S = 40.0
CERTIFICATES = f"charging-stations/{STATION_ID}/certificates"


@dataclass
class Stack:
    """An agent on a bay, a backend with authorities, and where these are."""

    agent: AgentProcess
    backend: BackendProcess
    pki: Path
    vault: Path

    async def renew(self, kind: str) -> None:
        assert await self.backend.post(f"{CERTIFICATES}/renew", {"type": kind}) == {"done": [kind]}

    def requests(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(f"file:{self.backend.database}?mode=ro", uri=True)) as database:
            return database.execute("SELECT type, status FROM certificate_requests ORDER BY id").fetchall()

    async def until_delivered(self, *kinds: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.requests() != [(kind, "Delivered") for kind in kinds]:
                await asyncio.sleep(0.05)

    def holds(self, purpose: str, root: str, profile: Profile) -> None:
        """Check the newest identity in the station's vault as its counterpart would."""
        [file] = self.vault.glob(f"identity-{purpose}-*.pem")
        text = file.read_text()
        chain = read_bundle(text[text.index("-----BEGIN CERTIFICATE") :])
        roots = read_bundle((self.pki / root / "root.pem").read_text())
        assert validate(chain, roots, profile, datetime.now(UTC)).is_valid


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    pki = tmp_path / "pki"
    write_pki(pki, Wishes())
    async with EmulatedBay() as bay:
        backend = BackendProcess(tmp_path, more_config=f'[pki]\ndirectory = "{pki}"')
        await backend.prepare(stations={STATION_ID: "a-password-of-16-or-more"}, tokens=[])
        await backend.start()
        agent = AgentProcess(tmp_path)
        spec = StationSpec(
            directory=tmp_path,
            csms_url=backend.ocpp_url,
            station_id=STATION_ID,
            versions=["2.0.1"],
            variables={"SecurityCtrlr.OrganizationName": "Operator"},
        )
        write_station_file(spec, [bay])
        try:
            await agent.start()
            await agent.wait_for_line("registration Accepted")
            yield Stack(agent, backend, pki, tmp_path / "agent-state" / "certificates")
        finally:
            assert await agent.stop() == 0, agent.last_words()
            assert await backend.stop() == 0, backend.last_words()


@pytest.mark.timeout(120)
async def test_roots_are_installed_and_both_certificates_are_renewed(stack: Stack) -> None:
    """A02, A03, M03, M04, M05."""
    before = await stack.backend.get(CERTIFICATES)
    assert {root["verdict"] for root in before["roots"]} == {"missing"}
    for kind in ("CSMSRootCertificate", "V2GRootCertificate", "MORootCertificate"):
        await stack.backend.post(CERTIFICATES, {"type": kind})
    after = await stack.backend.get(CERTIFICATES)
    by_verdict = {root["subject"]: root["verdict"] for root in after["roots"]}
    assert by_verdict["O=Example,CN=CSMS Root"] == "present"
    assert by_verdict["DC=V2G,O=Example,CN=V2G Root 2"] == "present"
    assert by_verdict["O=Example,CN=Manufacturer Root"] == "missing"
    said = await stack.backend.command("pki", "renew", STATION_ID, "ChargingStationCertificate")
    assert said.startswith(f"{STATION_ID}: makes a new key")
    await stack.until_delivered("ChargingStationCertificate")
    await stack.agent.wait_for_line("registration Accepted")
    stack.holds("client", "csms", CHARGING_STATION)
    await stack.renew("V2GCertificate")
    await stack.until_delivered("ChargingStationCertificate", "V2GCertificate")
    stack.holds("secc", "v2g-2", SECC)
    unwanted = next(root for root in after["roots"] if root["subject"].endswith("MO Root 20"))
    assert await stack.backend.post(f"{CERTIFICATES}/delete", unwanted["certificate"]) == {
        "done": [unwanted["certificate"]["serial_number"]]
    }
    assert "installed DC=MO,O=Example,CN=MO Root 20" in await stack.backend.command(
        "pki", "install", STATION_ID, "MORootCertificate"
    )
    number = unwanted["certificate"]["serial_number"]
    said = await stack.backend.command("pki", "delete", STATION_ID, number)
    assert said.strip() == f"{STATION_ID}: deleted DC=MO,O=Example,CN=MO Root 20"
    asked = json.loads(await stack.backend.command("pki", "audit", STATION_ID, "--json"))
    missing = {root["subject"] for root in asked if root["verdict"] == "missing"}
    assert missing == {"O=Example,CN=Manufacturer Root", "DC=MO,O=Example,CN=MO Root 20"}
    known = json.loads(await stack.backend.command("pki", "audit", "--json"))
    assert {(row["station"], row["root"]) for row in known} == {(STATION_ID, name) for name in missing}
    log = await stack.backend.command("pki", "log")
    for what in ("installation", "deletion", "renewal", "delivered"):
        assert what in log


@pytest.mark.timeout(120)
async def test_a_backend_that_is_killed_owes_nobody_a_certificate(stack: Stack) -> None:
    """What it acknowledged is certified and delivered when it is back."""
    for kind in ("CSMSRootCertificate", "V2GRootCertificate"):
        await stack.backend.post(CERTIFICATES, {"type": kind})
    await stack.renew("V2GCertificate")
    async with asyncio.timeout(PATIENCE_S):
        while not stack.requests():
            await asyncio.sleep(0.001)
    await stack.backend.kill()
    await stack.backend.start()
    await stack.until_delivered("V2GCertificate")
    stack.holds("secc", "v2g-2", SECC)
