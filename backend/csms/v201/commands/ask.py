"""Send a request and make sure that the answer is of its kind."""

from __future__ import annotations

from typing import TypeVar

from backend.csms.errors import StationRefused
from backend.csms.registry import Caller
from ocppj.messages.fields import Payload

ResponseT = TypeVar("ResponseT", bound=Payload)


async def ask(
    station: Caller, request: Payload, kind: type[ResponseT], timeout_s: float | None = None
) -> ResponseT:
    """Send the request and return the response.

    Raises:
        StationSilent: If no answer came in time.
        StationRefused: If the answer is an error.
    """
    response = await station.call(request, timeout_s=timeout_s)
    if not isinstance(response, kind):
        raise StationRefused(station.identity, "ProtocolError", f"answered with {type(response).__name__}")
    return response
