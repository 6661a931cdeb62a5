from __future__ import annotations

import pytest

from agent.csms.frame_fields import frame_fields

KEY = "OCPP_MESSAGE_ID"


@pytest.mark.parametrize(
    ("frame", "fields"),
    [
        ('[2,"a-1","Heartbeat",{}]', {KEY: "a-1", "OCPP_ACTION": "Heartbeat"}),
        (
            '[6,"a-1","NotifyPeriodicEventStream",{}]',
            {KEY: "a-1", "OCPP_ACTION": "NotifyPeriodicEventStream"},
        ),
        (' [ 3 , "a 2" , {"Heartbeat":1}]', {KEY: "a 2"}),
        ('[4,"b","InternalError","",{}]', {KEY: "b"}),
        ('[2,"b\\n","Heartbeat",{}]', {}),
        ("[2,7]", {}),
        ("no frame", {}),
        ("", {}),
    ],
)
def test_what_a_frame_is(frame: str, fields: dict[str, str]) -> None:
    assert frame_fields(frame) == fields
