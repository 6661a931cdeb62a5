"""Firmware for slots that are folders."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from agent.system.slots.directory import link


def image(files: Mapping[str, bytes] | None = None, *, version: str | None = "2") -> bytes:
    """Return a firmware of this version with these files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        contents = {"chargehand/VERSION": version.encode()} if version is not None else {}
        for name, content in (contents | dict(files or {})).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def prepare_slots(root: Path, version: str = "1") -> None:
    """Make the folders of a station that left the factory with this version."""
    (root / "a").mkdir(parents=True)
    (root / "a" / "VERSION").write_text(version)
    link(root, "a")


def version(root: Path) -> str:
    """Return the version that the next start takes."""
    return (root / "current" / "VERSION").read_text()
