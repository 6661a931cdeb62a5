from __future__ import annotations

import pytest

from agent.network.profiles import NetworkProfile, SecurityProfile, is_address, refusal


def profile(url: str, security: SecurityProfile = 1, timeout_s: int | None = None) -> NetworkProfile:
    return NetworkProfile(url=url, security=security, message_timeout_s=timeout_s)


@pytest.mark.parametrize(
    ("wrong", "active", "code"),
    [
        (profile("http://csms.example/ocpp"), 1, "InvalidURL"),
        (profile("ws://csms.example/" + "a" * 500), 1, "InvalidURL"),
        (profile("wss://csms.example/ocpp", 1), 1, "InvalidNetworkConf"),
        (profile("ws://csms.example/ocpp", 2), 1, "InvalidNetworkConf"),
        (profile("ws://csms.example/ocpp", timeout_s=0), 1, "InvalidNetworkConf"),
        (profile("ws://csms.example/ocpp", timeout_s=601), 1, "InvalidNetworkConf"),
        (profile("ws://csms.example/ocpp", 1), 2, "NoSecurityDowngrade"),
        (profile("wss://csms.example/ocpp", 2), 3, "NoSecurityDowngrade"),
    ],
)
def test_what_is_refused(wrong: NetworkProfile, active: SecurityProfile, code: str) -> None:
    """B09.FR.02, B09.FR.04."""
    refused = refusal(wrong, active)
    assert refused is not None
    assert refused.code == code
    assert refused.why


@pytest.mark.parametrize("active", [None, 1, 2])
def test_as_secure_as_now_or_more_is_taken(active: SecurityProfile | None) -> None:
    assert refusal(profile("wss://csms.example:8443/ocpp", 2, 30), active) is None
    assert refusal(profile("wss://csms.example/ocpp", 3), active) is None


@pytest.mark.parametrize(
    ("url", "is_right"),
    [
        ("ws://csms.example", True),
        ("ws://[2001:db8::1]:9000/a/b", True),
        ("ws://csms.example/ocpp?x=1", False),
        ("ws://csms.example:0/", False),
        ("ws://csms.example:http/", False),
        ("ws://user@csms.example/", False),
        ("ws://a..b/", False),
        ("ws://", False),
    ],
)
def test_what_an_address_is(url: str, is_right: bool) -> None:
    assert is_address(url) is is_right
