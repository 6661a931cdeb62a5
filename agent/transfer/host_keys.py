"""The SFTP servers' keys: those that the station file names, and those seen before.

A server that is not in the station file is believed the first time (unless that is forbidden) and its key is
kept; another key later is refused until somebody removes the line. Lines are `host:port SHA256:...`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger(__name__)

_MOST = 200


class HostKeys:
    """Decides about a server's key. Usable from any thread."""

    def __init__(self, path: Path, pinned: Mapping[str, str], *, learns: bool) -> None:
        """Keep what is learned in `path`; `pinned` is host:port to fingerprint, and goes first."""
        self._path = path
        self._pinned = pinned
        self._learns = learns
        self._lock = threading.Lock()

    def is_trusted(self, host: str, port: int, fingerprint: str) -> bool:
        """Return whether the server with this key (SHA256:..., as in ssh-keygen -l) is the right one."""
        place = f"{host}:{port}"
        with self._lock:
            known = self._pinned.get(place) or self._learned().get(place)
            if known is None and self._learns:
                log.warning("SFTP server %s is new and believed: %s", place, fingerprint)
                return self._learn(place, fingerprint)
        if known == fingerprint:
            return True
        if known is None:
            log.error("SFTP server %s has key %s, which the station file does not name", place, fingerprint)
        else:
            log.error(
                "SFTP server %s has key %s, not %s: if it was changed on purpose, correct the station file "
                "or remove the line from %s",
                place,
                fingerprint,
                known,
                self._path,
            )
        return False

    def _learned(self) -> dict[str, str]:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {words[0]: words[1] for words in map(str.split, lines) if len(words) == 2}

    def _learn(self, place: str, fingerprint: str) -> bool:
        """Keep a key, durably; a station that cannot keep it, or knows too many, believes nobody new."""
        learned = self._learned()
        if len(learned) >= _MOST:
            log.error("%s names %d servers already; no more are believed", self._path, len(learned))
            return False
        text = "".join(f"{name} {key}\n" for name, key in (learned | {place: fingerprint}).items())
        fresh = self._path.with_suffix(".new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            log.error("the key of %s cannot be kept, so it is not believed: %s", place, error)
            return False
        return True
