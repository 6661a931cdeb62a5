"""Everything that a charging station may call in OCPP 2.0.1, and who answers it."""

from __future__ import annotations

from functools import partial
from typing import Any

from backend.csms.incoming import Actions, Answer, Immediate, Incoming, Stored
from backend.csms.settings import CsmsSettings
from backend.csms.v201 import data_transfer, heartbeat, kept, refused
from backend.csms.v201.authorize import Authorize
from backend.csms.v201.boot_notification import BootNotification
from backend.csms.v201.firmware_status_notification import FirmwareStatusNotification
from backend.csms.v201.meter_values import MeterValues
from backend.csms.v201.notify_report import NotifyReport
from backend.csms.v201.security_event_notification import SecurityEventNotification
from backend.csms.v201.status_notification import StatusNotification
from backend.csms.v201.transaction_event import TransactionEvent
from backend.db.group_commit import Handler
from ocppj.messages.fields import Payload


def actions(settings: CsmsSettings, transaction_event: TransactionEvent) -> Actions:
    """Return the table. The link answers calls that are missing here with NotSupported."""
    handlers: dict[str, Handler[Any, Answer]] = {
        "Authorize": Authorize(settings),
        "BootNotification": BootNotification(settings),
        "FirmwareStatusNotification": FirmwareStatusNotification(),
        "MeterValues": MeterValues(),
        "NotifyReport": NotifyReport(),
        "SecurityEventNotification": SecurityEventNotification(),
        "StatusNotification": StatusNotification(),
        "TransactionEvent": transaction_event,
        **kept.HANDLERS,
    }
    return {
        **{action: Stored(handler) for action, handler in handlers.items()},
        **{action: Immediate(partial(_refuse, answer)) for action, answer in refused.ANSWERS.items()},
        "DataTransfer": Immediate(data_transfer.answer),
        "Heartbeat": Immediate(heartbeat.answer),
    }


def _refuse(answer: Payload, _incoming: Incoming[Payload]) -> Answer:
    return answer
