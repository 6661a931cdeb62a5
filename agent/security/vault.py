"""Where the station keeps its keys, its certificates and the roots it trusts, without reading any."""

from __future__ import annotations

from pathlib import Path

from certs.identities import Identities
from certs.keystore import KeyStore
from certs.root_files import RootFiles

MOST_ROOTS = 10
"""Of each kind."""
KINDS_OVER_OCPP = 4
_MOST_IDENTITIES = 6


class NotAdopted(ValueError):
    """What the station file names cannot be used; `file` is the key that names it, the text says why."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(why)
        self.file = file


class Vault:
    """One directory. `client` is who the station is to its backend, `secc` who it is to vehicles.

    `secc20` is who it is to those of ISO 15118-20, which wants keys of another kind.

    `combined` holds no identity: a key that waits there becomes both when it is certified.
    """

    most_entries = MOST_ROOTS * KINDS_OVER_OCPP + _MOST_IDENTITIES

    def __init__(self, directory: Path) -> None:
        self._keys = KeyStore(directory)
        self.roots = RootFiles(self._keys)
        self.client = Identities(self._keys, "client")
        self.secc = Identities(self._keys, "secc")
        self.secc20 = Identities(self._keys, "secc20")
        self.combined = Identities(self._keys, "combined")

    def open(self) -> None:
        """Make the directory, and finish what a power cut interrupted.

        Raises:
            KeyStoreError: If it cannot be used.
        """
        self._keys.open()
        for identities in (self.client, self.secc, self.secc20):
            identities.settle()
        waiting = self.combined.waiting()
        if waiting is not None and all(one.has(waiting.private_key) for one in (self.client, self.secc)):
            self.combined.abandon()

    def count(self) -> int:
        """Return how many certificates are stored: roots, and identities as one each."""
        own = (self.client, self.secc, self.secc20)
        return self.roots.count() + sum(len(identities.all()) for identities in own)
