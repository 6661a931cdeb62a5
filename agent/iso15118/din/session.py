"""What is known of a session of DIN 70121."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agent.iso15118.v2g_message.envelope import SchemaName
from agent.iso15118.v2g_message.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class DinSession(Session):
    """One vehicle's session, as far as it has come."""

    schema_name: ClassVar[SchemaName] = "din"
    contactor_failed: ClassVar[str] = "FAILED_PowerDeliveryNotApplied"
