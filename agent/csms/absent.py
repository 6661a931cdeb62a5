"""A station without a backend: nobody is asked, nothing is told (no [csms] in the station file)."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.contract import Evidence
from agent.authorization.verdicts import Verdict
from agent.csms.client import CsmsClient
from agent.csms.vehicle_records import EvRequest
from agent.transactions.records import Sample, Token
from agent.vendors.registry import Answer


class NoBackend:
    """Stands where the backend's client stands. The station counts as registered: nobody can refuse it."""

    is_online = False
    is_registered = True
    state = "none"

    def metrics(self) -> str:
        """Nothing goes anywhere."""
        return ""

    def evse_changed(self, evse_id: int) -> None:
        """There is nobody to tell."""

    async def check_token(self, token: Token) -> Verdict:
        """There is nobody to ask.

        Raises:
            BackendUnreachable: Always.
        """
        raise BackendUnreachable("this station has no backend")

    async def check_contract(self, token: Token, evidence: Evidence) -> Verdict:
        """There is nobody to ask.

        Raises:
            BackendUnreachable: Always.
        """
        return await self.check_token(token)

    async def ask(self, question: object) -> NoReturn:
        """There is nobody to ask.

        Raises:
            BackendUnreachable: Always.
        """
        raise BackendUnreachable("this station has no backend")

    async def exchange(self, request: EvRequest) -> NoReturn:
        """There is nobody to ask.

        Raises:
            BackendUnreachable: Always.
        """
        raise BackendUnreachable("this station has no backend")

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        """There is nobody to tell."""

    async def say_goodbye(self, timeout_s: float) -> None:
        """There is nobody to tell."""

    async def transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Answer:
        """There is nobody to ask.

        Raises:
            BackendUnreachable: Always.
        """
        raise BackendUnreachable("this station has no backend")

    async def run(self) -> None:
        """Do nothing until cancelled."""
        await asyncio.Event().wait()


Backend = CsmsClient | NoBackend
