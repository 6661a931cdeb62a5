"""Whole sessions of ISO 15118-2 by card, over a connection, against an EVSE that is ready for everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from time import monotonic
from typing import Any

from agent.iso15118.facts import Charger, Facts
from agent.iso15118.turns import Deed, Deenergise, Energise, Outcome
from tests.unit.agent.iso15118.iso2.vehicle import (
    AC_PARAMETERS,
    DC_PARAMETERS,
    DEMAND,
    EV_STATUS,
    selection,
)
from tests.unit.agent.iso15118.small import EVCC_ID, SmallEvse, SmallVehicle
from tests.unit.agent.iso15118.talking import AC_CHARGER, AC_FACTS, DC_CHARGER, DC_FACTS, amperes, volts

_MOST_ASKED = 20
_POWER = {"SAScheduleTupleID": 1}


class ReadyEvse(SmallEvse):
    """Its driver is authorized, its cable tested, its schedules are there; the contactor does as told."""

    def __init__(self, *, is_dc: bool) -> None:
        super().__init__()
        self.charger: Charger = DC_CHARGER if is_dc else AC_CHARGER
        self._facts = replace(
            DC_FACTS if is_dc else AC_FACTS, authorization="accepted", offers=(), isolation="valid"
        )

    async def facts(self) -> Facts:
        return replace(self._facts, now_s=monotonic(), power_is_on=self.is_powered())

    async def perform(self, deed: Deed) -> Outcome:
        outcome = await super().perform(deed)
        self._is_on = isinstance(deed, Energise)
        return outcome


def before_the_loop(*, is_dc: bool) -> list[tuple[str, dict[str, Any]]]:
    """Return what a vehicle asks until it charges."""
    asked: list[tuple[str, dict[str, Any]]] = [
        ("SessionSetupReq", {"EVCCID": EVCC_ID}),
        ("ServiceDiscoveryReq", {}),
        ("PaymentServiceSelectionReq", selection("ExternalPayment")),
        ("AuthorizationReq", {}),
        ("ChargeParameterDiscoveryReq", DC_PARAMETERS if is_dc else AC_PARAMETERS),
    ]
    if is_dc:
        first = {"DC_EVStatus": EV_STATUS, "EVTargetVoltage": volts(400), "EVTargetCurrent": amperes(1)}
        asked += [("CableCheckReq", {"DC_EVStatus": EV_STATUS}), ("PreChargeReq", first)]
    return [*asked, ("PowerDeliveryReq", {"ChargeProgress": "Start", **_POWER})]


def in_the_loop(*, is_dc: bool) -> tuple[str, dict[str, Any]]:
    """Return what it asks while it charges."""
    return ("CurrentDemandReq", DEMAND) if is_dc else ("ChargingStatusReq", {})


def after_the_loop(*, is_dc: bool) -> list[tuple[str, dict[str, Any]]]:
    """Return what it asks at the end."""
    welding = [("WeldingDetectionReq", {"DC_EVStatus": EV_STATUS})] if is_dc else []
    stop = {"ChargeProgress": "Stop", **_POWER}
    return [("PowerDeliveryReq", stop), *welding, ("SessionStopReq", {"ChargingSession": "Terminate"})]


async def charge(car: SmallVehicle, *, is_dc: bool, loops: int) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Charge from the agreement to the end; yield every request's name with its answer."""
    yield "supportedAppProtocolReq", await car.agree()
    loop = [in_the_loop(is_dc=is_dc)] * loops
    for name, body in [*before_the_loop(is_dc=is_dc), *loop, *after_the_loop(is_dc=is_dc)]:
        for _ in range(_MOST_ASKED):
            answer = await car.ask(name, body)
            yield name, answer
            if answer.get("EVSEProcessing", "Finished") == "Finished":
                break


DEEDS = [Energise(), Deenergise()]
"""What is done in a session."""
