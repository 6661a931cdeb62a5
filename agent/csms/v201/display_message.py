"""Display messages between OCPP 2.0.1 and the station's own records."""

from __future__ import annotations

from datetime import datetime

from agent.display.messages import Message
from ocppj.messages import v201


def read(info: v201.MessageInfoType, now: datetime) -> Message:
    """Return the record of a message that the backend sets."""
    evse = None if info.display is None else info.display.evse
    return Message(
        id=info.id,
        priority=info.priority,
        text=info.message.content,
        format=info.message.format,
        set_at=now,
        language=info.message.language,
        state=info.state,
        starts_at=info.start_date_time,
        ends_at=info.end_date_time,
        transaction_id=info.transaction_id,
        display=None if info.display is None else info.display.name,
        evse_id=None if evse is None else evse.id,
        connector_id=None if evse is None else evse.connector_id,
    )


def message(one: Message) -> v201.MessageInfoType:
    """Return the message as it is reported (O03)."""
    return v201.MessageInfoType(
        id=one.id,
        priority=one.priority,
        state="Idle" if one.state == "Suspended" else one.state,  # a word of 2.1
        start_date_time=one.starts_at,
        end_date_time=one.ends_at,
        transaction_id=one.transaction_id,
        display=None if one.display is None else v201.ComponentType(name=one.display, evse=_evse(one)),
        message=v201.MessageContentType(
            format="URI" if one.format == "QRCODE" else one.format,  # a word of 2.1
            language=one.language,
            content=one.text,
        ),
    )


def _evse(one: Message) -> v201.EVSEType | None:
    return None if one.evse_id is None else v201.EVSEType(id=one.evse_id, connector_id=one.connector_id)
