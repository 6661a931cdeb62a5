"""TriggerMessage: the backend asks for a message now (F06)."""

from __future__ import annotations

from collections.abc import Iterator

from agent.csms.dialect import After, Context, Reply
from agent.csms.v201 import get_log, publish_firmware, update_firmware
from agent.csms.v201.meter_values import meter_value
from agent.security.signing import Purpose, Signer
from agent.station.events import SampleDue
from agent.station.evse import IllegalTransition
from agent.station.service import EvseService
from ocppj.messages import v201
from ocppj.messages.fields import Payload

_OF_AN_EVSE = ("MeterValues", "StatusNotification", "TransactionEvent")
"""The messages for which the EVSE in the request is relevant; for others it is ignored (F06.FR.03)."""

_CERTIFICATES: dict[str, Purpose] = {
    "SignChargingStationCertificate": "client",
    "SignV2GCertificate": "secc",
    "SignV2G20Certificate": "secc20",
    "SignCombinedCertificate": "combined",
}


async def handle(request: v201.TriggerMessageRequest, context: Context) -> Reply:
    """Accept what can be sent, and send it after the answer (F06.FR.04, F06.FR.10)."""
    if request.requested_message in _CERTIFICATES:
        return await _certificate(_CERTIFICATES[request.requested_message], context.security.signer)
    after = _sender(request, context)
    if after is None:
        return _reply("NotImplemented")
    if request.requested_message == "BootNotification" and context.is_registered():
        return _reply("Rejected")  # F06.FR.17: an accepted station does not announce itself again
    if request.requested_message in _OF_AN_EVSE and not _has_something_to_say(request, context):
        return _reply("Rejected")
    return _reply("Accepted", after)


def _has_something_to_say(request: v201.TriggerMessageRequest, context: Context) -> bool:
    match request.requested_message:
        case "TransactionEvent":
            # Before the backend accepts the station, transaction events wait in the outbox.
            return context.is_registered() and any(_with_transaction(request, context))
        case "MeterValues":
            return any(_meter_values(request, context))
        case _:  # StatusNotification is asked for by connector only (F06.FR.12)
            is_named = request.evse is not None and request.evse.connector_id is not None
            return is_named and any(_asked(request, context))


async def _certificate(purpose: Purpose, signer: Signer) -> Reply:
    """Have a new key certified (A02): made now, sent after the answer."""
    if not await signer.prepare(purpose):
        return _reply("Rejected")
    return _reply("Accepted", lambda: signer.ask(purpose))


def _reply(status: v201.TriggerMessageStatusEnumType, after: After | None = None) -> Reply:
    return Reply(v201.TriggerMessageResponse(status=status), after)


def _sender(request: v201.TriggerMessageRequest, context: Context) -> After | None:
    match request.requested_message:
        case "BootNotification":
            return context.send_boot_notification
        case "Heartbeat":
            return context.send_heartbeat
        case "StatusNotification":
            return lambda: context.send_status(None if request.evse is None else request.evse.id)
        case "MeterValues":
            return lambda: _send(context, *_meter_values(request, context))
        case "TransactionEvent":
            return lambda: _transaction_events(request, context)
        case "FirmwareStatusNotification":
            return lambda: _send(context, update_firmware.status(context.files.firmware.last_status()))
        case "LogStatusNotification":
            return lambda: _send(context, get_log.status(context.files.logs.last_status()))
        case "PublishFirmwareStatusNotification" if context.files.publisher.is_controller:
            return lambda: _send(context, publish_firmware.status(context.files.publisher.last_status()))
        case _:
            return None


async def _send(context: Context, *requests: Payload) -> None:
    for request in requests:
        await context.backend.call(request)


def _asked(request: v201.TriggerMessageRequest, context: Context) -> Iterator[EvseService]:
    """Yield the EVSEs that were asked for: the one named, or all (F06.FR.11)."""
    wanted = request.evse
    for service in context.station.evses.values():
        place = service.identity
        if wanted is None or (
            wanted.id == place.evse_id and wanted.connector_id in (None, place.connector_id)
        ):
            yield service


def _with_transaction(request: v201.TriggerMessageRequest, context: Context) -> Iterator[EvseService]:
    return (service for service in _asked(request, context) if service.state.transaction is not None)


def _meter_values(request: v201.TriggerMessageRequest, context: Context) -> Iterator[v201.MeterValuesRequest]:
    """Yield the latest values, measurands as for clock-aligned ones (F06.FR.06)."""
    measurands = context.station.settings.members("AlignedDataCtrlr.Measurands")
    for service in _asked(request, context):
        sample = service.latest_sample(measurands, "Trigger")
        if sample is not None:
            yield v201.MeterValuesRequest(
                evse_id=service.identity.evse_id, meter_value=(meter_value(sample),)
            )


async def _transaction_events(request: v201.TriggerMessageRequest, context: Context) -> None:
    """Report every running transaction that was asked for, with meter values (F06.FR.07)."""
    for service in list(_with_transaction(request, context)):
        try:
            await service.apply(SampleDue(at=context.now(), trigger="Trigger"))
        except IllegalTransition:
            continue
