"""OCPP 1.6 without its security extension gives requests for files no number."""

from __future__ import annotations

from typing import Final

UNNUMBERED: Final = -1
"""The number that such a request has for the rest of the agent."""
