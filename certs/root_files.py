"""Where the installed roots are, as text: what a TLS library wants, without reading any certificate."""

from __future__ import annotations

import re
from typing import Literal, get_args

from certs.keystore import KeyStore

Kind = Literal["CSMS", "Manufacturer", "MO", "V2G", "OEM"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)
_ROOT = "root"
_FALLBACK = "fallback"


class RootFiles:
    """One file a root. The first certificate in it is the root; one that follows vouched for it."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store

    def name(self, kind: Kind, number: str) -> str:
        """Return the name of a root's file."""
        return f"{_ROOT}-{kind}-{number}.pem"

    def names(self, kind: Kind, *, fallback: bool = False) -> tuple[str, ...]:
        """Return the files of a kind, or of those that were replaced and are kept to fall back to."""
        return self._store.names(f"{_FALLBACK if fallback else _ROOT}-{kind}-*.pem")

    def count(self) -> int:
        """Return how many roots there are, of all kinds."""
        return sum(len(self.names(kind, fallback=fallback)) for kind in KINDS for fallback in (False, True))

    def read(self, file: str) -> str:
        """Return a file's text, "" if it is gone.

        Raises:
            KeyStoreError: If it cannot be read.
        """
        return self._store.read(file) or ""

    def pem(self, kind: Kind, *, fallback: bool = False) -> str:
        """Return the roots of a kind as one text; "" for none.

        Raises:
            KeyStoreError: If they cannot be read.
        """
        return "".join(_first(self.read(file)) for file in self.names(kind, fallback=fallback))

    def write(self, file: str, text: str) -> None:
        """Write a file.

        Raises:
            KeyStoreError: If it cannot be written.
        """
        self._store.write(file, text)

    def delete(self, file: str) -> None:
        """Delete a file.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        self._store.delete(file)

    def make_fallback(self, file: str) -> None:
        """Keep a root that was replaced, to fall back to.

        Raises:
            KeyStoreError: If it cannot be renamed.
        """
        self._store.rename(file, file.replace(_ROOT, _FALLBACK, 1))

    def drop_fallback(self, kind: Kind) -> bool:
        """Delete the roots that were replaced; return whether there were any.

        Raises:
            KeyStoreError: If one cannot be deleted.
        """
        files = self.names(kind, fallback=True)
        for file in files:
            self._store.delete(file)
        return bool(files)


def _first(text: str) -> str:
    found = _BLOCK.search(text)
    return "" if found is None else found.group()
