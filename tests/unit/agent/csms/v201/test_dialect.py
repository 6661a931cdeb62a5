from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from agent.authorization.verdicts import Verdict
from agent.costs.running import ConnectorUnplugged
from agent.csms.identity import Identity
from agent.csms.kinds import KINDS
from agent.csms.v201.dialect import Dialect201
from agent.station.connector import ConnectorView
from agent.station.priority import PriorityChanged
from agent.transactions.records import (
    UNTYPED,
    ChargingState,
    SampleContext,
    StopReason,
    TokenType,
    Trigger,
)
from ocppj import catalog
from ocppj.messages import v201
from ocppj.versions import Version

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OF_16 = {UNTYPED, "HardReset", "SoftReset", "UnlockCommand"}
"""Words of OCPP 1.6 that have others here."""
OF_21 = {
    "CostLimitReached",
    "DirectPayment",
    "LimitSet",
    "ReqEnergyTransferRejected",
    "RunningCost",
    "SoCLimitReached",
    "TariffChanged",
    "TariffNotAccepted",
    "TxResumed",
}
"""Words of OCPP 2.1 that have others here."""
IDENTITY = Identity(station_id="CH-1", vendor="V", model="M", serial="", firmware="")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Trigger, v201.TriggerReasonEnumType),
        (StopReason, v201.ReasonEnumType),
        (ChargingState, v201.ChargingStateEnumType),
        (SampleContext, v201.ReadingContextEnumType),
        (TokenType, v201.IdTokenEnumType),
    ],
)
def test_the_agents_words_are_words_of_this_version(ours: object, theirs: object) -> None:
    assert set(get_args(ours)) - OF_16 - OF_21 <= set(get_args(theirs))


def test_every_handler_serves_an_action_of_this_version() -> None:
    assert Dialect201.handlers.keys() <= catalog.actions(Version.V201)


def test_every_kind_of_record_has_a_message() -> None:
    assert set(KINDS) - Dialect201.notices.keys() == {ConnectorUnplugged, PriorityChanged}


def test_a_boot_reason_of_another_version_is_unknown() -> None:
    request = Dialect201().boot_notification(IDENTITY, "Brownout")
    assert isinstance(request, v201.BootNotificationRequest)
    assert request.reason == "Unknown"


def test_status_and_time() -> None:
    """G01.FR.01."""
    dialect = Dialect201()
    view = ConnectorView(evse_id=2, connector_id=1, status="Occupied")
    assert dialect.status(view) == "Occupied"
    assert dialect.status_notification(view, AT) == v201.StatusNotificationRequest(
        timestamp=AT, connector_status="Occupied", evse_id=2, connector_id=1
    )
    assert dialect.heartbeat() == v201.HeartbeatRequest()
    assert dialect.read_time(v201.HeartbeatResponse(current_time=AT)) == AT


def test_answers_to_transaction_events() -> None:
    dialect = Dialect201()
    assert dialect.read_event_answer(v201.TransactionEventResponse()).verdict is None
    info = v201.IdTokenInfoType(status="Expired")
    answer = dialect.read_event_answer(v201.TransactionEventResponse(id_token_info=info))
    assert answer.verdict == Verdict(status="Expired")
