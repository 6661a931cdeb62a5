"""CSMSs of every OCPP version, for tests that each of them must pass."""

from __future__ import annotations

from typing import Any, Final

from tests.conformance.kit import Csms
from tests.conformance.station import CARD

VERSIONS: Final = ("1.6", "2.0.1", "2.1")


def speaking(version: str, kind: type[Csms] = Csms, **more: Any) -> Csms:
    """Return a CSMS that speaks this version and knows one card; it does not listen yet."""
    known = {CARD: {"status": "Accepted"}}
    return kind(**{"version": version, "subprotocol": f"ocpp{version}", "tokens": known, **more})


def told(version: str) -> tuple[str, ...]:
    """Return the actions by which a version tells of transactions."""
    if version == "1.6":
        return ("StartTransaction", "MeterValues", "StopTransaction")
    return ("TransactionEvent",)
