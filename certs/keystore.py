"""A directory of small secret files that are there wholly or not at all, whenever the power goes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MODE = 0o600
_DIRECTORY_MODE = 0o700
_UNFINISHED = ".unfinished"


class KeyStoreError(OSError):
    """The key store cannot be used; the message says what to do."""


class KeyStore:
    """Files by name, for their owner only. What is written is on the disk when a method returns."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def open(self) -> None:
        """Make the directory, and clear away what a power cut left unfinished.

        Raises:
            KeyStoreError: If it cannot be used.
        """
        try:
            self._directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
            for file in self._directory.glob(f"*{_UNFINISHED}"):
                file.unlink()
        except OSError as error:
            raise self._unusable(error) from error

    def path(self, name: str) -> Path:
        """Return where a file is."""
        return self._directory / name

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the names of files, such as "root-*.pem", in order."""
        return tuple(sorted(file.name for file in self._directory.glob(pattern)))

    def read(self, name: str) -> str | None:
        """Return a file's text, None if there is none.

        Raises:
            KeyStoreError: If it is there and cannot be read.
        """
        try:
            return self.path(name).read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._unusable(error) from error

    def write(self, name: str, text: str) -> None:
        """Write a file, in place of any of that name.

        Raises:
            KeyStoreError: If it cannot be written; what was there before is still there.
        """
        unfinished = self.path(name + _UNFINISHED)
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _MODE)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path(name))
            self._sync()
        except (OSError, UnicodeEncodeError) as error:
            with suppress(OSError):
                unfinished.unlink()
            raise self._unusable(error) from error

    def rename(self, name: str, to: str) -> None:
        """Give a file another name, in place of any of that name.

        Raises:
            KeyStoreError: If it cannot be done.
        """
        try:
            self.path(name).replace(self.path(to))
            self._sync()
        except OSError as error:
            raise self._unusable(error) from error

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        try:
            self.path(name).unlink(missing_ok=True)
            self._sync()
        except OSError as error:
            raise self._unusable(error) from error

    def _sync(self) -> None:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _unusable(self, error: Exception) -> KeyStoreError:
        return KeyStoreError(
            f"{self._directory}: keys and certificates cannot be stored or read ({error}); check the "
            "directory's owner and free space"
        )
