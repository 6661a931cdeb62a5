"""Who may connect: security profile 1, HTTP Basic authentication (OCPP 2.0.1 A00.FR.201 to 207)."""

from __future__ import annotations

import binascii
import logging
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import MultipleValuesError
from websockets.exceptions import InvalidHeader
from websockets.headers import parse_authorization_basic
from websockets.http11 import Request, Response

from backend.csms.passwords import PasswordCheck
from backend.csms.socket import StationSocket
from backend.csms.stations import Station, find
from backend.db.engine import Database

log = logging.getLogger(__name__)

IDENTITY_LENGTH = 48


class Authentication:
    """Lets known charging stations in."""

    def __init__(self, database: Database, path: str, passwords: PasswordCheck) -> None:
        self._database = database
        self._prefix = path.rstrip("/") + "/"
        self._passwords = passwords

    async def __call__(self, socket: ServerConnection, request: Request) -> Response | None:
        """Answer the opening handshake: None lets it go on, a response ends it."""
        identity = self._identity(request)
        if identity is None:
            log.warning("refused %s: no charging station has the path %r", _peer(socket), request.path[:100])
            return socket.respond(HTTPStatus.NOT_FOUND, f"connect to {self._prefix}<charging station id>\n")
        station, why = await self._check(identity, request)
        if station is None:
            log.warning("refused %s as %r: %s", _peer(socket), identity, why)
            response = socket.respond(HTTPStatus.UNAUTHORIZED, "unknown charging station or wrong password\n")
            response.headers["WWW-Authenticate"] = 'Basic realm="chargehand", charset="UTF-8"'
            return response
        if isinstance(socket, StationSocket):
            socket.station = station
        return None

    def _identity(self, request: Request) -> str | None:
        try:
            path = urlsplit(request.path).path
        except ValueError:  # an address whose host is none
            return None
        if not path.startswith(self._prefix):
            return None
        identity = unquote(path.removeprefix(self._prefix))
        return identity if 1 <= len(identity) <= IDENTITY_LENGTH and "/" not in identity else None

    async def _check(self, identity: str, request: Request) -> tuple[Station | None, str]:
        try:
            header = request.headers.get("Authorization")
            username, password = ("", "") if header is None else parse_authorization_basic(header)
            password.encode()  # the parser lets through what is no UTF-8, as surrogates
        except (InvalidHeader, MultipleValuesError, UnicodeError, binascii.Error):
            return None, "its Authorization header is not HTTP Basic"
        if header is None:
            return None, "it sent no password"
        if username != identity:
            return None, f"its user name is {username[:IDENTITY_LENGTH]!r}"
        station = await self._database.read(lambda db: find(db, identity))
        if station is None:
            return None, "unknown; add it with: chargehand-backend station add"
        if not await self._passwords.check(password, station.password_hash):
            return None, "wrong password"
        return station, ""


def _peer(socket: ServerConnection) -> str:
    address = socket.remote_address
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else "a local connection"
