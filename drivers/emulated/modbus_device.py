"""One emulated device that speaks Modbus: its registers, its life, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from drivers.emulated import pdu
from drivers.emulated.behaviour import Behaviour, Surroundings
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.exchange import Message, Sending
from drivers.emulated.faults.book import ArmedFault, FaultBook
from drivers.emulated.faults.fault import MessageFault, RequestFault, ValueFault, WireFault, WriteFault
from drivers.emulated.faults.injection import WRITES, Span
from drivers.emulated.faults.names import describe
from drivers.emulated.image import Image, Write
from drivers.emulated.pdu import Refused
from drivers.emulated.span import span_of
from drivers.emulated.watchdog import EmulatedWatchdog
from drivers.profiles.point import Point
from drivers.profiles.values import Value


@dataclass(frozen=True, slots=True)
class LateWrite:
    """A write that was confirmed and is still to be carried out."""

    due_s: float
    write: Write


class ModbusDevice(EmulatedDevice):
    """Answers requests (see `exchange.Station`) from an image of its registers."""

    def __init__(
        self,
        surroundings: Surroundings,
        behaviour: Behaviour,
        *,
        unit: int,
        faults: FaultBook,
        fixed: Mapping[int, int] | None = None,
    ) -> None:
        super().__init__(surroundings, behaviour)
        self.unit = unit
        self.image = Image(self.profile, self._shows, self._take, distortion=self, fixed=fixed)
        self.on_write: Callable[[Write], None] = lambda _: None
        """Called after every write that was carried out."""
        self._clock_s = surroundings.clock_s
        self._faults = faults
        watchdog = self.profile.watchdog
        self._watchdog = None if watchdog is None else EmulatedWatchdog(watchdog)
        self._struck: tuple[ArmedFault, ...] = ()
        """The faults that hit the request that is being answered."""
        self._late: list[LateWrite] = []
        self._expires_s: dict[str, float] = {}

    def serve(self, request: Message) -> Sequence[Sending]:
        """Answer a request, as well as faults let it."""
        if not self.answers:
            return ()
        self._catch_up()
        span = span_of(request.pdu)
        self._struck = self._striking(span)
        try:
            sendings = self._sendings(request)
        finally:
            struck, self._struck = self._struck, ()
        if struck:
            self._note(
                "fault",
                faults=[f"{one.id} {describe(one.injection.fault)}" for one in struck],
                request=request.encode().hex(),
                sent=[one.data.hex() for one in sendings],
                after_s=[one.after_s for one in sendings],
            )
        return sendings

    def concerns(self, request: Message) -> int:
        """Return how many points of this very instance a request is about."""
        span = span_of(request.pdu)
        if span is None:
            return 0
        return sum(not point.shared for point in self.image.within(span.space, span.start, span.end))

    def tick(self) -> None:
        """Let the device's own clockwork, late writes and watchdogs move on."""
        if self.powered:
            super().tick()
            self._catch_up()

    def start_again(self) -> None:
        """Have the defaults of a device that was just switched on, and no watchdog armed."""
        self.image.forget()
        self._late.clear()
        self._expires_s.clear()
        if self._watchdog is not None:
            self._watchdog.reset()
        super().start_again()

    def value(self, point: Point, value: Value | None) -> Value | None:
        """Return what a point shows once faults have had their say (see `image.Distortion`)."""
        for armed, fault in self._value_faults(point):
            value = fault.value(point, value, armed.memory, armed.rng)
        return value

    def words(self, point: Point, words: tuple[int, ...]) -> tuple[int, ...]:
        """Return what a point's registers hold once faults have had their say (see `image.Distortion`)."""
        for _, fault in self._value_faults(point):
            words = fault.words(point, words)
        return words

    def _sendings(self, request: Message) -> tuple[Sending, ...]:
        refusals = [one.injection.fault for one in self._struck]
        for fault in refusals:
            if isinstance(fault, RequestFault):
                refusal = fault.refuse(request)
                return () if refusal is None else self._sent(request, refusal)
        reply = pdu.answer(request.pdu, self.image)
        if self._watchdog is not None and request.pdu[0] not in WRITES and not reply[0] & 0x80:
            self._watchdog.contact("read", (), self.image.shown, self._clock_s())
        return self._sent(request, reply)

    def _sent(self, request: Message, reply_pdu: bytes) -> tuple[Sending, ...]:
        reply = request.saying(reply_pdu)
        for armed in self._struck:
            if isinstance(armed.injection.fault, MessageFault):
                reply = armed.injection.fault.change(reply, armed.rng)
        sendings: tuple[Sending, ...] = (Sending(data=reply.encode()),)
        for armed in self._struck:
            if isinstance(armed.injection.fault, WireFault):
                sendings = armed.injection.fault.damage(sendings, request, armed.rng)
        return sendings

    def _striking(self, span: Span | None) -> tuple[ArmedFault, ...]:
        if not self._faults:
            return ()
        within = () if span is None else tuple(self.image.within(span.space, span.start, span.end))
        return self._faults.striking(self.name, span, within, self._clock_s())

    def _value_faults(self, point: Point) -> list[tuple[ArmedFault, ValueFault]]:
        return [
            (armed, armed.injection.fault)
            for armed in self._struck
            if isinstance(armed.injection.fault, ValueFault) and armed.touches(point)
        ]

    def _shows(self, point: Point) -> Value | None:
        if point.name in self.overridden:
            return self.overridden[point.name]
        return self.behaviour.shows(point)

    def _take(self, write: Write) -> None:
        """Carry a write out now, later or never, as faults and the device's own conditions say."""
        for armed in self._struck:
            if isinstance(armed.injection.fault, WriteFault):
                delay_s = armed.injection.fault.delay_s()
                if delay_s is not None:
                    self._late.append(LateWrite(self._clock_s() + delay_s, write))
                return
        self._carry_out(write)

    def _carry_out(self, write: Write) -> None:
        changes = tuple((point, value) for point, value in write.changes if self._fulfilled(point))
        self.behaviour.written(changes)
        self.image.keep(changes)
        now_s = self._clock_s()
        for point, _ in changes:
            if point.write is not None and point.write.expires_s is not None:
                self._expires_s[point.name] = now_s + point.write.expires_s
        if self._watchdog is not None:
            self._watchdog.contact("write", changes, self.image.shown, now_s)
        self._note(
            "write",
            space=write.space,
            address=write.address,
            values=list(write.values),
            changes={point.name: value for point, value in changes},
        )
        self.on_write(write)

    def _fulfilled(self, point: Point) -> bool:
        """Tell whether other points hold what this write needs; if not, the device ignores it."""
        return point.write is not None and all(
            condition.holds(self.image.shown(condition.point)) for condition in point.write.needs
        )

    def _catch_up(self) -> None:
        """Do what has become due: late writes, setpoints that lapse, the watchdog."""
        now_s = self._clock_s()
        due = [late for late in self._late if late.due_s <= now_s]
        self._late = [late for late in self._late if late.due_s > now_s]
        for late in due:
            with suppress(Refused):  # it was confirmed long ago: nobody is there to hear of it
                self._carry_out(late.write)
        for name in [name for name, due_s in self._expires_s.items() if due_s <= now_s]:
            del self._expires_s[name]
            self._lapse(self.profile.point(name))
        if self._watchdog is not None and self._watchdog.falls(now_s):
            self.behaviour.fall_back(self._watchdog.spec)
            self._note("watchdog", safe_a=self._watchdog.spec.safe_a, safe_w=self._watchdog.spec.safe_w)

    def _lapse(self, point: Point) -> None:
        off = None if point.write is None else point.write.off
        value = point.example if off is None else off
        if value is not None:
            self.image.keep(((point, value),))
        self.behaviour.lapsed(point, value)
        self._note("lapsed", point=point.name, value=value)


class InstanceStation:
    """Several instances of one device at one unit address: each answers for its own registers."""

    def __init__(self, devices: Sequence[ModbusDevice]) -> None:
        self._devices = sorted(devices, key=lambda device: device.profile.instance)
        for device in self._devices:
            instances = device.profile.instances
            if instances is not None and instances.counted_by is not None:
                most = self._devices[-1].profile.instance
                device.overridden.setdefault(instances.counted_by, Decimal(most))

    def serve(self, request: Message) -> Sequence[Sending]:
        """Let the instance answer whose registers the request is about, else the first."""
        return max(self._devices, key=lambda device: device.concerns(request)).serve(request)
