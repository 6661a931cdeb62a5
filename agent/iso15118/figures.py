"""What is counted of conversations with vehicles, for as long as the agent runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from agent.iso15118.turns import Ending


@dataclass(slots=True)
class Figures:
    """Of one EVSE."""

    discoveries: int = 0
    """Datagrams that asked where the charger is, and were answered."""
    ignored_datagrams: int = 0
    connections: int = 0
    refused_connections: int = 0
    failed_handshakes: int = 0
    failed_agreements: int = 0
    messages: int = 0
    sessions: Counter[Ending] = field(default_factory=Counter)
    """Conversations by how they ended."""
