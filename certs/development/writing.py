"""Writes a development PKI into a directory, with a page that says what is what."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from certs.chains import validate
from certs.csr import write_key
from certs.development.hierarchies import Hierarchy, Issued, Wishes, hierarchies, issue
from certs.key_kinds import kind_of
from certs.pem import name_of, write_bundle

_HEAD = """# Certificates for development

Made by `make pki`. **Not for production**: the keys of all authorities lie beside their certificates.
`FILE.pem` is a certificate with the authorities above it, leaf first, without the root; `FILE.key` is its
private key (PKCS #8). What ends at a root is believed by whoever has that root's `root.pem`.
Folders ending in 2 are for ISO 15118-2 (P-256), those ending in 20 for ISO 15118-20.

| file | what | subject | key | valid until |
| --- | --- | --- | --- | --- |
"""


class NotWritten(Exception):
    """The directory cannot be used; the message says why."""


def write_pki(directory: Path, wishes: Wishes) -> int:
    """Write every hierarchy into a new or empty directory; return how many certificates were issued.

    Raises:
        NotWritten: If the directory has something in it, or a wish makes a certificate that is not good.
    """
    with _writable(directory):
        _see(directory)
    built = [(hierarchy, tuple(issue(hierarchy, wishes))) for hierarchy in hierarchies(wishes)]
    for _, issued in built:
        for one in issued:
            _check(one)
    rows: list[str] = []
    with _writable(directory):
        for hierarchy, issued in built:
            rows += _write_hierarchy(directory / hierarchy.folder, hierarchy, issued)
        (directory / "README.md").write_text(_HEAD + "".join(rows), "utf-8")
    return len(rows)


@contextmanager
def _writable(directory: Path) -> Iterator[None]:
    """Say what to do about a directory that cannot be used."""
    try:
        yield
    except OSError as error:
        why = f"{directory} cannot be written ({error.strerror or error})"
        raise NotWritten(f"{why}; name a new directory in one of yours") from error


def _see(directory: Path) -> None:
    """Refuse what is no new or empty directory."""
    if directory.is_dir() and any(directory.iterdir()):
        raise NotWritten(f"{directory} is not empty; name a new directory, or delete it first")
    if directory.exists() and not directory.is_dir():
        raise NotWritten(f"{directory} is a file; name a new directory")


def _check(one: Issued) -> None:
    """Hold a leaf against its profile, as whoever is shown it will."""
    if one.profile is None:
        return
    verdict = validate(one.chain, (one.root,), one.profile, datetime.now(UTC))
    if not verdict.is_valid:
        raise NotWritten(f"{one.what}: {verdict}")


def _write_hierarchy(folder: Path, hierarchy: Hierarchy, issued: Iterable[Issued]) -> list[str]:
    folder.mkdir(parents=True)
    rows = []
    for one in issued:
        (folder / f"{one.file}.pem").write_text(write_bundle(one.chain), "ascii")
        descriptor = os.open(folder / f"{one.file}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(write_key(one.key))
        leaf = one.chain[0]
        cells = (
            f"`{hierarchy.folder}/{one.file}.pem`",
            one.what,
            f"`{name_of(leaf)}`",
            kind_of(leaf.public_key()),
            f"{leaf.not_valid_after_utc:%Y-%m-%d}",
        )
        rows.append(f"| {' | '.join(cells)} |\n")
    return rows
