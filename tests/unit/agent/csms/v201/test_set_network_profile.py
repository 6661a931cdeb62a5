from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201 import set_network_profile
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office

NEW = {
    "ocpp_version": "OCPP20",
    "ocpp_transport": "JSON",
    "ocpp_csms_url": "wss://csms.example/ocpp",
    "message_timeout": 30,
    "security_profile": 2,
    "ocpp_interface": "Wired0",
}
APN = v201.APNType(apn="internet", apn_authentication="AUTO")
VPN = v201.VPNType(server="vpn.example", user="u", password="p", key="k", type="IKEv2")


def request(slot: int = 2, **changed: Any) -> v201.SetNetworkProfileRequest:
    data: dict[str, Any] = {**NEW, **changed}
    return v201.SetNetworkProfileRequest(
        configuration_slot=slot, connection_data=v201.NetworkConnectionProfileType(**data)
    )


async def test_a_profile_is_stored(tmp_path: Path) -> None:
    """B09.FR.01."""
    async with office(tmp_path) as at:
        reply = await set_network_profile.handle(request(), at.context)
        assert reply.response == v201.SetNetworkProfileResponse(status="Accepted")
        stored = at.network.profiles[2]
        assert (stored.url, stored.security) == ("wss://csms.example/ocpp", 2)
        assert (stored.message_timeout_s, stored.interface) == (30, "Wired0")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"slot": 0}, "InvalidConfSlot"),
        ({"slot": 6}, "InvalidConfSlot"),
        ({"ocpp_transport": "SOAP"}, "InvalidNetworkConf"),
        ({"ocpp_version": "OCPP15"}, "InvalidNetworkConf"),
        ({"security_profile": 0}, "InvalidNetworkConf"),
        ({"security_profile": 4}, "InvalidNetworkConf"),
        ({"security_profile": 1}, "InvalidNetworkConf"),
        ({"message_timeout": -1}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "https://csms.example"}, "InvalidURL"),
        ({"apn": APN}, "UnsupportedParam"),
        ({"vpn": VPN}, "UnsupportedParam"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_reason(
    tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    """B09.FR.02, B09.FR.05."""
    async with office(tmp_path) as at:
        response = (await set_network_profile.handle(request(**wrong), at.context)).response
        assert isinstance(response, v201.SetNetworkProfileResponse)
        assert response.status == "Rejected"
        assert response.status_info is not None
        assert response.status_info.reason_code == code
        assert response.status_info.additional_info
        assert list(at.network.profiles) == [1]


async def test_a_profile_that_cannot_be_stored_has_failed(tmp_path: Path) -> None:
    """B09.FR.03."""
    async with office(tmp_path) as at:
        (tmp_path / "agent.db").rename(tmp_path / "gone.db")
        response = (await set_network_profile.handle(request(), at.context)).response
        assert isinstance(response, v201.SetNetworkProfileResponse)
        assert response.status == "Failed"
        assert list(at.network.profiles) == [1]
        (tmp_path / "gone.db").rename(tmp_path / "agent.db")
