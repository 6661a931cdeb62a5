"""OCPP 2.1 as the rest of the agent sees it: 2.0.1, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from agent.csms.dialect import Handler
from agent.csms.v21 import set_network_profile
from agent.csms.v21.carry import carry
from agent.csms.v201.dialect import Dialect201
from ocppj.messages.fields import Payload
from ocppj.versions import Version


class Dialect21(Dialect201):
    """Implements `agent.csms.dialect.Dialect`."""

    version = Version.V21
    handlers: ClassVar[Mapping[str, Handler]] = {
        **Dialect201.handlers,
        "SetNetworkProfile": set_network_profile.handle,
    }

    def form(self, message: Payload) -> Payload:
        """Return the message in 2.1's types, whichever of the two versions made it."""
        return carry(message)
