"""The sections of devices that speak something else than Modbus."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.profiles.errors import ProfileError
from drivers.profiles.links import Heartbeat, LemDcbmDefaults, Pn532Defaults, RapiDefaults, SerialLine
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile

LINE = SerialLine(baud=115200, parity="N", stop_bits=1)
SERIAL = "serial: {baud: 115200, parity: N, stop_bits: 1}"


def load(directory: Path, kind: str, section: str) -> Profile:
    path = directory / "mine.yaml"
    path.write_text(
        f"schema: chargehand-profile-1\nid: mine\nkind: {kind}\nmaker: Me\nmodel: Mine\n{section}\n"
    )
    return load_profile(path)


def test_rapi(tmp_path: Path) -> None:
    profile = load(
        tmp_path,
        "charge-controller",
        f"rapi:\n  {SERIAL}\n  heartbeat: {{every_s: 5, within_s: 10, fallback_a: 8}}",
    )
    assert profile.protocol == "rapi"
    assert profile.link == RapiDefaults(
        serial=LINE, heartbeat=Heartbeat(every_s=5, within_s=10, fallback_a=8)
    )


def test_rapi_without_heartbeats(tmp_path: Path) -> None:
    profile = load(tmp_path, "charge-controller", f"rapi:\n  {SERIAL}\n  unverified: [serial]")
    assert profile.link == RapiDefaults(serial=LINE, heartbeat=None, unverified=("serial",))


def test_pn532(tmp_path: Path) -> None:
    profile = load(tmp_path, "reader", f"pn532:\n  {SERIAL}")
    assert (profile.protocol, profile.link) == ("pn532", Pn532Defaults(serial=LINE))


def test_lem_dcbm(tmp_path: Path) -> None:
    profile = load(tmp_path, "meter", "lem_dcbm: {tcp_port: 8080, tariff_id: 2, cable_id: 3}")
    assert (profile.protocol, profile.link) == (
        "lem-dcbm",
        LemDcbmDefaults(tcp_port=8080, tariff_id=2, cable_id=3),
    )


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("rapi: {}", r"mine\.yaml:6: rapi: the field 'serial' is missing"),
        (
            f"rapi:\n  {SERIAL}\n  heartbeat: {{every_s: 20, within_s: 30, fallback_a: 6}}",
            r"mine\.yaml:8: rapi\.heartbeat\.every_s: one lost heartbeat must do no harm",
        ),
        (
            f"rapi:\n  {SERIAL}\n  heartbeat: {{every_s: 5, within_s: 30, fallback_a: 0}}",
            r"rapi\.heartbeat\.fallback_a: 0 is not between 6 and 80",
        ),
        (
            f"rapi:\n  {SERIAL}\n  heartbeat: {{every_s: 5, within_s: 30, fallback_a: 6, safe: 1}}",
            "unknown field; allowed here: every_s, within_s, fallback_a",
        ),
        ("lem_dcbm: {tcp_port: 0}", r"lem_dcbm\.tcp_port: 0 is not between"),
        ("lem_dcbm: {tcp_port: 80, tariff_id: -1}", r"lem_dcbm\.tariff_id: -1 is not between"),
        (f"pn532:\n  {SERIAL}\n  period_s: 1", "unknown field"),
    ],
)
def test_mistakes(tmp_path: Path, section: str, problem: str) -> None:
    with pytest.raises(ProfileError, match=problem):
        load(tmp_path, "meter", section)
