"""SetNetworkProfile of OCPP 2.1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v21 import set_network_profile
from agent.network.profiles import VERSIONS, NetworkProfile
from ocppj.messages import v21, v201
from tests.unit.agent.csms.v201.handling import office

URL = "ws://192.0.2.2/ocpp"
PASSWORD = "long-enough-password"


def request(slot: int = 2, **changed: Any) -> v21.SetNetworkProfileRequest:
    data: dict[str, Any] = {
        "ocpp_csms_url": URL,
        "ocpp_interface": "Any",
        "ocpp_transport": "JSON",
        "message_timeout": 30,
        "security_profile": 1,
    }
    return v21.SetNetworkProfileRequest(
        configuration_slot=slot, connection_data=v21.NetworkConnectionProfileType(**(data | changed))
    )


async def test_every_version_is_offered_whatever_the_profile_names(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        sent = request(identity="CH-2", basic_auth_password=PASSWORD, ocpp_version="OCPP12")
        reply = await set_network_profile.handle(sent, at.context)
        assert reply.response == v201.SetNetworkProfileResponse(status="Accepted")
        assert at.network.held(2) == NetworkProfile(
            url=URL,
            security=1,
            versions=VERSIONS,
            message_timeout_s=30,
            interface="Any",
            identity="CH-2",
            password=PASSWORD,
        )


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"slot": 6}, "InvalidConfSlot"),
        ({"basic_auth_password": "short"}, "InvalidNetworkConf"),
        ({"ocpp_transport": "SOAP"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "http://192.0.2.2"}, "InvalidURL"),
    ],
)
async def test_what_cannot_be_is_refused(tmp_path: Path, wrong: dict[str, Any], reason: str) -> None:
    """B09.FR.02, B09.FR.05."""
    async with office(tmp_path) as at:
        response: Any = (await set_network_profile.handle(request(**wrong), at.context)).response
        assert (response.status, response.status_info.reason_code) == ("Rejected", reason)
        assert list(at.network.profiles) == [1]
