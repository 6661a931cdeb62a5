"""The station's network profiles: what each slot holds, the order to try them in, and the one in use."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Final, cast

import msgspec

from agent.network import route
from agent.network.configuration import show_slots
from agent.network.profiles import (
    UNSET,
    NetworkProfile,
    OcppVersion,
    Refusal,
    SecurityProfile,
    least_allowed,
    refusal,
)
from agent.network.route import LAST_WORKED
from agent.store import network_profiles
from agent.store.database import Database
from agent.variables.checks import ValueRefused
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

PRIORITY: Final = "OCPPCommCtrlr.NetworkConfigurationPriority"
DOWNGRADE: Final = "SecurityCtrlr.AllowSecurityProfileDowngrade"
ATTEMPTS: Final = "OCPPCommCtrlr.NetworkProfileConnectionAttempts"
_OWN_SLOT = 1


class NetworkBook:
    """Holds the profiles and says where to connect next.

    The order and what the slots hold are used as they were when the station started: what the backend writes
    since then takes effect with the next start (B10.FR.04), so that it never cuts the link it came over.
    """

    def __init__(
        self,
        database: Database,
        settings: DeviceModel,
        own: NetworkProfile,
        missing: Callable[[int, str], str | None] = lambda _security, _password: None,
    ) -> None:
        """`own` is the station file's [csms].

        `missing` says what a security profile needs and has not, given the network profile's own password.
        """
        self._database = database
        self._settings = settings
        self._own = own
        self._missing = missing
        self._slots: dict[int, NetworkProfile] = {_OWN_SLOT: own}
        self._last: NetworkProfile | None = None
        self._in_use = dict(self._slots)
        self._order: tuple[int, ...] = (_OWN_SLOT,)
        self._route = route.after_boot(self._order)
        self.active_slot = _OWN_SLOT
        """The slot of the latest connection."""
        self.active: NetworkProfile | None = None
        """The profile of the latest connection; None before the first."""

    async def restore(self) -> None:
        """Take over what was stored, once, before anything is asked of this book."""
        stored, unreadable = await self._database.read(network_profiles.load)
        for slot in unreadable:
            log.error("the stored network profile %d cannot be read; it is not used", slot)
        replaced = stored.get(_OWN_SLOT)
        if replaced is not None and replaced.instead_of != self._own.url:
            log.warning(
                "the station file's [csms] has changed since the backend set network profile 1: it counts"
            )
            await self._database.write(lambda opened: network_profiles.remove(opened, _OWN_SLOT))
            del stored[_OWN_SLOT]
        self._last = stored.pop(LAST_WORKED, None)
        self._slots = {_OWN_SLOT: self._own, **stored}
        self._in_use = dict(self._slots)
        self._order = self._known(self._settings.members(PRIORITY))
        self._route = route.after_boot(self._order)
        self.active_slot = self._order[0]

    def guard_settings(self) -> None:
        """Refuse what cannot be from now on, and say which profile is in use."""
        show_slots(self._settings, self)
        self._settings.guard(PRIORITY, self._check_order)
        self._settings.provide("OCPPCommCtrlr.ActiveNetworkProfile", lambda: str(self.active_slot))
        self._settings.provide("SecurityCtrlr.SecurityProfile", lambda: str(self.security))

    @property
    def security(self) -> SecurityProfile:
        """The security profile in use, or to be used first."""
        return self._slots[self.active_slot].security if self.active is None else self.active.security

    @property
    def proven_security(self) -> int:
        """The security profile that the station was last accepted with; 0 before that."""
        return 0 if self._last is None else self._last.security

    @property
    def least_security(self) -> int:
        """The lowest security profile among those that will be tried."""
        return min(self._in_use[slot].security for slot in self._order)

    @property
    def profiles(self) -> dict[int, NetworkProfile]:
        """What each slot holds now, by its number; complete or not."""
        return dict(self._slots)

    def least_after(self, security: int) -> int:
        """Return the lowest security profile that may follow on one."""
        return least_allowed(security, may_downgrade=self._settings.flag(DOWNGRADE))

    @property
    def identity(self) -> str:
        """The identity that the profile in use has for the station, "" if none of its own."""
        return "" if self.active is None else self.active.identity

    @property
    def versions(self) -> tuple[OcppVersion, ...]:
        """What the station file has this station speak."""
        return self._own.versions

    def held(self, slot: int) -> NetworkProfile:
        """Return what a slot holds now."""
        return self._slots.get(slot, UNSET)

    def is_spoken_for(self, slot: int) -> bool:
        """Return whether a slot is in use, or may be when the station connects again (B09.FR.22)."""
        return slot == self.active_slot or str(slot) in self._settings.members(PRIORITY)

    async def put(self, slot: int, profile: NetworkProfile) -> Refusal | None:
        """Store a profile for the next start (B09.FR.01), or return why not.

        Raises:
            StoreError: If it cannot be stored (B09.FR.03).
        """
        refused = refusal(profile, self.least_after(self.security))
        if refused is not None:
            return refused
        await self.keep(slot, profile)
        log.info("network profile %d is %s from the next start on", slot, profile.url)
        return None

    async def raise_security(self, security: int) -> Refusal | None:
        """Have the slot in use go by a higher security profile from the next start on, or return why not.

        Its address stays, but for its scheme. Should it not work then, the one that last worked is tried.

        Raises:
            StoreError: If it cannot be stored.
        """
        held = self.held(self.active_slot)
        if security < self.security:
            return Refusal("NoSecurityDowngrade", f"security profile {self.security} is not lowered")
        scheme = "wss" if security > 1 else "ws"
        profile = msgspec.structs.replace(
            held, security=cast("SecurityProfile", security), url=f"{scheme}:{held.url.partition(':')[2]}"
        )
        missing = self._missing(security, profile.password)
        if missing is not None:
            return Refusal("InvalidNetworkConf", missing)
        return await self.put(self.active_slot, profile)

    async def keep(self, slot: int, profile: NetworkProfile) -> None:
        """Store what a slot holds from the next start on, complete or not.

        Raises:
            StoreError: If it cannot be stored.
        """
        if slot == _OWN_SLOT:
            profile = msgspec.structs.replace(profile, instead_of=self._own.url)
        await self._database.write(lambda opened: network_profiles.save(opened, slot, profile))
        self._slots[slot] = profile

    async def drop_own_password(self) -> None:
        """Have the profile in use go by the password for all of them, from the next attempt on (B09.FR.27).

        Raises:
            StoreError: If that cannot be stored; nothing has changed.
        """
        active, slot = self.active, self.active_slot
        if active is None or not active.password:
            return
        plain = msgspec.structs.replace(active, password="")
        held = self._slots.get(slot) == active

        def work(opened: sqlite3.Connection) -> None:
            network_profiles.save(opened, LAST_WORKED, plain)
            if held:
                network_profiles.save(opened, slot, plain)

        await self._database.write(work)
        self.active = self._last = plain
        self._slots |= {slot: plain} if held else {}
        self._in_use |= {slot: plain} if self._in_use.get(slot) == active else {}

    # where to connect

    def next(self) -> tuple[int, NetworkProfile]:
        """Return the slot and the profile to try now."""
        while (profile := self._at(self._route.slot)) is None:
            self._route = route.skipped(self._route)
        return self._route.slot, profile

    @property
    def attempt(self) -> int:
        """What the wait before the next attempt depends on; 1 is the shortest."""
        self.next()
        return self._route.attempt

    def failed(self) -> None:
        """Take note that the attempt did not bring a connection that works."""
        before = self._route.slot
        self._route = route.after_failure(self._route, self._settings.integer(ATTEMPTS))
        slot, profile = self.next()
        if slot != before:
            log.warning(
                "network profile %d does not work; next is %s", before or self.active_slot, profile.url
            )

    def connected(self) -> None:
        """Take note of the profile that a connection came about with."""
        slot, self.active = self.next()
        self.active_slot = slot or self._slot_of(self.active)

    def lost(self) -> None:
        """Take note that a connection that worked is over: begin with its profile again (B10.FR.03)."""
        known = self.active_slot if self._at(self.active_slot) == self.active else LAST_WORKED
        self._route = route.after_loss(self._order, known)

    async def worked(self) -> None:
        """Keep the profile that the backend has just accepted the station over (B10.FR.07).

        Slots that are less secure are not tried any more (A05.FR.06).

        Raises:
            StoreError: If it cannot be stored.
        """
        active = self.active
        if active is None or active == self._last:
            return
        await self._database.write(lambda opened: network_profiles.save(opened, LAST_WORKED, active))
        self._last = active
        wanted = self._settings.members(PRIORITY)
        least = self.least_after(active.security)
        secure = tuple(slot for slot in wanted if self.held(int(slot)).security >= least)
        if secure and secure != wanted:
            log.info("network profiles less secure than %d are no longer tried", least)
            await self._settings.write(self._settings.entry(PRIORITY), ",".join(secure))
            self._order = tuple(slot for slot in self._order if self._in_use[slot].security >= least)

    def _at(self, slot: int) -> NetworkProfile | None:
        """Return what can be tried; the profile that last worked only if no slot has it anyway."""
        if slot != LAST_WORKED:
            return self._in_use.get(slot)
        is_in_order = any(self._in_use[number] == self._last for number in self._order)
        return None if is_in_order else self._last

    def _slot_of(self, profile: NetworkProfile) -> int:
        found = [slot for slot, known in self._in_use.items() if known == profile]
        return found[0] if found else self.active_slot

    def _known(self, slots: tuple[str, ...]) -> tuple[int, ...]:
        known = tuple(int(slot) for slot in slots if int(slot) in self._in_use)
        return known or (_OWN_SLOT,)

    def _check_order(self, text: str) -> None:
        """Refuse an order with slots that cannot be used (B09.FR.34, A05.FR.02, A05.FR.09, A05.FR.10)."""
        least = self.least_after(self.security)
        for slot in (int(slot) for slot in text.split(",")):
            profile = self.held(slot)
            if not profile.url:
                why = f"network profile {slot} is not set; set it first with SetNetworkProfile"
                raise ValueRefused(why, "InvalidNetworkConf")
            if (refused := refusal(profile, least)) is not None:
                raise ValueRefused(f"network profile {slot} cannot be used: {refused.why}", refused.code)
            missing = self._missing(profile.security, profile.password)
            if missing is not None and profile.security > self.security:  # A05.FR.03
                raise ValueRefused(f"network profile {slot} cannot be used: {missing}", "InvalidNetworkConf")
