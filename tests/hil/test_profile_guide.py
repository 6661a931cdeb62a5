"""docs/hardware-profiles.md, tried literally: the walk-through is run, and every example is a profile."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.profiles.find import shipped_directory
from drivers.profiles.load import load_profile
from drivers.profiles.load_link import SECTIONS as PROTOCOLS
from drivers.profiles.schema import schema

ROOT = shipped_directory().parent
GUIDE = (ROOT / "docs" / "hardware-profiles.md").read_text(encoding="utf-8")
FENCES: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
YAML = [text for language, text in FENCES if language == "yaml"]
FRAGMENTS = YAML[1:]
CHECK = ("-m", "agent.cli", "profile", "check")
ENERGY = (
    "  energy: {space: input, address: 0, type: float32, unit: kWh, "
    "measurand: Energy.Active.Import.Register}\n"
)


def block(language: str) -> str:
    return next(text for found, text in FENCES if found == language)


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme-m3.yaml"
    path.write_text(YAML[0])
    (tmp_path / "read_meter.py").write_text(block("python"))
    return path


async def output_of(*command: str, cwd: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=cwd, stdout=PIPE, stderr=PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    out, problems = await process.communicate()
    assert process.returncode == 0, problems.decode()
    return out.decode()


async def test_the_check_prints_what_the_guide_shows(acme: Path) -> None:
    shown = block("console").split("\n", 1)
    assert shown[0] == "$ .venv/bin/chargehand-agent profile check ./acme-m3.yaml"
    assert await output_of(*CHECK, "./acme-m3.yaml", cwd=acme.parent) == shown[1]


async def test_the_emulated_meter_is_read_as_the_guide_says(acme: Path) -> None:
    emulator = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "drivers.emulated.cli", "--meter-profile", "./acme-m3.yaml",
        "--meter-link", "./meter", cwd=acme.parent, env={"PYTHONPATH": str(ROOT)}, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    assert emulator.stdout is not None
    assert emulator.stdin is not None
    try:
        assert b"acme-m3" in await emulator.stdout.readline()
        lines = (await output_of("read_meter.py", "./acme-m3.yaml", "./meter", cwd=acme.parent)).splitlines()
    finally:
        emulator.stdin.write(b"quit\n")
        await emulator.communicate()
    assert len(lines) == 8
    assert f"    {lines[-1]}\n" in GUIDE
    assert emulator.returncode == 0


async def test_the_mistake_is_told_as_the_guide_says(acme: Path) -> None:
    lines = acme.read_text().splitlines()
    (number,) = (n for n, line in enumerate(lines, 1) if line.startswith("  power:"))
    acme.write_text(
        acme.read_text().replace("int32, scale: 0.1, measurand: Power", "int23, scale: 0.1, measurand: Power")
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, *CHECK, "./acme-m3.yaml", cwd=acme.parent, stderr=PIPE,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    _, problems = await process.communicate()
    told = problems.decode()
    begin, end = (
        f"acme-m3.yaml:{number}: points.power.type: 'int23' is not one of uint16, int16, uint32, ",
        " (did you mean 'int32'?)\n",
    )
    assert told.startswith(begin)
    assert told.endswith(end)
    assert f"    {begin}...{end}" in GUIDE


@pytest.mark.parametrize("number", range(len(FRAGMENTS)))
def test_every_example_is_a_part_of_a_profile_that_loads(tmp_path: Path, number: int) -> None:
    fragment = FRAGMENTS[number]
    section = fragment.partition(":")[0]
    kind = {"rapi": "charge-controller", "pn532": "reader"}.get(section, "meter")
    head = f"schema: chargehand-profile-1\nid: demo\nkind: {kind}\nmaker: A\nmodel: B\n"
    modbus = (
        "" if section in PROTOCOLS else "modbus: {word_order: big, unit: 1, max_hole: 4, tcp_port: 502}\n"
    )
    own = section in PROTOCOLS and section != "modbus"
    points = "" if "points:\n" in fragment or own else f"points:\n{ENERGY}"
    path = tmp_path / "demo.yaml"
    path.write_text(head + modbus + fragment.replace("points:\n", f"points:\n{ENERGY}") + points)
    profile = load_profile(path)
    assert profile.points or profile.protocol != "modbus"


def test_every_field_of_a_profile_has_an_example() -> None:
    known: set[str] = set()
    for node in _nodes(schema()):
        known.update(node.get("properties", {}) if node.get("additionalProperties") is False else ())
    assert len(known) > 80
    missing = [field for field in known - {"phase", "measurand"} if not _is_shown(field)]
    assert missing == []


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield all parts of the schema that are objects."""
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(item)


def _is_shown(field: str) -> bool:
    return re.search(rf"(?<![a-z_]){field}:", "".join(YAML)) is not None or f"| `{field}`" in GUIDE


def test_every_type_is_explained() -> None:
    for name in schema()["$defs"]["point"]["properties"]["type"]["enum"]:
        assert f"`{name}`" in GUIDE


def test_every_kind_and_every_role_is_explained() -> None:
    properties = schema()["$defs"]["point"]["properties"]
    for name in (*schema()["properties"]["kind"]["enum"], *properties["role"]["enum"]):
        assert f"`{name}`" in GUIDE, name
