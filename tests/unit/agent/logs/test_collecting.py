from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.logs.collecting import collect, file_name

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Lines:
    def __init__(self, count: int) -> None:
        self._count = count

    async def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        for number in range(self._count):
            yield f"line {number} secret\n"


def test_a_name_that_says_whose_and_when_and_is_no_path() -> None:
    assert file_name("CH*1:a/..", "DiagnosticsLog", AT) == "CH-1-a-.._DiagnosticsLog_20260102T030405Z.log.gz"


async def test_a_compressed_masked_file(tmp_path: Path) -> None:
    target = tmp_path / "upload" / "log.gz"
    count = await collect(Lines(20_000), (None, None), lambda line: line.replace("secret", "***"), target)
    text = gzip.decompress(target.read_bytes()).decode()
    assert count == 20_000
    assert text == "".join(f"line {number} ***\n" for number in range(20_000))


async def test_a_log_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.logs.collecting.MOST_BYTES", 10_000)
    await collect(Lines(10**9), (None, None), str, tmp_path / "log.gz")
    text = gzip.decompress((tmp_path / "log.gz").read_bytes()).decode()
    assert 10_000 <= len(text) < 10_200
    assert text.endswith("[the rest is left out]\n")
