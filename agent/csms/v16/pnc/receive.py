"""What the backend asks of a charge point by the application note."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from agent.csms.dialect import After, Context, Reply
from agent.csms.v16.pnc import messages
from agent.csms.v16.pnc.send import TYPES
from agent.security.signing import Purpose
from certs.keystore import KeyStoreError
from certs.root_files import Kind
from ocppj.messages import v16

log = logging.getLogger(__name__)

_ROOTS: Final[dict[str, Kind]] = {
    "V2GRootCertificate": "V2G",
    "MORootCertificate": "MO",
    "CSMSRootCertificate": "CSMS",
    "ManufacturerRootCertificate": "Manufacturer",
}
_CHAIN: Final = "V2GCertificateChain"
_TYPES: Final = {kind: name for name, kind in _ROOTS.items()} | {"V2G chain": _CHAIN}
_DELETED: Final[dict[str, messages.Status]] = {"deleted": "Accepted", "not found": "NotFound"}
_TRIGGERS: Final[dict[str, Purpose]] = {
    "SignV2GCertificate": "secc",
    "SignCombinedCertificate": "combined",
}


async def handle(request: v16.DataTransferRequest, context: Context) -> Reply:
    """Answer one of the note's messages; what cannot be read is Rejected."""
    known = _HANDLERS.get(request.message_id or "")
    if known is None:
        return Reply(v16.DataTransferResponse(status="UnknownMessageId"))
    kind, handler = known
    try:
        answer, after = await handler(msgspec.json.decode(request.data or "{}", type=kind), context)
    except (msgspec.DecodeError, KeyStoreError) as error:
        log.warning("%s over DataTransfer: %s", request.message_id, error)
        return Reply(v16.DataTransferResponse(status="Rejected"))
    return Reply(v16.DataTransferResponse(status="Accepted", data=messages.write(answer)), after)


_Done = tuple[Any, After | None]


async def _certificate_signed(request: messages.CertificateSigned, context: Context) -> _Done:
    purposes = {name: purpose for purpose, name in TYPES.items() if name}
    purpose = purposes.get(request.certificate_type or "")
    why = await context.security.signer.take(request.certificate_chain, purpose)
    if why is not None:
        log.warning("the certificate that the backend sent is not used: %s", why)
        return messages.Plain(status="Rejected"), None
    after = context.reconnect if context.security.credentials.has_newer() else None
    return messages.Plain(status="Accepted"), after


async def _install(request: messages.InstallCertificate, context: Context) -> _Done:
    kind = _ROOTS.get(request.certificate_type)
    if kind is None:
        return messages.Plain(status="Rejected"), None
    refusal = await context.security.certificates.install(kind, request.certificate)
    if refusal is None:
        return messages.Plain(status="Accepted"), None
    return messages.Plain(status="Failed" if refusal.what == "failed" else "Rejected"), None


async def _delete(request: messages.DeleteCertificate, context: Context) -> _Done:
    outcome = await context.security.certificates.delete(request.certificate_hash_data.read())
    return messages.Plain(status=_DELETED.get(outcome, "Failed")), None


async def _installed(request: messages.GetInstalledCertificateIds, context: Context) -> _Done:
    wanted = request.certificate_type or tuple(_TYPES.values())
    kinds = [kind for name, kind in _ROOTS.items() if name in wanted]
    listed = await context.security.certificates.listed(kinds, with_v2g_chain=_CHAIN in wanted)
    chains = tuple(
        messages.Chain(
            certificate_type=_TYPES[one.kind],
            certificate_hash_data=messages.Named.of(one.named),
            child_certificate_hash_data=tuple(map(messages.Named.of, one.below)) or None,
        )
        for one in listed
    )
    answer = messages.InstalledCertificateIds(
        status="Accepted" if chains else "NotFound", certificate_hash_data_chain=chains or None
    )
    return answer, None


async def _trigger(request: messages.TriggerMessage, context: Context) -> _Done:
    purpose, signer = _TRIGGERS.get(request.requested_message), context.security.signer
    if purpose is None:
        return messages.Plain(status="NotImplemented"), None
    if not await signer.prepare(purpose):
        return messages.Plain(status="Rejected"), None
    return messages.Plain(status="Accepted"), lambda: signer.ask(purpose)


_HANDLERS: Final[dict[str, tuple[Any, Callable[[Any, Context], Awaitable[_Done]]]]] = {
    "CertificateSigned": (messages.CertificateSigned, _certificate_signed),
    "DeleteCertificate": (messages.DeleteCertificate, _delete),
    "GetInstalledCertificateIds": (messages.GetInstalledCertificateIds, _installed),
    "InstallCertificate": (messages.InstallCertificate, _install),
    "TriggerMessage": (messages.TriggerMessage, _trigger),
}
