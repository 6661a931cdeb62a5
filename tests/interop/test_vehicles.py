"""Vehicles of other people's charge here: over the cable, with emulated hardware, down to the CDR."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from tests.interop import courses
from tests.interop.josev.vehicle import Plan
from tests.interop.papers import Papers
from tests.interop.site import Site, charging_site

pytestmark = [pytest.mark.wired, pytest.mark.timeout(1200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A vehicle, the response that it repeats while it charges, and which requests it sends."""

    plan: Plan
    loop: str
    course: tuple[str, ...]
    authorization: str = "AuthorizationRes"
    """What it is answered while its driver is awaited."""


ISO2: Final = Visit(plan=Plan(protocols=("ISO_15118_2",)), loop="ChargingStatusRes", course=courses.ISO2_AC)
ISO20: Final = Visit(
    plan=Plan(protocols=("ISO_15118_20_AC",)), loop="AC_ChargeLoopRes", course=courses.ISO20_AC
)
DC: Final = Visit(
    plan=Plan(protocols=("ISO_15118_2",), energy_mode="DC_extended"),
    loop="CurrentDemandRes",
    course=courses.ISO2_DC,
)
DIN: Final = Visit(
    plan=Plan(protocols=("DIN_SPEC_70121",), energy_mode="DC_extended"),
    loop="CurrentDemandRes",
    course=courses.DIN_DC,
    authorization="ContractAuthenticationRes",
)
DC_20: Final = Visit(
    plan=Plan(protocols=("ISO_15118_20_DC",), services=("DC",)),
    loop="DC_ChargeLoopRes",
    course=courses.ISO20_DC,
)
DC_BY_CARD: Final = (
    DC,
    DIN,
    DC_20,
    replace(DC_20, plan=replace(DC_20.plan, services=("DC_BPT",))),
)
BY_CARD: Final = (
    ISO2,
    ISO20,
    replace(ISO20, plan=replace(ISO20.plan, is_dynamic=True)),
    replace(ISO20, plan=replace(ISO20.plan, services=("AC_BPT",))),
)


async def receive(site: Site, visit: Visit, *, by_card: bool = True) -> None:
    """Let a vehicle come, charge and leave, and look at what it said and what was billed."""
    site.arrive()
    async with site.vehicle(visit.plan) as vehicle:
        if by_card:
            await site.admit(vehicle, visit.authorization)
        ended = await site.charge(vehicle, visit.loop)
    assert ended.was_successful, ended
    assert vehicle.tls == (None if not visit.plan.uses_tls else _version(visit.plan)), visit.plan
    assert courses.without_receipts(vehicle.course()) == list(visit.course), visit.plan
    assert len(vehicle.received) == len(vehicle.sent)
    assert vehicle.has_new_contract == visit.plan.wants_contract
    assert await site.is_dark()
    await site.drive_off()
    assert (await site.cdr())["total_energy"] > 0
    for shown_wh in vehicle.meter_readings_wh(visit.loop):
        assert site.start_wh <= shown_wh <= site.hardware.register_wh


def _version(plan: Plan) -> str:
    return "TLSv1.3" if plan.has_own_certificate else "TLSv1.2"


async def test_alternating_current_by_card(folder: Path) -> None:
    """ISO 15118-2; -20 with a schedule, led by the charger, and in both directions."""
    async with charging_site(folder, plain_iso20=True, takes_back_w=11_000, loop_within_s=20) as site:
        for visit in BY_CARD:
            await receive(site, visit)


async def test_direct_current_by_card(folder: Path) -> None:
    """ISO 15118-2; DIN 70121; -20, and in both directions."""
    async with charging_site(
        folder, kind="DC", plain_iso20=True, takes_back_w=11_000, loop_within_s=20
    ) as site:
        for visit in DC_BY_CARD:
            await receive(site, visit)


async def test_direct_current_where_both_show_certificates(folder: Path) -> None:
    """ISO 15118-20 as it is meant: TLS 1.3, in which the vehicle has a certificate, too."""
    papers = Papers(folder)
    async with charging_site(folder, papers, kind="DC", tls="required", loop_within_s=20) as site:
        plan = replace(DC_20.plan, uses_tls=True, has_own_certificate=True, pki=papers.vehicle("20"))
        await receive(site, replace(DC_20, plan=plan))


