"""Who the holder of a key store is: private keys with their chains, and keys that wait for one.

Key and chain are one file, so that a power cut leaves both or neither; its name has the dates, so that what
is valid now is known without reading any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from certs.keystore import KeyStore

_TIME = "%Y%m%dT%H%M%S"
_NAME = re.compile(r"identity-[a-z0-9]+-\d{8}T\d{6}-\d{8}T\d{6}-[0-9a-f]+\.pem")
_KEY = re.compile(
    r"-----BEGIN (PRIVATE KEY|PKCS#11 PROVIDER URI)-----.*?-----END \1-----\n",
    re.DOTALL,
)
"""A key, or the block that stands for one in a token (`certs.keys`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A private key with its chain, in one PEM file."""

    file: str
    path: Path
    valid_from: datetime
    valid_until: datetime

    def is_valid(self, at: datetime) -> bool:
        """Return whether it may be used now."""
        return self.valid_from <= at <= self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A private key whose request was made and not answered yet."""

    private_key: str
    request: str


class Identities:
    """The identities for one purpose, such as "client"; `kept` older ones stay to fall back to."""

    def __init__(self, store: KeyStore, purpose: str, kept: int = 1) -> None:
        self._store = store
        self._purpose = purpose
        self._kept = kept

    def all(self) -> tuple[Identity, ...]:
        """Return the identities, the newest first by the start of their validity (A02.FR.09)."""
        files = self._store.names(f"identity-{self._purpose}-*.pem")
        found = [self._named(file) for file in files if _NAME.fullmatch(file)]
        return tuple(sorted(found, key=lambda one: (one.valid_from, one.valid_until), reverse=True))

    def usable(self, at: datetime) -> tuple[Identity, ...]:
        """Return those that are valid now, the newest first."""
        return tuple(identity for identity in self.all() if identity.is_valid(at))

    def chain(self, identity: Identity) -> str:
        """Return the certificates of an identity as PEM, leaf first.

        Raises:
            KeyStoreError: If it cannot be read.
        """
        return _KEY.sub("", self._store.read(identity.file) or "")

    def key(self, identity: Identity) -> str:
        """Return the PEM block that stands for an identity's private key (`certs.keys`), "" if it is gone.

        Raises:
            KeyStoreError: If it cannot be read.
        """
        found = _KEY.search(self._store.read(identity.file) or "")
        return "" if found is None else found.group()

    def waiting(self) -> Waiting | None:
        """Return the key that waits for its certificate.

        Raises:
            KeyStoreError: If it cannot be read.
        """
        text = self._store.read(self._waiting_file)
        found = None if text is None else _KEY.search(text)
        if text is None or found is None:
            return None
        return Waiting(private_key=found.group(), request=text[found.end() :])

    def begin(self, private_key: str, request: str) -> None:
        """Keep a new key and its request, before anybody is asked; a key that waited before is forgotten.

        Raises:
            KeyStoreError: If it cannot be stored.
        """
        self._store.write(self._waiting_file, private_key + request)

    def abandon(self) -> None:
        """Forget the key that waits.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        self._store.delete(self._waiting_file)

    def settle(self) -> None:
        """Forget a waiting key that has its chain already: the power went between the two writes.

        Raises:
            KeyStoreError: If the store cannot be used.
        """
        waiting = self.waiting()
        if waiting is not None and self.has(waiting.private_key):
            self.abandon()

    def has(self, private_key: str) -> bool:
        """Return whether one of the identities has this key.

        Raises:
            KeyStoreError: If one cannot be read.
        """
        return any((self._store.read(one.file) or "").startswith(private_key) for one in self.all())

    def install(self, private_key: str, chain: str, valid_from: datetime, valid_until: datetime) -> Identity:
        """Keep a key with its chain (PEM, leaf first, without the root), and delete what is too old.

        Raises:
            KeyStoreError: If it cannot be stored; nothing has changed.
        """
        number = sha256(chain.encode("ascii")).hexdigest()[:16]
        dates = f"{valid_from:{_TIME}}-{valid_until:{_TIME}}"
        file = f"identity-{self._purpose}-{dates}-{number}.pem"
        self._store.write(file, private_key + chain)
        installed = self._named(file)
        for old in [one for one in self.all() if one != installed][self._kept :]:
            self._store.delete(old.file)
        return installed

    def discard(self, identity: Identity) -> None:
        """Delete an identity.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        self._store.delete(identity.file)

    @property
    def _waiting_file(self) -> str:
        return f"waiting-{self._purpose}.pem"

    def _named(self, file: str) -> Identity:
        _, _, valid_from, valid_until, _ = file.split("-")
        return Identity(
            file=file,
            path=self._store.path(file),
            valid_from=datetime.strptime(valid_from, _TIME).replace(tzinfo=UTC),
            valid_until=datetime.strptime(valid_until, _TIME).replace(tzinfo=UTC),
        )
