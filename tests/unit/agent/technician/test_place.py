from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from agent.technician.errors import TechnicianError
from agent.technician.place import Place, add_line_options, endpoint_for, parse_place
from drivers.modbus.endpoint import DialInEndpoint, Endpoint, SerialEndpoint, TcpEndpoint
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings
from drivers.profiles.load import load_profile


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("/dev/ttyUSB0", Place(scheme="serial", name="/dev/ttyUSB0")),
        ("./port", Place(scheme="serial", name="./port")),
        ("10.0.0.5", Place(scheme="tcp", name="10.0.0.5")),
        ("meter.lan:1502", Place(scheme="tcp", name="meter.lan", port=1502)),
        ("[fe80::1]:502", Place(scheme="tcp", name="fe80::1", port=502)),
        ("rtu+tcp://10.0.0.5:4196", Place(scheme="rtu+tcp", name="10.0.0.5", port=4196)),
        ("tls://meter.lan:802", Place(scheme="tls", name="meter.lan", port=802)),
        ("listen://0.0.0.0:1502", Place(scheme="listen", name="0.0.0.0", port=1502)),
    ],
)
def test_a_bus_is_named_in_one_word(text: str, place: Place) -> None:
    assert parse_place(text) == place


@pytest.mark.parametrize("text", ["", "ftp://h", "h:0", "h:99999", "tcp://h/path", "tcp://", "h:port"])
def test_what_names_no_bus_is_told_what_would(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no bus; expected /dev/ttyX"):
        parse_place(text)


def endpoint(*words: str, profile: str = "eastron-sdm630") -> Endpoint:
    parser = argparse.ArgumentParser()
    add_line_options(parser)
    return endpoint_for(parser.parse_args(words), load_profile(profile))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["/dev/ttyX"],
            SerialEndpoint(port="/dev/ttyX", settings=SerialSettings(baud=9600, parity="N", stop_bits=1)),
        ),
        (
            ["/dev/ttyX", "--baud", "19200", "--parity", "E", "--stopbits", "2", "--rs485"],
            SerialEndpoint(
                port="/dev/ttyX", settings=SerialSettings(baud=19200, parity="E", stop_bits=2, rs485=True)
            ),
        ),
        (["h"], TcpEndpoint(host="h", port=502)),
        (["rtu+tcp://h:1"], TcpEndpoint(host="h", port=1, rtu=True)),
        (
            ["tls://h", "--any-hostname"],
            TcpEndpoint(host="h", port=502, tls=TlsSettings(check_hostname=False)),
        ),
        (["listen://0.0.0.0:1502"], DialInEndpoint(host="0.0.0.0", port=1502)),
    ],
)
def test_options_and_profile_complete_the_bus(words: list[str], expected: Endpoint) -> None:
    assert endpoint(*words) == expected


def test_what_the_profile_does_not_know_must_be_given() -> None:
    with pytest.raises(TechnicianError, match="--baud: phoenix-em-cp-pp-eth has no default"):
        endpoint("/dev/ttyX", profile="phoenix-em-cp-pp-eth")


def test_a_port_without_its_directory_is_not_taken_for_a_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "meter").touch()
    for text in ("ttyUSB0", "meter"):
        with pytest.raises(argparse.ArgumentTypeError, match=f"is /dev/{text} or ./{text} meant"):
            parse_place(text)