async def test_alternating_current_with_certificates(folder: Path) -> None:
    """A contract, also while the backend is away; and one that is installed first."""
    papers = Papers(folder)
    async with charging_site(
        folder,
        papers,
        tls="required",
        plug_and_charge=True,
        contract_installation=True,
        receipts=True,
    ) as site:
        secured = replace(ISO2.plan, uses_tls=True)
        with_contract = replace(secured, pki=papers.vehicle("2"))
        await receive(site, replace(ISO2, plan=with_contract, course=courses.ISO2_AC_CONTRACT), by_card=False)
        token = (await site.cdr())["cdr_token"]
        assert token["contract_id"].replace("-", "") == papers.emaid
        await _charge_while_the_backend_is_away(site, with_contract)
        without = replace(secured, pki=papers.vehicle("2", has_contract=False), wants_contract=True)
        await receive(site, replace(ISO2, plan=without, course=courses.ISO2_AC_INSTALLATION), by_card=False)


async def _charge_while_the_backend_is_away(site: Site, plan: Plan) -> None:
    """C07.FR.08, C07.FR.10: the chain is judged here, and the contract is known from before."""
    await site.backend.stop()
    site.arrive()
    async with site.vehicle(plan) as vehicle:
        ended = await site.charge(vehicle, ISO2.loop)
    assert ended.was_successful, ended
    await site.drive_off()
    await site.backend.start()
    assert (await site.cdr())["total_energy"] > 0


async def test_how_a_session_may_end_besides(folder: Path) -> None:
    """By a pause, after which the vehicle comes back; by the driver's card; and without a word."""
    async with charging_site(folder) as site:
        await _pause_and_go_on(site)
        await _be_stopped_by_card(site)
        await _be_unplugged(site)


async def _pause_and_go_on(site: Site) -> None:
    site.arrive()
    async with site.vehicle(replace(ISO2.plan, pauses=True)) as vehicle:
        await site.admit(vehicle)
        ended = await site.charge(vehicle, ISO2.loop)
    assert ended.was_successful, ended
    await site.until("charging_state", "SuspendedEV")
    assert await site.is_dark()
    async with site.vehicle(replace(ISO2.plan, resumed=ended.paused)) as vehicle:
        joined = await vehicle.wait_for("SessionSetupRes")
        assert joined["ResponseCode"] == "OK_OldSessionJoined"
        ended = await site.charge(vehicle, ISO2.loop)  # nobody shows a card again
    assert ended.was_successful, ended
    await site.drive_off()
    assert (await site.cdr())["total_energy"] > 0


async def _be_stopped_by_card(site: Site) -> None:
    site.arrive()
    async with site.vehicle(ISO2.plan) as vehicle:
        await site.admit(vehicle)
        await site.until_charging(vehicle, ISO2.loop)
        await site.tap()
        ended = await vehicle.wait_for_end()
    assert ended.was_successful, ended
    told = [
        one.body["AC_EVSEStatus"]["EVSENotification"] for one in vehicle.received if one.name == ISO2.loop
    ]
    assert told[-1] == "StopCharging"
    assert await site.is_dark()
    await site.drive_off()
    assert (await site.cdr())["total_energy"] > 0


async def _be_unplugged(site: Site) -> None:
    site.arrive()
    async with site.vehicle(ISO2.plan) as vehicle:
        await site.admit(vehicle)
        await site.until_charging(vehicle, ISO2.loop)
        await site.drive_off()
        ended = await vehicle.wait_for_end()
    assert not ended.was_successful
    assert ended.reason == "TCP peer closed connection"
    assert (await site.cdr())["total_energy"] > 0


async def test_the_agent_dies_while_a_vehicle_charges(folder: Path) -> None:
    async with charging_site(folder) as site:
        site.arrive()
        async with site.vehicle(ISO2.plan) as vehicle:
            await site.admit(vehicle)
            await site.until_charging(vehicle, ISO2.loop)
            await site.agent.kill()
            ended = await vehicle.wait_for_end()
        assert not ended.was_successful
        assert ended.reason == "TCP peer closed connection"
        await site.wait("without power", site.is_dark)
        await site.agent.start()
        await site.agent.wait_for_line("registration Accepted")
        assert await site.is_dark()
        await site.drive_off()
        assert (await site.cdr())["total_energy"] > 0
