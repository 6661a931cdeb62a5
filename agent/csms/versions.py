"""The versions that this station can speak, loaded when they are first spoken: each costs memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from agent.csms.dialect import Dialect
from agent.network.profiles import OcppVersion
from ocppj.versions import Version

ASSUMED: Final = Version.V16.subprotocol
"""What a backend speaks that chose no version: only old ones, made for 1.6, leave it out."""


def subprotocols(versions: Sequence[OcppVersion]) -> list[str]:
    """Return the subprotocols to offer for these versions, in their order."""
    return [f"ocpp{version}" for version in versions]


@cache
def dialect_of(subprotocol: str) -> Dialect:
    """Return the dialect of the version that a backend chose."""
    if subprotocol == Version.V16.subprotocol:
        from agent.csms.v16.dialect import Dialect16  # noqa: PLC0415 - not before it is spoken

        return Dialect16()
    if subprotocol == Version.V21.subprotocol:
        from agent.csms.v21.dialect import Dialect21  # noqa: PLC0415 - not before it is spoken

        return Dialect21()
    from agent.csms.v201.dialect import Dialect201  # noqa: PLC0415 - not before it is spoken

    return Dialect201()
