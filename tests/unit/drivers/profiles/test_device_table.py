from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from drivers.profiles.device_table import COLUMNS, text
from drivers.profiles.find import list_profiles, shipped_directory

DOCS = shipped_directory().parent / "docs"


def rows() -> dict[str, dict[str, str]]:
    """Return the table's rows by the profile's name."""
    lines = [line.strip("| ").split(" | ") for line in text().splitlines() if line.startswith("| ")]
    cells = [dict(zip(COLUMNS, line, strict=False)) for line in lines[2:]]
    return {row["profile"].partition("]")[0].lstrip("["): row for row in cells}


def test_the_file_has_not_drifted_from_the_profiles() -> None:
    assert (DOCS / "devices.md").read_text(encoding="utf-8") == text(), (
        "run: python -m drivers.profiles.device_table"
    )


def test_every_shipped_profile_has_a_row_that_links_to_its_file() -> None:
    table = rows()
    assert set(table) == set(list_profiles())
    for row in table.values():
        link = row["profile"].partition("(")[2].rstrip(")")
        assert (DOCS / link).is_file()


def test_a_row_says_what_the_profile_says() -> None:
    row = rows()["finder-7m38"]
    assert (row["maker"], row["role"]) == ("Finder", "meter")
    assert row["interface"] == "Modbus RTU 19200 8N1, unit 1"
    assert row["unverified"] == "serial, unit, max_hole, energy_import"
    assert row["verified by"] == "emulation"
    assert row["measures"] == (
        "energy in, energy out, power (total and phases), voltage (phases), current (phases), "
        "reactive power, power factor, frequency"
    )


def test_interfaces_of_all_kinds() -> None:
    table = rows()
    assert table["dzg-dvh4013"]["interface"] == "Modbus RTU (settings unknown), unit 1"
    assert table["siemens-pac2200"]["interface"] == "Modbus TCP 502, unit 1"
    assert table["openevse-rapi"]["interface"] == "RAPI 115200 8N1"
    assert table["openevse-rapi"]["measures"] == "energy in, voltage, current"
    assert table["nxp-pn532-hsu"]["interface"] == "HSU 115200 8N1"
    assert table["lem-dcbm-400-600"]["interface"] == "HTTP 80"
    assert table["dzg-dvh4013"]["measures"].startswith("energy in, power, power out, voltage")


def test_what_devices_can_do() -> None:
    can = {name: row["can"] for name, row in rows().items()}
    assert can["abb-b23"] == ""
    assert can["phoenix-em-cp-pp-eth"] == "limit the current, switch on and off"
    assert can["riden-rd60xx"] == "limit the current, set the voltage, switch on and off"
    assert can["nxp-pn532-hsu"] == "read cards"
    for name in ("lem-dcbm-400-600", "iskra-wm3m4", "bauer-bsm-ws36a", "carlo-gavazzi-em580"):
        assert can[name] == "sign readings"
    for name in ("openevse-rapi", "mennekes-amtron-compact"):
        assert can[name].startswith("limit the current, switch on and off, ")
        assert can[name].endswith(", fall back by itself")


def test_what_only_variants_measure_is_measured() -> None:
    assert rows()["riden-rd60xx"]["measures"] == "power, voltage, current"


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "devices.md"
    command = [sys.executable, "-m", "drivers.profiles.device_table", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{path}\n"
    assert path.read_text(encoding="utf-8") == text()
