"""Certificates at stations over REST: what stations refuse, and what cannot be asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from certs.hashing import hash_data
from certs.pem import read_one
from tests.unit.backend.pki.test_over_ocpp import running
from tests.unit.backend.running import Backend, Charger, charger

PATH = "charging-stations/CS-1/certificates"
NOTHING = {"status": "NotFound"}


@pytest.fixture
async def with_pki(tmp_path: Path, pki_directory: Path) -> AsyncIterator[Backend]:
    async with running(tmp_path, pki_directory) as made:
        await made.add_station("CS-1")
        yield made


@asynccontextmanager
async def answering(backend: Backend, **answers: Any) -> AsyncIterator[Charger]:
    async with charger(backend) as station:
        station.answers = answers
        serving = asyncio.create_task(station.serve())
        try:
            yield station
        finally:
            serving.cancel()
            await asyncio.wait([serving])


async def post(backend: Backend, path: str, body: Any, status: int) -> dict[str, Any]:
    answer = await backend.request("POST", path, json=body)
    assert answer.status_code == status, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_a_root_of_ones_own_choice(with_pki: Backend, pki_directory: Path) -> None:
    pem = (pki_directory / "oem-2/root.pem").read_text()
    async with answering(with_pki, InstallCertificate={"status": "Accepted"}) as station:
        body = {"type": "V2GRootCertificate", "certificate": pem}
        assert await post(with_pki, PATH, body, 200) == {"done": ["DC=OEM,O=Example,CN=OEM Root 2"]}
    assert station.asked == [
        ("InstallCertificate", {"certificateType": "V2GRootCertificate", "certificate": pem})
    ]


async def test_a_station_that_refuses(with_pki: Backend) -> None:
    answers = {
        "GetInstalledCertificateIds": NOTHING,
        "InstallCertificate": {"status": "Rejected", "statusInfo": {"reasonCode": "Full"}},
        "DeleteCertificate": {"status": "NotFound"},
        "TriggerMessage": {"status": "NotImplemented"},
    }
    async with answering(with_pki, **answers):
        refused = await post(with_pki, PATH, {"type": "CSMSRootCertificate"}, 409)
        assert refused["detail"].startswith("CS-1 answers Rejected (Full).")
        name = {
            "hash_algorithm": "SHA256",
            "issuer_name_hash": "aa",
            "issuer_key_hash": "bb",
            "serial_number": "1",
        }
        gone = await post(with_pki, f"{PATH}/delete", name, 409)
        assert "NotFound (it gives no reason)" in gone["detail"]
        unable = await post(with_pki, f"{PATH}/renew", {"type": "Combined"}, 409)
        assert "NotImplemented" in unable["detail"]


async def test_a_station_that_has_what_it_should(with_pki: Backend, pki_directory: Path) -> None:
    roots = {
        "CSMSRootCertificate": ["csms"],
        "V2GRootCertificate": ["v2g-2", "v2g-20"],
        "MORootCertificate": ["mo-2", "mo-20"],
        "ManufacturerRootCertificate": ["manufacturer"],
    }
    chains = []
    for kind, folders in roots.items():
        for folder in folders:
            root = read_one((pki_directory / folder / "root.pem").read_text())
            named = hash_data(root, root)
            data = {
                "hashAlgorithm": named.algorithm,
                "issuerNameHash": named.issuer_name_hash,
                "issuerKeyHash": named.issuer_key_hash,
                "serialNumber": named.serial_number,
            }
            chains.append({"certificateType": kind, "certificateHashData": data})
    installed = {"status": "Accepted", "certificateHashDataChain": chains}
    async with answering(with_pki, GetInstalledCertificateIds=installed):
        assert (await with_pki.get(PATH))["is_in_order"] is True
        assert await post(with_pki, PATH, {"type": "V2GRootCertificate"}, 200) == {"done": []}


async def test_what_cannot_be_asked(with_pki: Backend) -> None:
    offline = await post(with_pki, f"{PATH}/renew", {"type": "V2GCertificate"}, 409)
    assert "not connected" in offline["detail"]
    await post(with_pki, "charging-stations/NONE/certificates", {"type": "V2GRootCertificate"}, 404)
    wrong = await post(with_pki, PATH, {"type": "V2GRootCertificate", "certificate": "x"}, 422)
    assert "it is one certificate in PEM" in wrong["detail"]
    await post(with_pki, PATH, {"type": "OEMRootCertificate"}, 422)
