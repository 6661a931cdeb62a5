"""Sequences that many test cases begin with; the OCTT calls them reusable states."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.station import CARD, StationUnderTest

ENERGY = "Energy.Active.Import.Register"


async def plug_in(station: StationUnderTest, csms: Csms, evse: int = 1) -> None:
    """Plug the vehicle in and take the status that tells it (EVConnectedPreSession)."""
    station.bays[evse - 1].plug_in()
    await csms.expect("StatusNotification", status_of(evse, "Occupied"))


async def unplug(station: StationUnderTest, csms: Csms, evse: int = 1) -> None:
    """Pull the plug and take the status that tells it (EVDisconnected)."""
    station.bays[evse - 1].unplug()
    await csms.expect("StatusNotification", status_of(evse, "Available"))


async def charge(station: StationUnderTest, csms: Csms, token: str = CARD, evse: int = 1) -> str:
    """Plug in, present a card, wait until energy flows (EnergyTransferStarted); return the transaction."""
    await plug_in(station, csms, evse)
    await station.accepted(token, evse)
    await csms.expect("Authorize")
    return await charging(csms)


async def charging(csms: Csms) -> str:
    """Wait until a transaction has started and energy flows in it; return the transaction.

    What an earlier one still has to tell may say that it charges, too.
    """
    transaction = transaction_id(await csms.event(eventType="Started"))
    await csms.event(transactionId=transaction, chargingState="Charging")
    return transaction


async def metered(station: StationUnderTest, evse: int = 1) -> None:
    """Wait until the meter has been read."""
    async with asyncio.timeout(30):
        while (await station.evse(evse))["meter"] is None:
            await asyncio.sleep(0.02)


async def remote_start(csms: Csms, token: str = CARD, remote_start_id: int = 7, **more: Any) -> Payload:
    """Ask the station to start, and return its answer."""
    return await csms.call(
        "RequestStartTransaction",
        {
            "idToken": {"idToken": token, "type": "ISO14443"},
            "remoteStartId": remote_start_id,
            **({"evseId": 1} | more),
        },
    )


async def trigger(csms: Csms, message: str, **more: Any) -> str:
    """Ask the station for a message, and return the status it answers with."""
    status: str = (await csms.call("TriggerMessage", {"requestedMessage": message, **more}))["status"]
    return status


async def set_variables(csms: Csms, settings: Mapping[str, str]) -> list[str]:
    """Set variables given as "Component.Variable", and return the status of each."""
    data = [{**variable(name), "attributeValue": value} for name, value in settings.items()]
    answer = await csms.call("SetVariables", {"setVariableData": data})
    return [result["attributeStatus"] for result in answer["setVariableResult"]]


async def get_variables(csms: Csms, *names: str, **more: Any) -> list[Payload]:
    """Get variables given as "Component.Variable", and return the results."""
    data = [{**variable(name), **more} for name in names]
    results: list[Payload] = (await csms.call("GetVariables", {"getVariableData": data}))["getVariableResult"]
    return results


def variable(name: str) -> dict[str, Any]:
    """Return component and variable for "Component.Variable", or "Component.Variable[Instance]"."""
    component, _, rest = name.partition(".")
    named, _, instance = rest.rstrip("]").partition("[")
    return {
        "component": {"name": component},
        "variable": {"name": named} | ({"instance": instance} if instance else {}),
    }


def status_of(evse: int, status: str) -> Any:
    """Return a condition for the status of an EVSE's connector."""
    return lambda payload: (payload["evseId"], payload["connectorStatus"]) == (evse, status)


def transaction_id(event: Payload) -> str:
    """Return the id of the event's transaction."""
    found: str = event["transactionInfo"]["transactionId"]
    return found


def info(event: Payload, *names: str) -> tuple[Any, ...]:
    """Return members of the event, or of its transaction; None where there is none."""
    return tuple(event.get(name, event["transactionInfo"].get(name)) for name in names)


def story(events: list[Payload]) -> list[tuple[Any, ...]]:
    """Return what each event says: kind, trigger and charging state."""
    return [info(event, "eventType", "triggerReason", "chargingState") for event in events]


def sampled(payload: Payload, measurand: str = ENERGY) -> list[tuple[str, float]]:
    """Return context and value of every sample of this measurand."""
    return [
        (value["context"], value["value"])
        for meter_value in payload["meterValue"]
        for value in meter_value["sampledValue"]
        if value["measurand"] == measurand
    ]
