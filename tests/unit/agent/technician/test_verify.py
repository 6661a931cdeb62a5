"""`chargehand-agent verify`, with records of an emulated meter's signer."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from pathlib import Path

import pytest

from agent.cli import main
from drivers.emulated.signing.record import MeterReading, payload, record
from drivers.emulated.signing.signer import make_signer

SIGNER = make_signer("secp256r1")
READING = MeterReading(
    time="2021-01-01T10:00:27,000+0100 S", reason="E", value=Decimal("12345.600"), unit="kWh"
)
TEXT = record(payload({"PG": "T7", "MS": "0042", "ID": "04A2B3"}, [READING]), SIGNER)
KEY = SIGNER.public_der.hex()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reading.ocmf"
    path.write_text(TEXT + "\n", "utf-8")
    return path


def test_a_genuine_reading_is_shown_and_judged(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(file), "--key", KEY]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "meter        0042",
        "transaction  T7",
        "driver       04A2B3",
        "reading      E  2021-01-01T10:00:27,000+0100 S  12345.600 kWh  1-0:1.8.0*255",
        "signed with  ECDSA-secp256r1-SHA256",
        "verdict      genuine: signed on secp256r1 with the private half of this key",
    ]


def test_the_key_may_be_in_a_file_and_the_reading_in_base64_on_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "meter.key"
    key.write_text(base64.b64encode(SIGNER.public_der).decode() + "\n", "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(base64.encodebytes(TEXT.encode()).decode()))
    assert main(["verify", "-", "--key", str(key)]) == 0


def test_a_changed_reading_is_not_genuine(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(TEXT.replace("12345.600", "12345.601"), "utf-8")
    assert main(["verify", str(file), "--key", KEY]) == 1
    assert "verdict      not genuine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "says"),
    [([], "none: give the meter's public key"), (["--key", "no key!"], "key unusable: the key is neither")],
)
def test_without_a_key_that_fits_nothing_is_judged(
    file: Path, capsys: pytest.CaptureFixture[str], key: list[str], says: str
) -> None:
    assert main(["verify", str(file), *key]) == 3
    assert f"verdict      {says}" in capsys.readouterr().out


def test_what_is_no_reading_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("hello", "utf-8")
    assert main(["verify", str(file), "--key", KEY]) == 1
    assert "no signed reading: the text is not OCMF|payload|signature" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "nothing"), "--key", KEY]) == 66
    assert "cannot be read" in capsys.readouterr().err
