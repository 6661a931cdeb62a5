"""What 2.0.1 has, spoken as 2.1 (all of it: `make test-21`)."""

from __future__ import annotations

import uuid

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import charge, info, set_variables, unplug


async def test_a_session_is_told_in_the_messages_of_21(start: Start, csms: Csms) -> None:
    station = await start()
    assert csms.requests[0]["Sec-WebSocket-Protocol"].split(", ")[0] == "ocpp2.1"
    transaction = await charge(station, csms)
    await unplug(station, csms)
    await csms.event(eventType="Ended")
    events = csms.events(transaction)
    assert [info(event, "eventType") for event in (events[0], events[-1])] == [("Started",), ("Ended",)]
    assert await set_variables(csms, {"TxCtrlr.EVConnectionTimeOut": "33"}) == ["Accepted"]


async def test_an_answer_that_is_none_is_said_to_be_none(start: Start, csms: Csms) -> None:
    """OCPP-J 2.1: a CALLRESULT that breaks its schema gets a CALLRESULTERROR."""
    station = await start()
    csms.script["Authorize"] = {"idTokenInfo": {"status": "Perhaps"}}
    station.bay.plug_in()
    await station.tap()
    await csms.until(lambda: bool(csms.refused_answers))
    assert csms.refused_answers[0][2] == "PropertyConstraintViolation"


async def test_a_call_of_an_action_that_21_lacks_is_refused(start: Start, csms: Csms) -> None:
    await start()
    answer = await csms.raw_call([2, str(uuid.uuid4()), "RemoteStartTransaction", {}])
    assert answer[2] == "NotImplemented"
