"""A signing meter on Modbus: any profile whose scripts and roles say how it begins, ends and hands out.

What the device must have (docs/hardware-profiles.md, "Signed meters"):

- scripts `begin` and `end`; `end_<state>` where ending takes more in one state; `confirm` where the device
  waits for it; `fetch_begin` and `fetch_end` that wait until a reading is signed and read it;
- among what the fetch scripts read, a point with the role `signed_text`, or `signed_payload` and `signature`;
- a point with the role `signing_state`, or, where the device knows no transactions but only two readings,
  `begin_status` and `end_status` (valid while there is one), `begin_counter` and `end_counter`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from drivers.devices.long_points import read_point
from drivers.devices.modbus_device import Decoded
from drivers.devices.modbus_meter import ModbusMeter
from drivers.devices.script import ScriptFailed, UnexpectedValue, run_script
from drivers.devices.signing_words import fits, lacks, meaning, public_key, record_text, variables
from drivers.modbus.line import Line
from drivers.ports import DeviceError, NothingSigned, NotIdle
from drivers.profiles.model import Profile
from drivers.profiles.point import Role
from drivers.profiles.scripts import Script
from drivers.profiles.values import Value
from drivers.readings import Identification, Instant, SignedReading, SigningState
from drivers.signed.ocmf import parse

log = logging.getLogger(__name__)

TRIES: Final = 3
"""How often a record that does not verify is read; a meter that signs wrongly gives the same twice."""
STALE_S: Final = 0.2
"""How long to wait for a record where the one before still stands."""
IS_THERE: Final = "valid"
IS_COMING: Final = "updating"
"""The states of begin_status and end_status that mean that a reading was taken."""
NEVER: Final = "never"
ENDED: Final = "ended"
"""Words for devices that have none: nothing read since power-up; the end is newer than the beginning."""


class ModbusSignedMeter(ModbusMeter):
    """Implements drivers.ports.SignedMeter, and drivers.ports.EnergyMeter beside it.

    A device that knows no transactions (see above) can always take an end reading: `end` never raises
    NothingSigned for it.
    """

    def __init__(
        self,
        bus: Line,
        unit: int,
        profile: Profile,
        *,
        clock: Callable[[], Instant],
        timeout_s: float = 0.5,
    ) -> None:
        super().__init__(bus, unit, profile, timeout_s=timeout_s)
        self._clock = clock
        self._signing = asyncio.Lock()
        self._key: Decoded | None = None

    def forget(self) -> None:
        """Take nothing that was found out about the device for granted any more: it may be another one."""
        super().forget()
        self._key = None

    @property
    def signs_begin(self) -> bool:
        """Whether the device signs the beginning by itself."""
        return "fetch_begin" in self.profile.scripts

    async def signing_state(self) -> SigningState:
        """Ask the device what it is doing.

        Raises:
            DeviceError: If it did not answer properly.
        """
        async with self._signing:
            return meaning(await self._raw_state())

    async def begin(self, who: Identification) -> SignedReading | None:
        """Set the device's clock, tell it who charges, begin a transaction and return what it signed.

        Raises:
            NotIdle: If a transaction is open, or one that ended was not confirmed. Nothing was changed.
            DeviceError: If it failed on the way. Whether the transaction has begun, `signing_state` tells.
        """
        async with self._signing:
            state = meaning(await self._raw_state())
            if state is not SigningState.IDLE:
                raise NotIdle(self._name, state)
            return await self._sign("begin", who, end=False)

    async def recover(self) -> SignedReading | None:
        """Return what the device signed last and still holds; reading it changes nothing.

        Raises:
            DeviceError: If it did not answer properly.
        """
        async with self._signing:
            active = meaning(await self._raw_state()) is SigningState.ACTIVE
            try:
                return await self._fetch(end=not active)
            except NothingSigned:
                return None

    async def end(self, who: Identification) -> SignedReading:
        """End the open transaction and return what was signed; if it has ended already, return that again.

        Raises:
            NothingSigned: If there is no transaction to end.
            DeviceError: If it failed on the way; call again.
        """
        async with self._signing:
            raw = await self._raw_state()
            command = f"end_{raw}" if f"end_{raw}" in self.profile.scripts else "end"
            if meaning(raw) is SigningState.ACTIVE or raw == NEVER:
                reading = await self._sign(command, who, end=True)
            else:
                reading = await self._fetch(end=True)
                if self._must_repeat(reading, who):
                    reading = await self._sign(command, who, end=True)
            if reading is None:
                raise NothingSigned(f"{self.profile.id} has no script 'fetch_end'")
            return reading

    async def confirm(self) -> None:
        """Tell the device that the reading of `end` is stored; does nothing where no device waits for it.

        Raises:
            DeviceError: If the device did not confirm; call again.
        """
        async with self._signing:
            waits = meaning(await self._raw_state()) is SigningState.UNREAD
            if waits and "confirm" in self.profile.scripts:
                await run_script(self, self.profile.scripts["confirm"], {})

    @property
    def _name(self) -> str:
        return f"{self.profile.id}, unit {self.unit} on {self.bus.name}"

    async def _raw_state(self) -> str:
        """Return the device's own word for its state, or ours for one that only knows two readings."""
        profile = await self.resolve()
        point = profile.role("signing_state")
        if point is not None:
            value = (await read_point(self, point)).value
            if not isinstance(value, str):
                raise DeviceError(f"{self._name}: {point.name} has none of the states that the profile knows")
            return value
        begin, end = await self._by_role("begin_status"), await self._by_role("end_status")
        begun, ended = (status in {IS_THERE, IS_COMING} for status in (begin, end))
        if begun and ended:
            ended = await self._end_is_newer(begin, end)
        return ENDED if ended else "active" if begun else NEVER

    async def _end_is_newer(self, begin: Value | None, end: Value | None) -> bool:
        if IS_COMING in {begin, end}:
            return end == IS_COMING
        counts = await self._by_role("begin_counter"), await self._by_role("end_counter")
        if not (isinstance(counts[0], Decimal) and isinstance(counts[1], Decimal)):
            raise DeviceError(f"{self._name}: the counters of its readings have no value")
        return counts[1] > counts[0]

    async def _by_role(self, role: Role) -> Value | None:
        point = self.profile.role(role)
        if point is None:
            raise DeviceError(f"{self.profile.id} has no point with role {role}")
        return (await read_point(self, point)).value

    async def _sign(self, command: str, who: Identification, *, end: bool) -> SignedReading | None:
        """Run a command and fetch what was signed; None if the device signs none then."""
        for _ in range(TRIES):
            await self._command(command, who)
            reading = await self._fetch(end=end)
            if not self._must_repeat(reading, who):
                return reading
            log.warning("%s: it forgot the time or who charges before it signed; once more", self._name)
        raise DeviceError(f"{self._name} forgets what it is told before it signs")

    def _must_repeat(self, reading: SignedReading | None, who: Identification) -> bool:
        """Tell whether a reading lacks something and another can be taken: the power was cut in between."""
        takes_any_number = self.profile.role("signing_state") is None
        return takes_any_number and reading is not None and lacks(parse(reading.text), who)

    async def _command(self, name: str, who: Identification) -> None:
        now = self._clock().wall.astimezone()
        await run_script(self, self.profile.scripts[name], variables(who, now))

    async def _fetch(self, *, end: bool) -> SignedReading | None:
        """Read the record of an end or a beginning; None if the device signs none then.

        It is read again if its signature does not fit it, or if it is still the record before.
        """
        script = self.profile.scripts.get("fetch_end" if end else "fetch_begin")
        if script is None:
            return None
        texts: list[str] = []
        for _ in range(TRIES):
            reading = await self._read_record(script)
            if parse(reading.text).is_end is not end:
                await asyncio.sleep(STALE_S)
            elif fits(reading):
                return reading
            elif reading.text in texts:
                log.warning("%s: its record does not verify with the key that it shows", self._name)
                return reading
            else:
                texts.append(reading.text)
        if texts:
            raise DeviceError(f"{self._name} gives a record that does not verify, and each time another")
        raise NothingSigned(f"{self._name} shows no record of {'an end' if end else 'a beginning'}")

    async def _read_record(self, script: Script) -> SignedReading:
        try:
            results = await run_script(self, script, {})
        except ScriptFailed as failure:
            if isinstance(failure.__cause__, UnexpectedValue):
                raise NothingSigned(f"{self._name} has signed nothing: {failure.problem}") from failure
            raise
        if self._key is None and (key := self.profile.role("public_key")) is not None:
            self._key = await read_point(self, key)
        return self._reading({item.point.role: item for item in results.values()})

    def _reading(self, by_role: Mapping[Role | None, Decoded]) -> SignedReading:
        values = {role: item.value for role, item in by_role.items()}
        try:
            text = record_text(values)
            parse(text)
        except ValueError as error:
            raise DeviceError(f"{self._name} gives no signed reading: {error}") from error
        last = max((item.taken_at for item in by_role.values()), key=lambda moment: moment.monotonic_s)
        key = None if self._key is None else public_key(self._key.value)
        return SignedReading(text=text, format="OCMF", public_key=key, taken_at=last)
