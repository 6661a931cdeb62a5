"""What a process of ours said is shown when a test that started it fails."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

_SHOWN_BYTES = 20_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the ends of the logs in the test's own directory."""
    report = yield
    directory = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and isinstance(directory, Path):
        for log in sorted(directory.rglob("*.log")):
            report.sections.append((log.name, log.read_text("utf-8", "replace")[-_SHOWN_BYTES:]))
    return report
