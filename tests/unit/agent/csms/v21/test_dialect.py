from __future__ import annotations

from typing import get_args

import pytest

from agent.csms.kinds import KINDS
from agent.csms.v21.dialect import Dialect21
from agent.csms.v201.dialect import Dialect201
from agent.smartcharging.profiles import Kind, Mode, Purpose
from agent.station.priority import PriorityChanged
from agent.transactions.records import ChargingState, StopReason, Trigger
from ocppj import catalog
from ocppj.messages import v21
from ocppj.versions import Version

OF_16 = {"HardReset", "SoftReset", "UnlockCommand"}
"""Words of OCPP 1.6 that have others here."""


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Trigger, v21.TriggerReasonEnumType),
        (StopReason, v21.ReasonEnumType),
        (ChargingState, v21.ChargingStateEnumType),
        (Kind, v21.ChargingProfileKindEnumType),
        (Mode, v21.OperationModeEnumType),
        (Purpose, v21.ChargingProfilePurposeEnumType),
    ],
)
def test_the_agents_words_are_words_of_this_version(ours: object, theirs: object) -> None:
    assert set(get_args(ours)) - OF_16 <= set(get_args(theirs))


def test_every_handler_serves_an_action_of_this_version() -> None:
    assert Dialect21.handlers.keys() <= catalog.actions(Version.V21)


def test_every_kind_of_record_has_a_message() -> None:
    assert Dialect21.notices.keys() == Dialect201.notices.keys() | {PriorityChanged}
    assert Dialect21.notices.keys() <= set(KINDS)
