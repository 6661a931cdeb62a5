"""Opens the WebSocket to a backend, and says in words why that failed and what to do about it."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus, InvalidURI
from websockets.frames import CloseCode
from websockets.http11 import Response
from websockets.typing import Subprotocol

from agent.csms import tls
from agent.csms.versions import ASSUMED
from agent.network.profiles import NetworkProfile
from agent.security.credentials import Credentials, Login, NoCredentials
from agent.security.passwords import as_bytes
from certs.keystore import KeyStoreError

log = logging.getLogger(__name__)

_OPEN_TIMEOUT_S = 20.0
_CLOSE_TIMEOUT_S = 5.0
_LARGEST_FRAME_BYTES = 1_048_576


class OpeningFailed(Exception):
    """No connection came about; the message says why, and what somebody could do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How this station makes itself known to a backend, and how it knows the backend."""

    station_id: str
    credentials: Credentials
    """Asked before every attempt, and told how it went: the backend may have set others (A01, A02)."""
    log_frames: bool


async def open_socket(
    profile: NetworkProfile, access: Access, subprotocols: Sequence[str]
) -> ClientConnection:
    """Return a connection on which both sides speak one of these subprotocols, offered in this order.

    Raises:
        OpeningFailed: If there is none.
    """
    try:
        login = access.credentials.login(profile.security, profile.password)
    except (NoCredentials, KeyStoreError) as error:
        raise OpeningFailed(str(error)) from error
    try:
        opened = await _open(profile, profile.identity or access.station_id, login, subprotocols)
    except OpeningFailed as failure:
        await access.credentials.refused(login, tls.trouble(failure, login), str(failure))
        raise
    await access.credentials.worked(login, tls.chain_of(opened.transport.get_extra_info("ssl_object")))
    if opened.subprotocol is None and ASSUMED in subprotocols:
        log.warning("the backend names no version of OCPP; %s is taken for it", ASSUMED)
    elif opened.subprotocol is None:
        offered = " or ".join(subprotocols)
        await opened.close(CloseCode.PROTOCOL_ERROR, f"{offered} only")
        raise OpeningFailed(
            f"the backend does not speak {offered} at this address; "
            "check the path of the url, and that the backend has this version enabled"
        )
    return opened


async def _open(
    profile: NetworkProfile, station_id: str, login: Login, subprotocols: Sequence[str]
) -> ClientConnection:
    lost: list[Exception] = []
    """Why the connection went away while it was being opened: TLS 1.3 says there what it thinks of us."""
    try:
        return await _Unredirected(
            f"{profile.url.rstrip('/')}/{quote(station_id, safe='')}",
            subprotocols=[Subprotocol(name) for name in subprotocols],
            additional_headers=_credentials(station_id, login),
            create_connection=cast("type[ClientConnection]", partial(_Telling, lost)),
            ssl=tls.context(login),
            open_timeout=_OPEN_TIMEOUT_S,
            ping_interval=None,  # agent.csms.keepalive: its interval can change while the link is up
            close_timeout=_CLOSE_TIMEOUT_S,
            max_size=_LARGEST_FRAME_BYTES,
            compression=None,
            proxy=None,
        )
    except InvalidStatus as refused:
        raise OpeningFailed(_refusal(refused.response)) from refused
    except (OSError, InvalidHandshake, InvalidURI, ValueError) as error:
        cause = lost[-1] if lost else error
        raise OpeningFailed(_trouble(cause)) from cause


class _Unredirected(connect):
    """Follows no redirect: who may send a station elsewhere is the backend, by SetNetworkProfile."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Return the error as it is."""
        return exc


class _Telling(ClientConnection):
    """Notes why it was lost: the library keeps that to itself while a connection is being opened."""

    def __init__(self, lost: list[Exception], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._lost = lost

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it."""
        if exc is not None and self.response is None:
            self._lost.append(exc)
        super().connection_lost(exc)


def _credentials(station_id: str, login: Login) -> dict[str, str]:
    if not login.password:
        return {}
    credentials = base64.b64encode(f"{station_id}:".encode() + as_bytes(login.password)).decode()
    return {"Authorization": f"Basic {credentials}"}


def _refusal(response: Response) -> str:
    """Return what an HTTP answer in place of a WebSocket means."""
    code = response.status_code
    match code:
        case 400:
            advice = "it does not take the request; check that OCPP 2.0.1 is spoken at this address"
        case 401:
            advice = (
                "it does not take this station's password; compare it, and station.id, with the backend's"
            )
        case 403:
            advice = "it does not let this station in; ask the operator whether the station is blocked there"
        case 404:
            advice = (
                "there is no station of this id, or no OCPP, at this address; check the url and station.id"
            )
        case 426:
            advice = "it wants another version of OCPP or HTTP; check that the url is its WebSocket address"
        case _ if 300 <= code < 400:
            target = response.headers.get("Location", "an address it does not name")
            advice = f"it redirects to {target}, which is not followed; set that address if it is right"
        case _ if code >= 500:
            advice = "the backend, or a proxy before it, is in trouble; nothing to do here"
        case _:
            advice = "check the url"
    return f"HTTP {code}: {advice}"


def _trouble(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"the backend's certificate is not believed ({error.verify_message}); "
                "check csms.ca_file, the host name in the url and the station's clock"
            )
        case ssl.SSLError():
            return f"no TLS with the backend: {error.reason or error}"
        case socket.gaierror():
            return f"the backend's name cannot be resolved ({error.strerror}); check the url and the DNS"
        case ConnectionRefusedError():
            return "nobody listens at this address; check host and port of the url"
        case ConnectionResetError():
            return "the backend cut the connection at once; check that TLS is spoken at this address, or not"
        case InvalidMessage(__cause__=EOFError()):
            return (
                "the connection was closed without an answer, as by a proxy whose backend is away; "
                "if that lasts, check host and port of the url"
            )
        case InvalidMessage():
            return (
                "what answers there is no HTTP; "
                "check host and port of the url, and whether TLS is spoken at this address"
            )
        case TimeoutError():
            return "no answer in time; check the network, and that a firewall lets this station out"
        case _:
            return str(error) or type(error).__name__
