"""NotifySettlement, VatNumberValidation: what becomes of payments, and for whom receipts are (C18 to C22)."""

from __future__ import annotations

from agent.payments.records import Address, Report, Told, VatAnswer, VatQuestion
from ocppj.messages import v21

_LONGEST_INFO = 500


def report(told: Report) -> v21.NotifySettlementRequest:
    """Return what became of a payment."""
    return v21.NotifySettlementRequest(
        psp_ref=told.psp_ref,
        status=told.status,
        settlement_amount=told.amount,
        settlement_time=told.at,
        transaction_id=told.transaction_id,
        status_info=None if told.info is None else told.info[:_LONGEST_INFO],
        receipt_id=told.receipt_id,
        receipt_url=told.receipt_url,
        vat_number=told.vat_number,
        vat_company=None if told.company is None else _address(told.company),
    )


def read_report(response: v21.NotifySettlementResponse) -> Told:
    """Return the receipt that the backend made, if it makes them."""
    return Told(receipt_id=response.receipt_id, receipt_url=response.receipt_url)


def vat(question: VatQuestion) -> v21.VatNumberValidationRequest:
    """Return the question about a company's number."""
    return v21.VatNumberValidationRequest(vat_number=question.number, evse_id=question.evse_id)


def read_vat(response: v21.VatNumberValidationResponse) -> VatAnswer:
    """Return the backend's word on it."""
    found = response.company
    company = None
    if found is not None:
        company = Address(
            name=found.name,
            address1=found.address1,
            address2=found.address2,
            city=found.city,
            postal_code=found.postal_code,
            country=found.country,
        )
    return VatAnswer(is_valid=response.status == "Accepted", company=company)


def _address(company: Address) -> v21.AddressType:
    return v21.AddressType(
        name=company.name,
        address1=company.address1,
        address2=company.address2,
        city=company.city,
        postal_code=company.postal_code,
        country=company.country,
    )
