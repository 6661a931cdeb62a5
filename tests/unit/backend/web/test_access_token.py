from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.web.access_token import AccessTokenError, access_token


def test_the_first_start_makes_a_token_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "api-token"
    token = access_token(path)
    assert len(token) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert access_token(path) == token
    assert list(path.parent.iterdir()) == [path]


def test_two_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(lambda _: access_token(tmp_path / "api-token"), range(16)))
    assert len(tokens) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_an_operators_own_token_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "api-token"
    path.write_text("  of-my-own\n")
    assert access_token(path) == "of-my-own"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_file_without_a_token(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "api-token"
    path.write_bytes(content)
    with pytest.raises(AccessTokenError, match="api-token"):
        access_token(path)
