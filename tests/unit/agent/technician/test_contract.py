from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from agent.cli import main
from agent.system.control import ControlServer
from certs.csr import Subject, new_key
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from tests.conformance.contracts import EMAID, Operator
from tests.unit.agent.station_file import write


def _nameless() -> bytes:
    """Return a certificate whose subject has no common name."""
    root = Authority.root(Subject(common_name="Root", organization="MO"))
    return write_bundle((root.certify(x509.Name([]), new_key().public_key(), Terms()),)).encode()


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, ["contract", *arguments])


async def test_a_file_with_a_contract_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Mapping[str, Any]] = []

    async def contract(request: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(request)
        is_accepted = request["emaid"] == EMAID
        running = "TX-1" if request["evse"] == 1 else None
        return {"accepted": is_accepted, "why": "Invalid", "evse": request["evse"], "transaction": running}

    chain, config = Operator.new().chain, ("--config", str(write(tmp_path)))
    (tmp_path / "contract.pem").write_text(chain, "ascii")
    file = str(tmp_path / "contract.pem")
    async with ControlServer(tmp_path / "agent.sock", {"contract": contract}).listening():
        assert await run(file, "--evse", "1", *config) == 0
        assert capsys.readouterr().out == f"contract {EMAID} accepted on EVSE 1, transaction TX-1\n"
        assert await run(file, "--evse", "2", *config) == 0
        assert capsys.readouterr().out == f"contract {EMAID} accepted on EVSE 2\n"
        assert await run(file, "--evse", "1", "--emaid", "OTHER", *config) == 1
        assert capsys.readouterr().err == "refused: Invalid\n"
    assert asked[0] == {"do": "contract", "evse": 1, "emaid": EMAID, "chain": chain}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "No such file"),
        (b"\x30\x82\xff", "not PEM"),
        (b"hello", "there is no PEM certificate in it; from DER it is made with: openssl"),
        (_nameless(), "give it with --emaid"),
    ],
)
async def test_a_file_that_is_no_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, problem: str
) -> None:
    file = tmp_path / "contract.pem"
    if content is not None:
        file.write_bytes(content)
    assert await run(str(file), "--evse", "1", "--config", str(write(tmp_path))) == 1
    assert problem in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["contract", "--help"])
    assert "chargehand-agent contract --evse 1 build/pki/mo-2/contract.pem" in capsys.readouterr().out
