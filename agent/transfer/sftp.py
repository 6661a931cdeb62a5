"""SFTP over asyncssh, in the transfer's thread on a loop of its own: encryption must not hold up the agent's.

Nothing of the host's is used: no SSH agent, no keys, no configuration files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

import asyncssh

from agent.transfer.errors import AccessDenied, Interrupted, NotFound, Refused, TransferError, Untrusted
from agent.transfer.host_keys import HostKeys
from agent.transfer.location import Location
from agent.transfer.remote import BLOCK_BYTES, Means, Resume

Result = TypeVar("Result")


class _Client(asyncssh.SSHClient):
    def __init__(self, host_keys: HostKeys, place: tuple[str, int]) -> None:
        self._host_keys = host_keys
        self._place = place

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        return self._host_keys.is_trusted(*self._place, key.get_fingerprint())


class _Thread:
    """Runs coroutines to their end, each within the time that nothing may come."""

    def __init__(self, runner: asyncio.Runner, stall_s: float) -> None:
        self._runner = runner
        self._stall_s = stall_s

    def run(self, work: Awaitable[Result]) -> Result:
        with _failures():
            return self._runner.run(self._in_time(work))

    async def _in_time(self, work: Awaitable[Result]) -> Result:
        async with asyncio.timeout(self._stall_s):
            return await work


class SftpFile:
    """A file being read."""

    def __init__(
        self, thread: _Thread, file: asyncssh.SFTPClientFile, begins_at: int, facts: asyncssh.SFTPAttrs
    ) -> None:
        self._thread = thread
        self._file = file
        self._at = begins_at
        self.begins_at = begins_at
        self.size = facts.size
        self.validator = _validator(facts)

    def read(self) -> bytes:
        """Return the next block."""
        block = self._thread.run(self._file.read(BLOCK_BYTES, self._at))
        self._at += len(block)
        return cast("bytes", block)  # opened without an encoding


@contextmanager
def open_sftp(location: Location, resume: Resume | None, means: Means) -> Iterator[SftpFile]:
    """Read a file, or the rest of it if it is still the same by size and time.

    Raises:
        TransferError: If the server does not give it.
    """
    with _connected(location, means) as (thread, client):
        facts = thread.run(client.stat(location.path))
        offset = resume.offset if resume is not None and resume.validator == _validator(facts) else 0
        file = thread.run(_open(client, location.path, "rb"))
        yield SftpFile(thread, file, offset, facts)


def send_sftp(location: Location, file: Path, name: str, means: Means) -> None:
    """Write a file: at the address, or in it if it is a folder.

    Raises:
        TransferError: If the server does not take it.
    """
    with _connected(location, means) as (thread, client), file.open("rb") as source:
        path = location.path or "."
        if thread.run(client.isdir(path)):
            path = f"{path.rstrip('/')}/{name}"
        target = thread.run(_open(client, path, "wb"))
        offset = 0
        while block := source.read(BLOCK_BYTES):
            means.cancellation.check()
            offset += thread.run(target.write(block, offset))
        thread.run(target.close())


async def _open(client: asyncssh.SFTPClient, path: str, mode: str) -> asyncssh.SFTPClientFile:
    return await client.open(path, mode, encoding=None)


@contextmanager
def _connected(location: Location, means: Means) -> Iterator[tuple[_Thread, asyncssh.SFTPClient]]:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = _Thread(runner, means.stall_s)
        connection = thread.run(
            asyncssh.connect(
                location.host,
                location.port,
                username=location.username,
                password=location.password,
                client_factory=lambda: _Client(means.host_keys, (location.host, location.port)),
                known_hosts=b"",
                client_keys=None,
                agent_path=None,
                config=None,
                login_timeout=means.stall_s,
            )
        )
        try:
            with means.cancellation.closing(lambda: loop.call_soon_threadsafe(connection.abort)):
                yield thread, thread.run(connection.start_sftp_client())
        finally:
            connection.abort()
            runner.run(connection.wait_closed())


def _validator(facts: asyncssh.SFTPAttrs) -> str | None:
    return None if facts.mtime is None or facts.size is None else f"{facts.size}/{facts.mtime}"


def _why(error: asyncssh.Error) -> TransferError:
    text = f"the SFTP server: {error.reason[:100]}"
    match error:
        case asyncssh.PermissionDenied() | asyncssh.SFTPPermissionDenied():
            return AccessDenied(text)
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
            return NotFound(text)
        case asyncssh.HostKeyNotVerifiable():
            return Untrusted("the SFTP server's key is not the one that we know; see the log")
        case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection() | asyncssh.DisconnectError():
            return Interrupted(text)
        case _:
            return Refused(text)


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what the library raises into our own errors."""
    try:
        yield
    except asyncssh.Error as error:
        raise _why(error) from error
    except TimeoutError as error:
        raise Interrupted("the server went silent") from error
    except OSError as error:
        raise Interrupted(f"the connection failed: {error}") from error
