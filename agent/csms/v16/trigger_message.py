"""TriggerMessage: the backend asks for a message now (OCPP 1.6, 5.17)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import After, Context, Reply
from agent.csms.v16 import boot_notification, firmware_status, log_status, meter_values
from agent.station.service import EvseService
from ocppj.messages import v16
from ocppj.messages.fields import Payload


async def handle(request: v16.TriggerMessageRequest, context: Context) -> Reply:
    """Accept what can be sent, and send it after the answer; without a connector it is meant for all."""
    services = _asked(request.connector_id, context)
    asks_values = request.requested_message == "MeterValues"
    if not services or (asks_values and not _values(services, context)):
        return Reply(v16.TriggerMessageResponse(status="Rejected"))
    return Reply(v16.TriggerMessageResponse(status="Accepted"), _sender(request, services, context))


def status_of(reply: Reply) -> v16.TriggerMessageStatus:
    """Return what `handle` answered."""
    return cast("v16.TriggerMessageResponse", reply.response).status


def _asked(connector_id: int | None, context: Context) -> list[EvseService]:
    evses = context.station.evses
    if connector_id in (None, 0):
        return list(evses.values())
    return [service for number, service in evses.items() if number == connector_id]


def _sender(request: v16.TriggerMessageRequest, services: list[EvseService], context: Context) -> After:
    match request.requested_message:
        case "BootNotification" if not context.is_registered():
            return context.send_boot_notification
        case "BootNotification":
            return lambda: _send(context, boot_notification.message(context.identity))
        case "Heartbeat":
            return context.send_heartbeat
        case "StatusNotification":
            return lambda: context.send_status(request.connector_id)
        case "MeterValues":
            return lambda: _send(context, *_values(services, context))
        case "FirmwareStatusNotification":
            update = firmware_status.message(context.files.firmware.last_status())
            return lambda: _send(context, *([] if update is None else [update]))
        case "DiagnosticsStatusNotification":
            return lambda: _send(context, log_status.diagnostics(context.files.logs.last_status()))


def _values(services: list[EvseService], context: Context) -> list[Payload]:
    measurands = context.station.settings.members("AlignedDataCtrlr.Measurands")
    found: list[Payload] = []
    for service in services:
        sample = service.latest_sample(measurands, "Trigger")
        if sample is not None:
            transaction_id = service.transaction_id
            number = None if transaction_id is None else context.accounts.of(transaction_id).number
            found.append(meter_values.message(service.identity.evse_id, (sample,), number))
    return found


async def _send(context: Context, *requests: Payload) -> None:
    for request in requests:
        await context.backend.call(request)
