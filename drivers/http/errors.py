"""What can go wrong with a device on HTTP.

DeviceError (drivers.ports)
  HttpError               has .url
    Unreachable           there is no connection, or it was lost before the whole response
    NoResponse            it took too long
    BadResponse           what came is no HTTP response, or too long a one
    UnexpectedResponse    the response has another status or content than the request should have; has .status
"""

from __future__ import annotations

from drivers.ports import DeviceError


class HttpError(DeviceError):
    """A request to the device failed; nothing of its response may be used."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")
        self.url = url


class Unreachable(HttpError):
    """There is no connection to the device, or it was lost."""


class NoResponse(HttpError):
    """The whole response did not come in time."""


class BadResponse(HttpError):
    """What came is no HTTP response."""


class UnexpectedResponse(HttpError):
    """The device answered something else than it should."""

    def __init__(self, url: str, status: int, problem: str) -> None:
        super().__init__(url, problem)
        self.status = status
