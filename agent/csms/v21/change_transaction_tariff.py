"""ChangeTransactionTariff: another tariff for a transaction that runs (I11)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import tariff
from agent.csms.v21.reasons import info
from agent.station.service import EvseService
from agent.tariffs.tariff import Tariff
from ocppj.messages import v21


async def handle(request: v21.ChangeTransactionTariffRequest, context: Context) -> Reply:
    """Price the transaction by the tariff from now on, if that can be; it is told after the answer."""
    service = context.station.find_transaction(request.transaction_id)
    if service is None:
        return _refused("TxNotFound", "TxNotFound", "no such transaction runs")
    new = tariff.read(request.tariff)
    refusal = context.station.tariffs.problem_with(new)
    if refusal is not None and refusal.status != "DuplicateTariffId":
        return _refused(refusal.status, refusal.reason, refusal.why)
    return await _change(service, new)


async def _change(service: EvseService, new: Tariff) -> Reply:
    bill = service.pricing.bill
    if bill is None:
        why = "this transaction is not priced here: it began without a tariff"
        return _refused("Rejected", "InvalidValue", why)
    if bill.tariff.currency != new.currency:  # I11.FR.05
        return _refused("NoCurrencyChange", "InvalidValue", f"it is priced in {bill.tariff.currency}")

    async def tell() -> None:
        await service.change_tariff(new)

    return Reply(v21.ChangeTransactionTariffResponse(status="Accepted"), tell)


def _refused(status: v21.TariffChangeStatusEnumType, code: str, why: str) -> Reply:
    return Reply(v21.ChangeTransactionTariffResponse(status=status, status_info=info(code, why)))
