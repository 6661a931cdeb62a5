from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.pki import provisioning, statuses
from backend.pki.directory import Authorities, read
from certs.development.hierarchies import Wishes
from certs.development.writing import write_pki

EMAID = "DE83DUIEN83QGZD"
PCID = "WDXEXAMPLE0000012"


@pytest.fixture(scope="session")
def pki_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make pki` writes; tests that change it take a copy."""
    directory = tmp_path_factory.mktemp("pki") / "pki"
    write_pki(directory, Wishes(emaid=EMAID, pcid=PCID))
    return directory


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to leave anybody without an answer."""
    monkeypatch.setattr(provisioning, "ANSWER_WITHIN_S", 60.0)
    monkeypatch.setattr(statuses, "TIMEOUT_S", 60.0)


@pytest.fixture
def authorities(pki_directory: Path) -> Authorities:
    return read(pki_directory)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC)
