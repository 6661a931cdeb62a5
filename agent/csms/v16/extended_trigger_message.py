"""ExtendedTriggerMessage: the backend asks for a message of the security extension, too (5.8 of it)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16 import firmware_status, log_status, trigger_message
from ocppj.messages import v16
from ocppj.messages.fields import Payload


async def handle(request: v16.ExtendedTriggerMessageRequest, context: Context) -> Reply:
    """Accept what can be sent, and send it after the answer."""
    match request.requested_message:
        case "SignChargePointCertificate":
            return await _certificate(context)
        case "FirmwareStatusNotification":
            return _send(context, firmware_status.message(context.files.firmware.last_status()))
        case "LogStatusNotification":
            return _send(context, log_status.message(context.files.logs.last_status()))
        case message:
            plain = v16.TriggerMessageRequest(requested_message=message, connector_id=request.connector_id)
            reply = await trigger_message.handle(plain, context)
            status = trigger_message.status_of(reply)
            return Reply(v16.ExtendedTriggerMessageResponse(status=status), reply.after)


async def _certificate(context: Context) -> Reply:
    """Have a new key certified: made now, sent after the answer."""
    signer = context.security.signer
    if not await signer.prepare("client"):
        return Reply(v16.ExtendedTriggerMessageResponse(status="Rejected"))
    return Reply(v16.ExtendedTriggerMessageResponse(status="Accepted"), lambda: signer.ask("client"))


def _send(context: Context, request: Payload | None) -> Reply:
    async def send() -> None:
        if request is not None:
            await context.backend.call(request)

    return Reply(v16.ExtendedTriggerMessageResponse(status="Accepted"), send)
