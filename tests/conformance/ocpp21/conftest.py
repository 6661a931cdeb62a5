from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start, start
from tests.conformance.station import CARD, OTHER_CARD

__all__ = ["Start", "start"]


@pytest.fixture
async def csms() -> AsyncIterator[Csms]:
    """A CSMS that speaks OCPP 2.1 and knows two cards."""
    known = {CARD: {"status": "Accepted"}, OTHER_CARD: {"status": "Accepted"}}
    async with Csms(version="2.1", subprotocol="ocpp2.1", tokens=known) as csms:
        yield csms
