"""The secret that callers of the REST interface show."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


class AccessTokenError(Exception):
    """The token file cannot be used; the message says what would help."""


def access_token(path: Path) -> str:
    """Return the token in the file; the first call makes the file, readable by its owner only.

    Raises:
        AccessTokenError: If it cannot be read or made, or holds no token.
    """
    try:
        with suppress(FileExistsError):
            if not path.exists():
                _make(path)
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AccessTokenError(f"{path}: the API's token file cannot be used: {error}") from error
    if not token:
        raise AccessTokenError(f"{path}: holds no token; delete it, and a new one is made")
    return token


def _make(path: Path) -> None:
    """Write a token where nobody reads half of one: the name appears when the content is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        os.link(name, path)
    finally:
        Path(name).unlink()
