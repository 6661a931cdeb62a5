"""NetworkConfiguration: what the slots hold, as variables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.network.book import DOWNGRADE, PRIORITY, NetworkBook
from agent.network.profiles import NetworkProfile, SecurityProfile
from agent.variables.checks import ValueRefused
from agent.variables.model import Place
from tests.unit.agent.station.test_station import Forecourt, forecourt

OWN = "ws://own.example/ocpp"
SECURE = "wss://secure.example/ocpp"
LONG = "long-enough-password"


@asynccontextmanager
async def slots(
    path: Path, security: SecurityProfile = 1, *, may_downgrade: bool = False
) -> AsyncIterator[tuple[Forecourt, NetworkBook]]:
    """Give a station whose own profile is in use."""
    async with forecourt(path) as place:
        place.settings.set(DOWNGRADE, str(may_downgrade).lower())
        own = NetworkProfile(url=OWN if security == 1 else SECURE, security=security)
        book = NetworkBook(place.database, place.settings, own)
        await book.restore()
        book.guard_settings()
        book.connected()
        await book.worked()
        yield place, book


async def write(place: Forecourt, slot: int, **values: str) -> None:
    for name, value in values.items():
        at = Place(instance=str(slot))
        entry = place.settings.find("NetworkConfiguration", name, None, at)
        await place.settings.write(entry, value)


def read(place: Forecourt, slot: int, name: str) -> str:
    at = Place(instance=str(slot))
    return place.settings.value(place.settings.find("NetworkConfiguration", name, None, at))


async def prefer(place: Forecourt, order: str) -> None:
    await place.settings.write(place.settings.entry(PRIORITY), order)


async def test_a_slot_is_written_in_any_order_and_used_when_it_is_whole(tmp_path: Path) -> None:
    """B09.FR.33, B09.FR.34: looked at when the order is to name it."""
    async with slots(tmp_path) as (place, book):
        await write(
            place, 2, SecurityProfile="2", Identity="CH-2", BasicAuthPassword=LONG, MessageTimeout="20"
        )
        with pytest.raises(ValueRefused, match="2 is not set") as refused:
            await prefer(place, "2,1")
        assert refused.value.code == "InvalidNetworkConf"
        await write(place, 2, OcppCsmsUrl=OWN)
        with pytest.raises(ValueRefused, match="goes with wss") as refused:
            await prefer(place, "2,1")
        assert refused.value.code == "InvalidNetworkConf"
        await write(place, 2, OcppCsmsUrl=SECURE, OcppInterface="wired1", OcppTransport="JSON")
        await prefer(place, "2,1")
        assert book.held(2) == NetworkProfile(
            url=SECURE, security=2, identity="CH-2", password=LONG, message_timeout_s=20, interface="Wired1"
        )
        again = NetworkBook(place.database, place.settings, NetworkProfile(url=OWN, security=1))
        await again.restore()
        assert again.next() == (2, book.held(2))


async def test_what_the_order_names_is_not_changed_piece_by_piece(tmp_path: Path) -> None:
    """B09.FR.22: reads, and refuses to be written; out of the order it can be again."""
    async with slots(tmp_path) as (place, _):
        await write(place, 2, OcppCsmsUrl="ws://two.example")
        await prefer(place, "1,2")
        for slot in (1, 2):
            with pytest.raises(ValueRefused, match="NetworkConfigurationPriority") as refused:
                await write(place, slot, OcppCsmsUrl="ws://elsewhere.example")
            assert refused.value.code == "PriorityNetworkConf"
        assert (read(place, 1, "OcppCsmsUrl"), read(place, 2, "OcppCsmsUrl")) == (OWN, "ws://two.example")
        assert read(place, 1, "OcppVersion").startswith("ocpp2")
        assert (read(place, 3, "OcppCsmsUrl"), read(place, 3, "SecurityProfile")) == ("", "1")
        await prefer(place, "1")
        await write(place, 2, OcppCsmsUrl="ws://elsewhere.example", MessageTimeout="0")
        assert (read(place, 2, "OcppCsmsUrl"), read(place, 2, "MessageTimeout")) == (
            "ws://elsewhere.example",
            "0",
        )


@pytest.mark.parametrize(
    ("security", "may_downgrade", "least"),
    [(2, False, 2), (3, False, 3), (3, True, 2), (2, True, 2), (1, True, 1)],
)
async def test_security_goes_down_from_3_to_2_only_if_that_is_allowed(
    tmp_path: Path, security: SecurityProfile, may_downgrade: bool, least: int
) -> None:
    """A05.FR.08, A05.FR.09, A05.FR.10, B09.FR.31, B09.FR.32, B09.FR.35."""
    async with slots(tmp_path, security, may_downgrade=may_downgrade) as (place, book):
        for wanted in (3, 2, 1):
            url = SECURE if wanted > 1 else OWN
            profile = NetworkProfile(url=url, security=1 if wanted == 1 else 2 if wanted == 2 else 3)
            if wanted >= least:
                await write(place, 2, SecurityProfile=str(wanted))
                assert await book.put(3, profile) is None
                await prefer(place, "3,1")
                await prefer(place, "1")
                continue
            with pytest.raises(ValueRefused, match="less secure") as refused:
                await write(place, 2, SecurityProfile=str(wanted))
            assert refused.value.code == "NoSecurityDowngrade"
            put = await book.put(3, profile)
            assert put is not None
            assert put.code == "NoSecurityDowngrade"
            await book.keep(3, profile)  # as it was set while less was in use
            with pytest.raises(ValueRefused) as refused:
                await prefer(place, "3,1")
            assert refused.value.code == "NoSecurityDowngrade"


async def test_a_value_that_cannot_be_is_refused(tmp_path: Path) -> None:
    async with slots(tmp_path) as (place, book):
        for name, value in {
            "OcppCsmsUrl": "http://example",
            "BasicAuthPassword": "short",
            "SecurityProfile": "4",
            "OcppTransport": "SOAP",
            "MessageTimeout": "601",
        }.items():
            with pytest.raises(ValueRefused):
                await write(place, 2, **{name: value})
        assert 2 not in book.profiles


async def test_a_password_for_all_takes_the_place_of_the_profile_s_own(tmp_path: Path) -> None:
    """B09.FR.27: at once, and after a restart."""
    async with slots(tmp_path) as (place, _):
        await write(place, 2, OcppCsmsUrl="ws://two.example", BasicAuthPassword=LONG, Identity="CH-2")
        await prefer(place, "2")
        again = NetworkBook(place.database, place.settings, NetworkProfile(url=OWN, security=1))
        await again.restore()
        again.connected()
        await again.worked()
        assert (again.identity, again.next()[1].password) == ("CH-2", LONG)
        assert place.settings.secrets() == [LONG], "it is kept out of logs that leave the station"
        await again.drop_own_password()
        again.lost()
        assert (again.next()[1].password, again.next()[1].identity) == ("", "CH-2")
        last = NetworkBook(place.database, place.settings, NetworkProfile(url=OWN, security=1))
        await last.restore()
        assert {profile.password for profile in last.profiles.values()} == {""}
