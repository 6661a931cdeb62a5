"""asyncssh's SFTP server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncssh

USER = "station"
PASSWORD = "a p@ss:word"


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@asynccontextmanager
async def sftp_server(folder: Path, key: asyncssh.SSHKey, port: int = 0) -> AsyncIterator[int]:
    """Serve a folder while entered; yields the port."""

    def root(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    server = await asyncssh.listen(
        "127.0.0.1", port, server_factory=_Server, server_host_keys=[key], sftp_factory=root
    )
    try:
        yield server.get_port()
    finally:
        server.close()
        await server.wait_closed()
