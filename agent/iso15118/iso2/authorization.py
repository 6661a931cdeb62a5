"""Authorization: by whatever the driver holds up, or by the contract that the vehicle has shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.codes import code_for
from agent.iso15118.iso2.contract import prove
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import CheckContract, Order, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase

ONGOING_S: Final = 55.0
"""How long something may go on that waits for no human (V2G_SECC_Ongoing_Performance_Time)."""


def _authorize(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """The first request of a vehicle with a contract proves that it is its own (V2G2-684)."""
    orders: tuple[Order, ...] = ()
    contract = session.contract
    if contract is not None and not contract.is_proven:
        prove(session, contract, asked)
        session = replace(session, contract=replace(contract, is_proven=True))
        orders = (CheckContract(contract.emaid, contract.chain),)
    elif facts.authorization == "accepted":
        return reply(session.goes_on(Phase.PARAMETERS), asked, {"EVSEProcessing": "Finished"})
    elif facts.authorization == "rejected":
        code = "FAILED" if contract is None else code_for(facts.refusal)
        raise Refused(code, facts.refusal or "the driver may not charge here")
    return _goes_on(session, asked, facts, orders)


def _goes_on(
    session: Iso2Session, asked: Asked, facts: Facts, orders: tuple[Order, ...]
) -> Turn[Iso2Session]:
    """A human may take any time (V2G2-854), a decision about a contract may not."""
    if session.contract is None:
        return reply(session, asked, {"EVSEProcessing": "Ongoing_WaitingForCustomerInteraction"})
    if session.waited_s(facts) > ONGOING_S:
        raise Refused("FAILED", f"no decision about the contract within {ONGOING_S:.0f} s")
    return reply(session.waiting(facts), asked, {"EVSEProcessing": "Ongoing"}, orders=orders)


def _least(_session: Iso2Session, _asked: Asked, _facts: Facts) -> Fields:
    return {"EVSEProcessing": "Finished"}


HANDLINGS = {"AuthorizationReq": Handling(_authorize, _least)}
