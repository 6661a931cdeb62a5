from __future__ import annotations

import subprocess
import sys

import pytest

from ocppj import catalog
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v16, v21, v201
from ocppj.versions import Version


def test_types_are_found_by_version_and_action() -> None:
    assert catalog.request_type(Version.V16, "StartTransaction") is v16.StartTransactionRequest
    assert catalog.response_type(Version.V201, "Heartbeat") is v201.HeartbeatResponse
    assert catalog.send_type(Version.V21, "NotifyPeriodicEventStream") is v21.NotifyPeriodicEventStream


FINDERS = (catalog.request_type, catalog.response_type, catalog.send_type)


@pytest.mark.parametrize("find", FINDERS)
def test_an_unknown_action_is_not_implemented(find: object) -> None:
    assert callable(find)
    with pytest.raises(OcppError, match="StartTransaction") as caught:
        find(Version.V201, "StartTransaction")
    assert caught.value.code is ErrorCode.NOT_IMPLEMENTED


@pytest.mark.parametrize("version", list(Version))
def test_every_call_has_an_answer_and_no_send_has_one(version: Version) -> None:
    for action in catalog.actions(version):
        assert catalog.request_type(version, action) is not catalog.response_type(version, action)
    assert not catalog.sends(version) & catalog.actions(version)


@pytest.mark.parametrize("version", list(Version))
def test_a_message_knows_its_action_and_version(version: Version) -> None:
    calls, sends = catalog.actions(version), catalog.sends(version)
    of_calls = [(action, find(version, action)) for find in FINDERS[:2] for action in calls]
    for action, kind in [*of_calls, *((action, catalog.send_type(version, action)) for action in sends)]:
        assert catalog.action_of(kind) == action
        assert catalog.version_of(kind) is version


def test_the_action_of_an_instance() -> None:
    assert catalog.action_of(type(v201.HeartbeatRequest())) == "Heartbeat"


def test_a_part_of_a_message_has_no_action() -> None:
    with pytest.raises(TypeError, match="EVSEType is part of a message"):
        catalog.action_of(v201.EVSEType)


def test_a_type_of_nobody_has_no_version() -> None:
    with pytest.raises(TypeError, match="int is not an OCPP message"):
        catalog.version_of(int)


def test_a_version_is_imported_on_first_use_only_and_of_it_what_is_used() -> None:
    script = """
import sys
from ocppj import catalog, codec, frames, link
from ocppj.versions import Version
def loaded():
    return sorted(name for name in sys.modules if name.startswith("ocppj.messages.v"))
assert loaded() == [], loaded()
catalog.request_type(Version.V201, "Heartbeat")
heartbeat = ["ocppj.messages.v201", "ocppj.messages.v201.heartbeat"]
assert loaded() == heartbeat, loaded()
codec.decode_response(Version.V201, "Authorize", '{"idTokenInfo": {"status": "Accepted"}}')
assert "ocppj.messages.v201.id_token_info_type" in loaded(), loaded()
assert "ocppj.messages.v201.transaction_event" not in loaded(), loaded()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
