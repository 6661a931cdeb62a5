"""An address of a file on somebody's server, out of a URL that a backend sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, cast, get_args
from urllib.parse import quote, unquote, urlsplit

from agent.transfer.errors import BadLocation, NotSupported

Scheme = Literal["http", "https", "ftp", "ftps", "sftp"]

_PORTS: dict[Scheme, int] = {"http": 80, "https": 443, "ftp": 21, "ftps": 21, "sftp": 22}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ALREADY_ENCODED = "%/:;=@!$&'()*+,~?-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """`path` is decoded for FTP and SFTP, and as it goes into the request for HTTP (with the query)."""

    scheme: Scheme
    host: str
    port: int
    path: str
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Return the address for people: no credentials, and no query, which often carries some."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        shown = self.path.partition("?")[0]
        return f"{self.scheme}://{host}{port}{shown}"

    @property
    def is_secure(self) -> bool:
        """Whether nobody on the way can read or change the file."""
        return self.scheme in {"https", "ftps", "sftp"}

    def is_same_server(self, other: Location) -> bool:
        """Whether credentials for one may be shown to the other."""
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)

    def with_name(self, name: str) -> Location:
        """Return the place of a file of this name in this folder."""
        path, question, query = self.path.partition("?") if self.is_http else (self.path, "", "")
        added = quote(name) if self.is_http else name
        joined = f"{path.rstrip('/')}/{added}{question}{query}"
        return Location(
            scheme=self.scheme,
            host=self.host,
            port=self.port,
            path=joined,
            username=self.username,
            password=self.password,
        )

    @property
    def is_http(self) -> bool:
        """Whether it is reached over HTTP, with TLS or without."""
        return self.scheme in {"http", "https"}


def parse_location(text: str) -> Location:
    """Return the address that `text` is.

    Raises:
        BadLocation: If it is none.
        NotSupported: If its protocol is none of ours.
    """
    if _CONTROL.search(text) or _CONTROL.search(unquote(text)):
        raise BadLocation("an address has no control characters")
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadLocation("this is no address") from error
    scheme = parts.scheme.lower()
    if not scheme or not host or port == 0:
        raise BadLocation("expected an address such as https://host/path")
    if scheme not in get_args(Scheme):
        raise NotSupported(f"{scheme[:20]} is none of HTTP, HTTPS, FTP, FTPS and SFTP")
    known = cast("Scheme", scheme)
    return Location(
        scheme=known,
        host=host,
        port=port or _PORTS[known],
        path=_request_target(parts.path, parts.query) if known in {"http", "https"} else unquote(parts.path),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _request_target(path: str, query: str) -> str:
    """Return what goes into the request line; what is encoded already stays as it is."""
    target = quote(path or "/", safe=_ALREADY_ENCODED)
    return f"{target}?{quote(query, safe=_ALREADY_ENCODED)}" if query else target
