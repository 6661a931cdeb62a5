from __future__ import annotations

import subprocess
import sys

import pytest

from agent.csms.versions import ASSUMED, dialect_of, subprotocols
from agent.network.profiles import VERSIONS
from ocppj.versions import Version


def test_every_version_has_a_dialect_of_its_own() -> None:
    offered = subprotocols(VERSIONS)
    assert offered == ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]
    assert [dialect_of(name).version for name in offered] == [Version.V21, Version.V201, Version.V16]
    assert dialect_of(ASSUMED).version is Version.V16


@pytest.mark.parametrize(
    ("spoken", "loaded"),
    [("ocpp1.6", {"v16"}), ("ocpp2.0.1", {"v201"}), ("ocpp2.1", {"v201", "v21"})],
)
def test_a_version_that_is_not_spoken_costs_nothing(spoken: str, loaded: set[str]) -> None:
    """2.1 is built on what 2.0.1 has."""
    code = (
        "import sys, agent.app\n"
        "from agent.csms.versions import dialect_of\n"
        f"dialect_of({spoken!r})\n"
        "print(*(name for name in ('v16', 'v201', 'v21') if f'ocppj.messages.{name}' in sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(said.split()) == loaded
