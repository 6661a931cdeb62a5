"""What hands do at the payment terminal and the screen, over the control socket."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

from agent.authorization.authorizer import BackendUnreachable
from agent.emulation.terminal import EmulatedTerminal, Mood
from agent.payments.service import Payments
from agent.payments.terminal import TerminalError
from agent.payments.web_payments import UnknownLimit, WebPayments
from agent.store.database import StoreError
from agent.system.control import Command, ControlError, UnknownEvse
from agent.transactions.records import TokenDetail

_NO_TERMINAL: Final = "this station has no payment terminal (the station file has no [payment])"
_LONGEST_NUMBER: Final = 20


def payment_commands(
    payments: Payments | None, web: WebPayments, evse_ids: Collection[int]
) -> dict[str, Command]:
    """Return the commands by name; without a terminal those that need one refuse."""

    async def limits(request: Mapping[str, Any]) -> Mapping[str, Any]:
        evse_id, wanted = _evse(request, evse_ids), request.get("limits")
        if evse_id is None or not isinstance(wanted, dict):
            raise ControlError('say {"evse": 1, "limits": {"maxcost": "20"}}')
        try:
            web.want(evse_id, {str(name): str(value) for name, value in wanted.items()})
        except UnknownLimit as error:
            raise ControlError(str(error)) from error
        return {"code": web.code(evse_id)}

    own: dict[str, Command] = {"web-limits": limits}
    if payments is None:
        return own | dict.fromkeys(("pay", "pay-vat", "pay-terminal"), _refuse)
    return own | _terminal_commands(payments, evse_ids)


def _terminal_commands(payments: Payments, evse_ids: Collection[int]) -> dict[str, Command]:
    async def pay(request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have a card authorized, or end what that began."""
        psp_ref, details = request.get("reference"), request.get("details") or {}
        if not isinstance(psp_ref, str) or not psp_ref or not isinstance(details, dict):
            raise ControlError('say {"reference": "P-1", "evse": 1, "details": {"PaymentBrand": "VISA"}}')
        told = tuple(TokenDetail(kind=str(kind), text=str(text)) for kind, text in details.items())
        try:
            outcome = await payments.authorized(psp_ref, _evse(request, evse_ids), told)
        except (StoreError, TerminalError) as error:
            raise ControlError(str(error)) from error
        return {"accepted": outcome.is_accepted, "why": outcome.why, "evse": outcome.evse_id}

    async def vat(request: Mapping[str, Any]) -> Mapping[str, Any]:
        number = request.get("number")
        if not isinstance(number, str) or not 0 < len(number) <= _LONGEST_NUMBER:
            raise ControlError(f"a VAT number has 1 to {_LONGEST_NUMBER} characters")
        try:
            answer = await payments.validate_vat(number, _evse(request, evse_ids))
        except (BackendUnreachable, StoreError) as error:
            raise ControlError(f"the number cannot be checked now: {error}") from error
        return {"valid": answer.is_valid, "company": None if answer.company is None else answer.company.name}

    async def terminal(request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Show what the terminal was told; on an emulated one, say how it behaves."""
        device, mood = payments.terminal, request.get("mood")
        if not isinstance(device, EmulatedTerminal):
            raise ControlError("this station's payment terminal is real")
        if mood is not None and mood not in get_args(Mood):
            raise ControlError(f"a terminal {', '.join(get_args(Mood))}")
        device.mood = mood or device.mood
        orders = [
            {
                "what": one.what,
                "reference": one.psp_ref,
                "amount": None if one.amount is None else str(one.amount),
            }
            for one in device.orders
        ]
        return {"mood": device.mood, "orders": orders}

    return {"pay": pay, "pay-vat": vat, "pay-terminal": terminal}


async def _refuse(_: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ControlError(_NO_TERMINAL)


def _evse(request: Mapping[str, Any], evse_ids: Collection[int]) -> int | None:
    evse_id = request.get("evse")
    if evse_id is not None and (not isinstance(evse_id, int) or evse_id not in evse_ids):
        raise UnknownEvse(evse_id, evse_ids)
    return evse_id
