from __future__ import annotations

from ipaddress import IPv6Address

from agent.iso15118.interface import InterfaceModem, Place, find, place_of

TABLE = """\
00000000000000000000000000000001 01 80 10 80       lo
fd000000000000000000000000000002 04 40 00 82     eth1
fe800000000000000000000000000001 0a 40 20 c0     eth1
fe800000000000000000000000000002 0a 40 20 88     eth2
fe800000000000000000000000000003 0b 40 20 80    eth10
"""


def test_an_interface_has_a_place_by_its_link_local_address() -> None:
    assert find("eth10", TABLE) == Place(address=IPv6Address("fe80::3"), index=11)
    assert find("lo", TABLE) == Place(address=IPv6Address("::1"), index=1)


def test_an_address_that_may_not_be_used_yet_is_none() -> None:
    assert find("eth1", TABLE) is None  # tentative; the other is no link-local one
    assert find("eth2", TABLE) is None  # somebody else has it, too
    assert find("eth1", TABLE.replace("20 c0", "20 80")) == Place(address=IPv6Address("fe80::1"), index=10)


def test_an_interface_that_is_not_there_has_no_place() -> None:
    assert find("eth3", TABLE) is None
    assert place_of("no-such-modem") is None


async def test_the_loopback_is_there_at_once() -> None:
    assert await InterfaceModem("lo").wait_for() == place_of("lo")
