"""CustomerInformation: the backend asks what is held about a customer, or has it cleared (N09, N10)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import certificate_types, notify_report
from agent.customers.customer import Customer, Holding
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_PART: Final = 512
"""Characters of one message."""
_NOTHING: Final = "No data about this customer was found."
_CLEARED: Final = "All data about this customer was cleared."


async def handle(request: v201.CustomerInformationRequest, context: Context) -> Reply:
    """Clear what is to be cleared before the answer, and report after it."""
    if not request.report and not request.clear:  # N09.FR.07, N10.FR.07
        return _refused("Rejected", "InvalidValue", "neither report nor clear is asked for")
    customer = _customer(request)
    if customer is None:  # N09.FR.09
        return _refused(
            "Invalid", "InvalidValue", "name one idToken, customerCertificate or customerIdentifier"
        )
    if context.reports.is_busy:  # N09.FR.03, N10.FR.05
        return Reply(v201.CustomerInformationResponse(status="Rejected", status_info=notify_report.BUSY))
    try:
        before = await context.customers.holdings(customer)
        if request.clear:
            await context.customers.clear(customer)
        after = await context.customers.holdings(customer)
    except StoreError as error:
        log.error("customer information: %s", error)
        return _refused("Rejected", "InternalError", "the state file cannot be used")
    text = _text(before, after, is_report=request.report, is_clear=request.clear)

    parts = _parts(request.request_id, text, context.now())
    response = v201.CustomerInformationResponse(status="Accepted")
    return Reply(response, lambda: context.reports.send(context.backend.call, parts))


def _parts(request_id: int, text: str, at: datetime) -> Iterator[v201.NotifyCustomerInformationRequest]:
    """Yield the messages in order; all but the last say that more is to come."""
    for seq_no, first in enumerate(range(0, len(text), _PART)):
        yield v201.NotifyCustomerInformationRequest(
            request_id=request_id,
            seq_no=seq_no,
            generated_at=at,
            tbc=first + _PART < len(text),
            data=text[first : first + _PART],
        )


def _customer(request: v201.CustomerInformationRequest) -> Customer | None:
    """Return who is meant; None if nobody or several are named."""
    references = (request.id_token, request.customer_identifier, request.customer_certificate)
    if sum(reference is not None for reference in references) != 1:
        return None
    if request.id_token is not None:
        return Customer(id=request.id_token.id_token, type=request.id_token.type)
    if request.customer_certificate is not None:
        return Customer(id=None, certificate=certificate_types.read(request.customer_certificate))
    return Customer(id=request.customer_identifier)


def _text(before: Sequence[Holding], after: Sequence[Holding], *, is_report: bool, is_clear: bool) -> str:
    """Return what the backend is told: what there was, and what became of it."""
    lines = [holding.text for holding in before] if is_report and before else []
    if is_report and not before:
        lines = [_NOTHING]
    if is_clear and after:
        lines.append("Cleared, except what is needed still:")
        lines += [f"{holding.text} ({holding.why_kept})" for holding in after]
    elif is_clear and (before or not is_report):
        lines.append(_CLEARED)
    return "\n".join(lines)


def _refused(status: v201.CustomerInformationStatusEnumType, reason: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=reason, additional_info=why)
    return Reply(v201.CustomerInformationResponse(status=status, status_info=info))
