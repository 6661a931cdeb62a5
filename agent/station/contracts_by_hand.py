"""Contracts over the control socket: for a program that speaks ISO 15118 beside the agent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any

import msgspec

from agent.station.contracts import Contracts
from agent.store.database import StoreError
from agent.system.control import Command, ControlError, UnknownEvse


class _Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    evse: int
    emaid: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9*-]{1,36}$")]
    chain: Annotated[str, msgspec.Meta(min_length=1)]


def contract_commands(contracts: Contracts, evse_ids: Collection[int]) -> dict[str, Command]:
    """Return `contract`: a vehicle at this EVSE shows a contract, with its chain (PEM, leaf first)."""

    async def contract(request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            given = msgspec.convert({k: v for k, v in request.items() if k != "do"}, _Request)
        except msgspec.ValidationError as error:
            raise ControlError(str(error)) from error
        if given.evse not in evse_ids:
            raise UnknownEvse(given.evse, evse_ids)
        try:
            admission = await contracts.authorize(given.evse, given.emaid, given.chain)
        except StoreError as error:
            raise ControlError(str(error)) from error
        return {
            "accepted": admission.is_accepted,
            "why": admission.outcome.why,
            "status": admission.verdict.status,
            "certificate": admission.verdict.certificate,
            "evse": admission.outcome.evse_id,
            "transaction": admission.outcome.transaction_id,
        }

    return {"contract": contract}
