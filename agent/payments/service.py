"""Payments at the station's terminal, from the card to the receipt (C18 to C23).

A payment is stored before its driver may charge and forgotten once the backend knows what became of it. What
goes on is read from the EVSE: so a power cut at any step is made up for at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.verdicts import Verdict
from agent.display.notes import Note, Notes
from agent.payments.records import Payment, Report, Told, VatAnswer, VatQuestion
from agent.payments.terminal import PaymentTerminal, Receipt, TerminalError
from agent.station.events import TransactionLimited
from agent.station.service import EvseService
from agent.station.station import Outcome, Station
from agent.store import payments as stored
from agent.store.database import Database, StoreError
from agent.tariffs.taxes import payable
from agent.transactions.limits import TxLimit
from agent.transactions.records import Token, TokenDetail, Transaction
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

ENABLED: Final = "PaymentCtrlr.Enabled"
ASKS: Final = "PaymentCtrlr.AuthorizeDirectPayment"
AMOUNT: Final = "PaymentCtrlr.AuthorizationAmount"
STEP: Final = "PaymentCtrlr.IncrementalAuthorizationAmount"
THRESHOLD: Final = "PaymentCtrlr.IncrementalAuthorizationThreshold"
DETAILS: Final = "PaymentCtrlr.PaymentDetails"
BY_BACKEND: Final = "PaymentCtrlr.SettlementByCSMS"
RECEIPT_BY_BACKEND: Final = "PaymentCtrlr.ReceiptByCSMS"
CURRENCY: Final = "TariffCostCtrlr.Currency"
_EVERY_S: Final = 0.5
_RETRY_S: Final = 5.0
_ZERO: Final = Decimal(0)
_NO_RECEIPT: Final = Receipt()


class Backend(Protocol):
    """Who is asked and told."""

    async def check_token(self, token: Token) -> Verdict:
        """Return the backend's verdict.

        Raises:
            BackendUnreachable: If there is none to be had.
        """

    async def ask(self, question: object) -> Any:
        """Return what the backend answers.

        Raises:
            BackendUnreachable: If it cannot be asked.
        """


class Payments:
    """The payments at one terminal."""

    def __init__(
        self,
        terminal: PaymentTerminal,
        station: Station,
        backend: Backend,
        database: Database,
        now: Callable[[], datetime],
    ) -> None:
        self.terminal = terminal
        self._station = station
        self._settings: DeviceModel = station.settings
        self._backend = backend
        self._database = database
        self._now = now
        self._notes = Notes()
        self._payments: dict[str, Payment] = {}
        self._busy = asyncio.Lock()
        self._rests: dict[str, float] = {}

    async def restore(self, notes: Notes) -> None:
        """Take over what is stored.

        Raises:
            StoreError: If it cannot be read.
        """
        self._notes = notes
        self._payments = await self._database.read(stored.load)

    async def run(self) -> None:
        """Follow the payments until cancelled."""
        while True:
            await self.follow()
            await asyncio.sleep(_EVERY_S)

    @property
    def amount(self) -> Decimal:
        """How much the terminal is to have held on a card (C18.FR.01)."""
        return Decimal(self._settings.text(AMOUNT))

    async def authorized(
        self, psp_ref: str, evse_id: int | None, details: tuple[TokenDetail, ...] = ()
    ) -> Outcome:
        """A card was presented, and `amount` is held on it: let its driver charge, or give it back (C18).

        The same payment again ends what it began.

        Raises:
            StoreError: If it could not be made durable: nothing has begun.
            TerminalError: If what is held could not be given back.
        """
        wanted = self._settings.members(DETAILS)
        token = Token(
            id=psp_ref, type="DirectPayment", details=tuple(one for one in details if one.kind in wanted)
        )
        if psp_ref in self._payments:
            return await self._station.tap(token, evse_id)
        service = self._station.choose(evse_id, token)
        if not self._settings.flag(ENABLED) or service is None:
            return await self._give_back(psp_ref, "payments are not taken here, or several EVSEs are free")
        verdict = await self._verdict(token)
        if not verdict.is_accepted:
            return await self._give_back(psp_ref, verdict.status)
        payment = Payment(
            psp_ref=psp_ref,
            evse_id=service.identity.evse_id,
            held=self.amount,
            details=token.details,
            is_known=self._settings.flag(ASKS),
        )
        async with self._busy:
            await self._keep(payment)
            outcome = await self._station.admit(service, token, verdict)
            if not outcome.is_accepted:
                await self._forget(payment)
        return outcome if outcome.is_accepted else await self._give_back(psp_ref, outcome.why)

    async def validate_vat(self, number: str, evse_id: int | None) -> VatAnswer:
        """Ask about the VAT number that a driver wants on the receipt, and keep it if it is one (C18.FR.08).

        Raises:
            BackendUnreachable: If it cannot be asked.
            StoreError: If it could not be made durable.
        """
        answer: VatAnswer = await self._backend.ask(VatQuestion(number=number, evse_id=evse_id))
        async with self._busy:
            for payment in list(self._payments.values()):
                if answer.is_valid and payment.report is None and evse_id in (None, payment.evse_id):
                    await self._keep(replace(payment, vat_number=number, company=answer.company))
        return answer

    async def follow(self) -> None:
        """Do what is due for every payment; what cannot be done now is tried again later."""
        now_s = asyncio.get_running_loop().time()
        async with self._busy:
            for payment in list(self._payments.values()):
                if self._rests.get(payment.psp_ref, 0.0) > now_s:
                    continue
                try:
                    await self._follow(payment)
                except (StoreError, TerminalError, BackendUnreachable) as error:
                    log.warning("payment %s: %s; again in %.0f s", payment.psp_ref, error, _RETRY_S)
                    self._rests[payment.psp_ref] = now_s + _RETRY_S

    async def _follow(self, payment: Payment) -> None:
        if payment.report is not None:
            await self._tell(payment, payment.report)
            return
        service = self._station.evses.get(payment.evse_id)
        if service is None:
            await self._conclude(payment, "Failed", _ZERO, info="its EVSE is no more")
            return
        transaction, driver = service.state.transaction, service.state.authorization
        token = None if transaction is None else transaction.token
        if transaction is not None and token is not None and token.is_same_as(payment.token):
            if payment.transaction_id != transaction.id:
                payment = replace(payment, transaction_id=transaction.id)
                await self._keep(payment)
            await self._bound(payment, transaction, service)
            return
        if driver is not None and driver.token.is_same_as(payment.token):
            return
        await self._end(payment, service)

    async def _end(self, payment: Payment, service: EvseService) -> None:
        """Settle a payment whose driver is gone, or give it back if nothing is due (C19, C20, C21)."""
        if payment.transaction_id is None:
            await self.terminal.release(payment.psp_ref)
            if payment.is_known:
                await self._conclude(payment, "Canceled", _ZERO)
            else:
                await self._forget(payment)
            return
        cost = self._cost(payment, service)
        if cost is None:
            return
        if cost == _ZERO:
            await self.terminal.release(payment.psp_ref)
            await self._conclude(payment, "Canceled", _ZERO)
        elif self._settings.flag(BY_BACKEND):
            await self._forget(payment)
        else:
            await self._settle(payment, cost)

    def _cost(self, payment: Payment, service: EvseService) -> Decimal | None:
        """Return what the transaction cost, as calculated here or as the backend says; None while unknown."""
        last = service.pricing.last
        if last is not None and last[0] == payment.transaction_id:
            return payable(last[1].payable, last[1].currency)
        known = self._station.costs.at(payment.evse_id)
        if known is None or known.transaction_id != payment.transaction_id or not known.is_final:
            return None
        return payable(known.total, known.currency)

    async def _settle(self, payment: Payment, cost: Decimal) -> None:
        currency = self._settings.text(CURRENCY)
        try:
            settled = await self.terminal.settle(payment.psp_ref, cost, currency)
        except TerminalError as error:  # C22.FR.02
            await self._conclude(payment, "Failed", cost, info=str(error))
            return
        is_ours = settled.status == "Settled" and not self._settings.flag(RECEIPT_BY_BACKEND)
        receipt = settled.receipt if is_ours else _NO_RECEIPT
        await self._conclude(payment, settled.status, cost, info=settled.info, receipt=receipt)

    async def _bound(self, payment: Payment, transaction: Transaction, service: EvseService) -> None:
        """Let the transaction cost no more than what is held, and have more held in time (C18, C23)."""
        most = transaction.driver_limit.cost
        if most is None or most > payment.held:
            await self._limit(payment.held, service)
        cost, step = service.pricing.cost, Decimal(self._settings.text(STEP))
        if cost is None or step <= 0:
            return
        if cost.payable < payment.held - Decimal(self._settings.text(THRESHOLD)):
            return
        more = payment.held + step
        if not await self.terminal.hold(payment.psp_ref, more, cost.currency):
            return
        log.info("payment %s: %s %s are held now", payment.psp_ref, more, cost.currency)
        if most in (None, payment.held):  # a driver who wants less gets less
            await self._limit(more, service)
        await self._keep(replace(payment, held=more))

    async def _limit(self, cost: Decimal, service: EvseService) -> None:
        await service.apply(TransactionLimited(at=self._now(), limit=TxLimit(cost=cost), by="driver"))

    async def _conclude(
        self,
        payment: Payment,
        status: Literal["Settled", "Canceled", "Rejected", "Failed"],
        amount: Decimal,
        *,
        info: str | None = None,
        receipt: Receipt = _NO_RECEIPT,
    ) -> None:
        report = Report(
            psp_ref=payment.psp_ref,
            status=status,
            amount=amount,
            at=self._now(),
            transaction_id=payment.transaction_id,
            info=info,
            receipt_id=receipt.id,
            receipt_url=receipt.url,
            vat_number=payment.vat_number,
            company=payment.company,
        )
        log.info("payment %s: %s, %s", payment.psp_ref, status, amount)
        await self._keep(replace(payment, report=report))

    async def _tell(self, payment: Payment, report: Report) -> None:
        """Tell the backend, and show the driver where the receipt is (C21.FR.02, C21.FR.03)."""
        told: Told = await self._backend.ask(report)
        url = told.receipt_url or report.receipt_url
        if url is not None:
            self._notes.tell(payment.evse_id, Note(topic="receipt", text=url, format="URI"))
        await self._forget(payment)

    async def _verdict(self, token: Token) -> Verdict:
        """Return whether a payment may charge: the terminal's word, unless the backend is to be asked."""
        if not self._settings.flag(ASKS):
            return Verdict(status="Accepted")
        try:
            return await self._backend.check_token(token)
        except BackendUnreachable as error:
            log.warning("payment %s cannot be asked about: %s", token.id, error)
            return Verdict(status="Offline")

    async def _give_back(self, psp_ref: str, why: str) -> Outcome:
        await self.terminal.release(psp_ref)
        return Outcome(is_accepted=False, why=why)

    async def _keep(self, payment: Payment) -> None:
        await self._database.write(lambda opened: stored.save(opened, payment))
        self._payments[payment.psp_ref] = payment

    async def _forget(self, payment: Payment) -> None:
        await self._database.write(lambda opened: stored.forget(opened, payment.psp_ref))
        self._payments.pop(payment.psp_ref, None)
        self._rests.pop(payment.psp_ref, None)
