from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from certs.keystore import KeyStore, KeyStoreError


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys")
    store.open()
    return store


def test_files_are_for_their_owner_only(store: KeyStore, tmp_path: Path) -> None:
    store.write("a.pem", "secret")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE(store.path("a.pem").stat().st_mode) == 0o600
    assert store.read("a.pem") == "secret"


def test_what_is_not_there_is_none_and_can_be_deleted(store: KeyStore) -> None:
    assert store.read("a.pem") is None
    store.delete("a.pem")
    store.write("a.pem", "x")
    store.rename("a.pem", "b.pem")
    assert store.names("*.pem") == ("b.pem",)


def test_a_failed_write_leaves_what_was_there(store: KeyStore) -> None:
    store.write("a.pem", "old")
    with pytest.raises(KeyStoreError, match="free space"):
        store.write("a.pem", "new, and no ASCII: ä")
    assert store.read("a.pem") == "old"
    assert store.names("*") == ("a.pem",)


def test_a_directory_that_went_away_is_told(store: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "keys").rmdir()
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(KeyStoreError, match="owner"):
        store.write("a.pem", "x")


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(KeyStoreError, match="owner"):
        KeyStore(tmp_path / "keys").open()


_WRITER = """
import itertools, sys
from pathlib import Path
from certs.keystore import KeyStore
store = KeyStore(Path(sys.argv[1]))
store.open()
store.write("a.pem", "0" * 4000)
print("ready", flush=True)
for number in itertools.count():
    store.write("a.pem", str(number % 10) * 4000)
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path / "keys")], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        with process.stdout:
            process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        store = KeyStore(tmp_path / "keys")
        store.open()
        text = store.read("a.pem")
        assert text is not None
        assert len(text) == 4000
        assert len(set(text)) == 1
        assert store.names("*") == ("a.pem",)
