from __future__ import annotations

from pathlib import Path

import pytest

from drivers.profiles.describe import describe, interface, role, unverified
from drivers.profiles.load import load_profile
from tests.unit.drivers.profiles.samples import CONTROLLER, READER, load


def test_a_meter_is_described_by_its_requests() -> None:
    lines = list(describe(load_profile("dzg-dvh4013")))
    assert lines[0] == "dzg-dvh4013: DZG Metering DVH4013, a meter, Modbus RTU (settings unknown), unit 1"
    assert lines[1].startswith("  fast  holding 0..19 (20): power_import, power_export, voltage_l1")
    assert lines[2:] == [
        "  fast  holding 16384..16385 (2): energy_import",
        "  power = power_import - power_export",
    ]


def test_a_controller_is_described_by_its_variants_and_what_is_done_with_it(tmp_path: Path) -> None:
    lines = list(describe(load(tmp_path, CONTROLLER)))
    assert lines[1:3] == [
        "  it is one if model is RX* and board is 1 or 2",
        "  up to 4 instances, counted by number; this is the first",
    ]
    heads = [line for line in lines if line.startswith("  ") and line[2] != " " and line.endswith(":")]
    assert heads == [
        "  unless more is known:",
        "  if firmware is at most 1.2:",
        "  if firmware is at least 1.2.1:",
    ]
    for line in (
        "    on demand: size, file",
        "    init: mode = register, flag = 1",
        "    watchdog: fallback = 6; fed every 5 s by heartbeat = 21930; 6 A after 20 s without",
        "    script snapshot with $token: 3 steps",
    ):
        assert lines.count(line) == 3


@pytest.mark.parametrize(
    ("feed", "safe", "words"),
    [
        ("read", "safe_w: 0", "any read; 0 W after 20 s without"),
        ("write", "safe_a: 0", "any write of a setpoint; 0 A after 20 s without"),
    ],
)
def test_a_watchdog_in_words(tmp_path: Path, feed: str, safe: str, words: str) -> None:
    text = CONTROLLER.replace("feed: {heartbeat: 0x55AA}", f"feed: {feed}").replace("safe_a: 6", safe)
    assert any(line.endswith(f"fed every 5 s by {words}") for line in describe(load(tmp_path, text)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", "Modbus TLS 502, unit 1"),
        ("tls: yes", "tls: no", "Modbus TCP 502, unit 1"),
        ("tls: yes\n  dials_in: no", "dials_in: yes", "Modbus TCP 502 (it calls us), unit 1"),
        ("tls: yes", "answers: yes", "Modbus TCP 502 (it asks, we answer), unit 1"),
    ],
)
def test_an_interface_in_words(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert interface(load(tmp_path, CONTROLLER.replace(old, new, 1))) == words


def test_a_reader_has_a_line_and_its_own_doubts(tmp_path: Path) -> None:
    reader = load(tmp_path, READER)
    assert (interface(reader), unverified(reader)) == ("HSU 115200 8N1", ("serial",))
    assert (role(reader), role(load_profile("bender-isocha425hv"))) == ("a reader", "an isolation monitor")
