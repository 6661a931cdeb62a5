"""GetTariffs: which tariffs there are, and where (I09)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.csms.dialect import Context, Reply
from agent.csms.v21.reasons import info
from agent.station.service import EvseService
from agent.tariffs.book import Installed
from ocppj.messages import v21


async def handle(request: v21.GetTariffsRequest, context: Context) -> Reply:
    """List the tariffs of one EVSE, or with 0 of all."""
    evses = context.station.evses
    if request.evse_id and request.evse_id not in evses:
        said = info("UnknownEvse", f"there is no EVSE {request.evse_id}")
        return Reply(v21.GetTariffsResponse(status="Rejected", status_info=said))
    meant = {number: one for number, one in evses.items() if request.evse_id in (0, number)}
    found = (*_installed(context.station.tariffs.book, meant), *_in_use(context.station.tariffs.book, meant))
    if not found:
        return Reply(v21.GetTariffsResponse(status="NoTariff"))
    return Reply(v21.GetTariffsResponse(status="Accepted", tariff_assignments=found))


def _installed(
    book: tuple[Installed, ...], evses: Mapping[int, EvseService]
) -> Iterator[v21.TariffAssignmentType]:
    """Yield the default tariffs with all their EVSEs that were asked for (I09.FR.04, I09.FR.07)."""
    for one in book:
        there = tuple(number for number in one.evse_ids if number in evses)
        if there:
            yield v21.TariffAssignmentType(
                tariff_id=one.tariff.id,
                tariff_kind="DefaultTariff",
                evse_ids=there,
                valid_from=one.tariff.valid_from,
            )


def _in_use(
    book: tuple[Installed, ...], evses: Mapping[int, EvseService]
) -> Iterator[v21.TariffAssignmentType]:
    """Yield drivers' own, and default ones that only a transaction still has (I09.FR.05, I09.FR.06)."""
    for number, service in evses.items():
        bill, driver = service.pricing.bill, service.state.authorization
        transaction = service.state.transaction
        own = None if driver is None else driver.tariff
        if bill is None and own is not None and driver is not None:
            yield _of_driver(own.id, driver.token.id, None)
        elif bill is not None and bill.is_of_driver:
            token = None if transaction is None or transaction.token is None else transaction.token.id
            yield _of_driver(bill.tariff.id, token, number)
        elif bill is not None and not _is_installed(book, bill.tariff.id, number):
            yield v21.TariffAssignmentType(
                tariff_id=bill.tariff.id, tariff_kind="DefaultTariff", evse_ids=(number,)
            )


def _of_driver(tariff_id: str, token: str | None, evse_id: int | None) -> v21.TariffAssignmentType:
    return v21.TariffAssignmentType(
        tariff_id=tariff_id,
        tariff_kind="DriverTariff",
        evse_ids=None if evse_id is None else (evse_id,),
        id_tokens=None if token is None else (token,),
    )


def _is_installed(book: tuple[Installed, ...], tariff_id: str, evse_id: int) -> bool:
    return any(one.tariff.id == tariff_id and evse_id in one.evse_ids for one in book)
