"""What the documentation says exists, exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from agent.config.load import load_config
from backend.rating.tariff import load_tariff
from drivers.emulated.faults.names import FAULTS
from drivers.emulated.rig import Rig
from drivers.emulated.scenario import load_scenario

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name for path in decisions if f"adr/{path.name}" not in index] == []
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    required = [*project["dependencies"], *(item for extra in extras for item in extra)]
    names = {re.split(r"[^A-Za-z0-9-]", item)[0] for item in required} - {project["name"]}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    assert (
        sorted(name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", rows)) == []
    )


def test_the_integrators_station_file_is_right(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "integrator.md").read_text("utf-8")
    example = re.search(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert example is not None
    file = tmp_path / "station.toml"
    file.write_text(example[1], "utf-8")
    assert load_config(file).station.id == "CH-0001"


def test_the_operators_tariff_is_right() -> None:
    page = (ROOT / "docs" / "operator.md").read_text("utf-8")
    example = re.search(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert example is not None
    assert load_tariff(example[1]).unpriced == ("TIME", "PARKING_TIME")


def test_the_hardware_testers_scenario_is_right() -> None:
    page = (ROOT / "docs" / "hardware-tester.md").read_text("utf-8")
    example = re.search(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = ROOT / "docs" / "examples" / "scenario.yaml"
    assert example is not None
    assert example[1] == file.read_text("utf-8")
    assert len(Rig(load_scenario(file)).devices) == 5


def test_every_fault_is_explained() -> None:
    page = (ROOT / "docs" / "hardware-tester.md").read_text("utf-8")
    section = page.split("## Faults")[1].split("## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([^`]+)`", " ".join(rows))) == set(FAULTS)
