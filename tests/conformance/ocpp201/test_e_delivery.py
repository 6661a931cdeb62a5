"""Block E: what happens offline is told later; what is not answered is told again (TC_E_28 and following)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Refuse, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, info, sampled, transaction_id
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest, seq_nos

RETRIES: dict[str, Any] = {
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 3,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": 1,
    "OCPPCommCtrlr.MessageTimeout[Default]": 1,
}


EVERY_SECOND: dict[str, Any] = {"SampledDataCtrlr__TxUpdatedInterval": 1}


async def waiting(station: StationUnderTest) -> int:
    """Return how many messages wait for the backend."""
    count: int = (await station.ask(do="status"))["outbox"]["waiting"]
    return count


async def until_waiting(station: StationUnderTest, count: int) -> None:
    """Wait until so many messages wait for the backend."""
    async with asyncio.timeout(30):
        while await waiting(station) < count:
            await asyncio.sleep(0.05)


def has_samples(events: list[Payload]) -> bool:
    """Return whether there are samples among these events, each with its values."""
    samples = [event for event in events if event["triggerReason"] == "MeterValuePeriodic"]
    return samples != [] and all(sampled(sample) for sample in samples)


async def status(csms: Csms, transaction: str | None = None) -> tuple[bool | None, bool]:
    """Return whether it is said to run, and whether messages wait."""
    asked = {} if transaction is None else {"transactionId": transaction}
    answer = await csms.call("GetTransactionStatus", asked)
    return answer.get("ongoingIndicator"), answer["messagesInQueue"]


async def until_status(csms: Csms, transaction: str | None, wanted: tuple[bool | None, bool]) -> None:
    async with asyncio.timeout(30):
        while await status(csms, transaction) != wanted:
            await asyncio.sleep(0.05)


def told(csms: Csms, seq_no: int) -> list[str]:
    """Return the message ids with which an event was offered."""
    return [call.message_id for call in csms.calls("TransactionEvent") if call.payload["seqNo"] == seq_no]


async def test_tc_e_28_to_34_the_status_of_a_transaction(csms: Csms, start: Start) -> None:
    """E14.FR.01, E14.FR.02, E14.FR.03, E14.FR.04, E14.FR.05, E14.FR.06, E14.FR.07, E14.FR.08.

    TC_E_29, TC_E_30, TC_E_31, TC_E_32, TC_E_33, TC_E_34: with and without messages that wait.
    """
    station: StationUnderTest = await start()
    assert await status(csms, "unknown") == (False, False)
    assert await status(csms) == (None, False)
    transaction = await charge(station, csms)
    await until_status(csms, transaction, (True, False))
    await until_status(csms, None, (None, False))
    csms.script["TransactionEvent"] = Silence()
    station.bay.pause()
    await csms.event(chargingState="SuspendedEV")
    assert await status(csms, transaction) == (True, True)
    await station.accepted(CARD)
    await until_status(csms, transaction, (False, True))
    assert await status(csms) == (None, True)
    del csms.script["TransactionEvent"]
    await csms.drop()
    await csms.event(eventType="Ended")
    await until_status(csms, transaction, (False, False))


@pytest.mark.parametrize("answer", [Silence(), Refuse("InternalError")], ids=["silence", "error"])
async def test_tc_e_42_51_it_is_told_again_until_it_is_taken(
    csms: Csms, start: Start, answer: Silence | Refuse
) -> None:
    """E13.FR.01, E13.FR.02, E13.FR.03: the same message, in order, later from time to time. TC_E_51."""
    station: StationUnderTest = await start(**RETRIES)
    await charge(station, csms)
    csms.script["TransactionEvent"] = answer
    await station.accepted(CARD)
    ended = await csms.event(eventType="Ended")
    await csms.until(lambda: len(told(csms, ended["seqNo"])) >= 2)
    del csms.script["TransactionEvent"]
    await until_status(csms, transaction_id(ended), (False, False))
    assert len(set(told(csms, ended["seqNo"]))) == 1, "one fact, one message id"


@pytest.mark.parametrize("answer", [Silence(), Refuse("InternalError")], ids=["silence", "error"])
async def test_tc_e_41_50_but_not_for_ever(csms: Csms, start: Start, answer: Silence | Refuse) -> None:
    """E13.FR.04: MessageAttempts; nothing is lost, the next connection gets it. TC_E_50."""
    station: StationUnderTest = await start(**RETRIES)
    first = await charge(station, csms)
    csms.script["TransactionEvent"] = lambda payload: (
        answer if transaction_id(payload) == first else {"idTokenInfo": {"status": "Accepted"}}
    )
    station.bay.pause()
    suspended = await csms.event(chargingState="SuspendedEV")
    await csms.until(lambda: len(told(csms, suspended["seqNo"])) == 3)
    del csms.script["TransactionEvent"]
    await csms.drop()
    await csms.event(chargingState="SuspendedEV")


async def test_tc_e_40_a_lost_link_changes_nothing_at_the_cable(csms: Csms, start: Start) -> None:
    """E11.FR.01, E11.FR.02, E11.FR.03."""
    station: StationUnderTest = await start(**EVERY_SECOND)
    transaction = await charge(station, csms)
    port = csms.port
    await csms.close()
    told = len(csms.events(transaction))
    station.bay.pause()
    await station.until(charging_state="SuspendedEV")
    station.bay.resume()
    await station.until(charging_state="Charging")
    await until_waiting(station, 3)
    await csms.listen(port)
    await csms.event(chargingState="SuspendedEV")
    await csms.event(chargingState="Charging")
    await csms.until(lambda: has_samples(csms.events(transaction)[told:]))
    events = csms.events(transaction)
    late = [event for event in events[told:] if event["offline"]]
    assert seq_nos(events) == list(range(len(events)))
    assert not any(one["offline"] for one in events[:told])
    assert late == events[told : told + len(late)]
    assert len(late) >= 3
    assert has_samples(late)
    times = [one["timestamp"] for one in events]
    assert times == sorted(times)


async def test_tc_e_43_44_45_a_whole_session_offline(csms: Csms, start: Start) -> None:
    """E04.FR.01, E04.FR.02, E04.FR.03, E04.FR.04, E04.FR.05, E04.FR.06, E08.FR.01, E08.FR.02, E08.FR.04.

    E08.FR.05, E08.FR.06, E08.FR.07, E08.FR.08, E08.FR.09, E12.FR.01, E12.FR.02, E12.FR.03, E12.FR.07.
    TC_E_44, TC_E_45.
    """
    group = {"groupIdToken": {"idToken": "Fleet", "type": "Central"}}
    csms.tokens = {card: {"status": "Accepted", **group} for card in (CARD, OTHER_CARD)}
    station: StationUnderTest = await start(**EVERY_SECOND)
    for card in (CARD, OTHER_CARD):
        await charge(station, csms, card)
        await station.accepted(card)
        await csms.event(eventType="Ended")
        station.bay.unplug()
        await station.until(status="Available")
    csms.forget()
    port = csms.port
    await csms.close()
    for stopped_by in (CARD, OTHER_CARD):
        before = await waiting(station)
        station.bay.plug_in()
        await station.until(status="Occupied")
        await station.accepted(CARD)
        await station.until(charging_state="Charging")
        await until_waiting(station, before + 3)
        await station.accepted(stopped_by)
        await station.until(transaction=None)
        station.bay.unplug()
        await station.until(status="Available")
    await csms.listen(port)
    for stopped_by in (CARD, OTHER_CARD):
        ended: Payload = await csms.event(eventType="Ended")
        assert (ended["idToken"]["idToken"], *info(ended, "stoppedReason")) == (stopped_by, "Local")
        events = csms.events(transaction_id(ended))
        assert seq_nos(events) == list(range(len(events)))
        assert all(event["offline"] for event in events)
        assert [context for context, _ in sampled(events[0])] == ["Transaction.Begin"]
        assert sampled(ended)[-1][0] == "Transaction.End"
        assert has_samples(events)


async def test_a_power_cut_in_a_transaction_ends_nothing(csms: Csms, start: Start) -> None:
    """E01.FR.08, E02.FR.08: it resumes with its id and its numbers; the next one has others."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await station.cut_power()
    await csms.until(lambda: not csms.is_connected)
    await station.power_on()
    await station.until(charging_state="Charging")
    await station.accepted(CARD)
    ended = await csms.event(eventType="Ended")
    assert transaction_id(ended) == transaction
    events = csms.events(transaction)
    assert seq_nos(events) == list(range(len(events)))
    await station.accepted(OTHER_CARD)
    second = await csms.event(eventType="Started")
    assert transaction_id(second) != transaction
    assert second["seqNo"] == 0
