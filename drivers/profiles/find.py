"""Finds profile files: in the caller's directory, then among those shipped with chargehand."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from drivers.profiles.errors import ProfileError


def shipped_directory() -> Path:
    """Return where the shipped profiles lie: inside an installed package, or in the repository of a clone."""
    packaged = Path(__file__).parent / "shipped"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "hardware-profiles"


def list_profiles(directory: Path | None = None) -> dict[str, Path]:
    """Return profile id -> file; a file in `directory` hides a shipped one of the same id."""
    return {path.stem: path for path in reversed([*_files(directory), *_files(shipped_directory())])}


def find_profile(name: str | Path, directory: Path | None = None) -> Path:
    """Return the file of a profile id, or of a path (anything with a slash or a .yaml ending).

    Raises:
        ProfileError: If there is none.
    """
    if isinstance(name, Path) or "/" in name or name.endswith((".yaml", ".yml")):
        path = Path(name)
        if not path.is_file():
            raise ProfileError("no such file", path=path)
        return path
    known = list_profiles(directory)
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        raise ProfileError(f"no profile {name!r}{meant}; known: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def _files(directory: Path | None) -> Iterator[Path]:
    if directory is not None:
        yield from sorted(directory.rglob("*.yaml"))
