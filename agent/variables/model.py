"""The device model at run time: what is declared, what was written to it, and what the station says live."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from agent.variables.checks import ValueRefused, checked
from agent.variables.declared import Variable, declared

Live = Callable[[], str]
Guard = Callable[[str], None]
"""Raises `ValueRefused` for a value that fits the variable but not the station as it is now."""
Persist = Callable[[str, str], Awaitable[None]]
Take = Callable[[str], Awaitable[None]]
"""Takes a checked value and keeps it, in place of the device model; raises `ValueRefused`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a component sits: the station (no numbers), an EVSE, or one of its connectors.

    `instance` tells apart components of one name at the same place: the station's network slots.
    """

    evse_id: int | None = None
    connector_id: int | None = None
    instance: str | None = None

    @property
    def level(self) -> str:
        """The level of the device model this place is on."""
        if self.instance is not None:
            return "slot"
        if self.evse_id is None:
            return "station"
        return "evse" if self.connector_id is None else "connector"


STATION = Place()


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable at one place."""

    variable: Variable
    place: Place


class UnknownComponent(KeyError):
    """No such component on this station (B05.FR.04, B06.FR.06)."""


class UnknownVariable(KeyError):
    """The component has no such variable (B05.FR.05, B06.FR.07)."""


class DeviceModel:
    """Every variable of this station with its value now."""

    def __init__(self, places: tuple[Place, ...], overrides: Mapping[str, str], persist: Persist) -> None:
        """Start from the declared defaults and the station file's `overrides` (already checked)."""
        self._persist = persist
        self._entries = tuple(
            Entry(variable, place)
            for place in (STATION, *places)
            for variable in declared()
            if variable.level == place.level
        )
        self._values = {v.name: v.default for v in declared() if v.default is not None}
        self._values.update(overrides)
        self._live: dict[tuple[str, Place], Live] = {}
        self._maxima: dict[tuple[str, Place], int] = {}
        self._guards: dict[str, Guard] = {}
        self._takers: dict[tuple[str, Place], Take] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._at_start = self._used_from_start_on()

    def provide(self, name: str, live: Live, place: Place = STATION, maximum: int | None = None) -> None:
        """Let the running station answer for a variable, whose maximum may depend on the place."""
        self._live[name, place] = live
        if maximum is not None:
            self._maxima[name, place] = maximum

    def guard(self, name: str, guard: Guard) -> None:
        """Ask `guard` about every value that is to be written to a variable, besides its own limits."""
        self._guards[name] = guard

    def hand_over(self, name: str, take: Take, place: Place = STATION) -> None:
        """Let somebody else keep what is written to a variable; `provide` says what it is then."""
        self._takers[name, place] = take

    def narrow(self, name: str, members: tuple[str, ...]) -> None:
        """Let a list take only these of its members: the station's hardware cannot do the others."""
        self._members[name] = members

    def choice(self, variable: Variable) -> tuple[str, ...]:
        """Return the members that a list can have at this station."""
        return self._members.get(variable.name, variable.members)

    def restore(self, stored: Mapping[str, str]) -> list[str]:
        """Take over what was written earlier; return the names that no longer fit and keep their default."""
        by_name = {variable.name: variable for variable in declared()}
        refused: list[str] = []
        for name, value in stored.items():
            try:
                self._values[name] = checked(by_name[name], value)
            except (KeyError, ValueRefused):
                refused.append(name)
        self._at_start = self._used_from_start_on()
        return refused

    def __iter__(self) -> Iterator[Entry]:
        """Yield every variable of every component, station first."""
        return iter(self._entries)

    def find(self, component: str, variable: str, instance: str | None, place: Place) -> Entry:
        """Return the entry of these names; they compare without case.

        Raises:
            UnknownComponent: If no such component is there.
            UnknownVariable: If the component lacks the variable, or the instance of it.
        """
        here = [
            entry
            for entry in self._entries
            if entry.place == place and entry.variable.component.casefold() == component.casefold()
        ]
        if not here:
            raise UnknownComponent(component)
        wanted = (variable.casefold(), None if instance is None else instance.casefold())
        for entry in here:
            known = entry.variable.instance
            if (entry.variable.variable.casefold(), None if known is None else known.casefold()) == wanted:
                return entry
        raise UnknownVariable(variable)

    def entry(self, name: str) -> Entry:
        """Return a station variable's entry by its full name."""
        return next(entry for entry in self._entries if entry.variable.name == name)

    def value(self, entry: Entry) -> str:
        """Return the value now."""
        live = self._live.get((entry.variable.name, entry.place))
        return self._values.get(entry.variable.name, "") if live is None else live()

    def secrets(self) -> list[str]:
        """Return the values that nobody may read: they belong in no log that leaves the station."""
        hidden = [entry for entry in self._entries if entry.variable.mutability == "WriteOnly"]
        return [value for entry in hidden if (value := self.value(entry))]

    def awaits_restart(self, entry: Entry) -> bool:
        """Return whether the value is another than the one in use since the start (B05.FR.09)."""
        name = entry.variable.name
        return name in self._at_start and self._at_start[name] != self._values[name]

    def _used_from_start_on(self) -> dict[str, str]:
        return {v.name: self._values[v.name] for v in declared() if v.needs_restart}

    def maximum(self, entry: Entry) -> int | None:
        """Return the largest value there can be, if that is known."""
        return self._maxima.get((entry.variable.name, entry.place), entry.variable.maximum)

    async def write(self, entry: Entry, text: str) -> None:
        """Check, store and use a value; it survives a power cut when this returns.

        Raises:
            ValueRefused: If it does not fit; nothing has changed.
        """
        variable = replace(entry.variable, members=self.choice(entry.variable))
        value = checked(variable, text)
        if (guard := self._guards.get(entry.variable.name)) is not None:
            guard(value)
        if (take := self._takers.get((entry.variable.name, entry.place))) is not None:
            await take(value)
            return
        await self._persist(entry.variable.name, value)
        self._values[entry.variable.name] = value

    def take_over(self, name: str, value: str) -> None:
        """Use a value that the caller has stored already, together with what belongs to it."""
        self._values[name] = value

    def text(self, name: str) -> str:
        """Return a station variable's value by its full name."""
        return self._values[name]

    def integer(self, name: str) -> int:
        """Return an integer variable's value by its full name."""
        return int(self._values[name])

    def flag(self, name: str) -> bool:
        """Return a boolean variable's value by its full name."""
        return self._values[name] == "true"

    def members(self, name: str) -> tuple[str, ...]:
        """Return a list variable's members by its full name."""
        return tuple(part for part in self._values[name].split(",") if part)
