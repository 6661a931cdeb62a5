"""The commands that `chargehand-emulate` takes while it runs, and that a scenario's script is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.fault_text import fault_words, parse_fault
from drivers.emulated.faults.book import ArmedFault
from drivers.emulated.faults.injection import Injection
from drivers.emulated.faults.names import FAULTS
from drivers.emulated.grid import USUAL, Mains
from drivers.emulated.own_devices import ReaderBehaviour
from drivers.emulated.pn532 import Card
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import RigSpec
from drivers.emulated.status import bay_status, device_status

HELP = """\
plug [BAY]          plug the vehicle in            unplug [BAY]   pull the plug, at any moment
arrive [BAY]        the vehicle parks              depart [BAY]   it drives off
ask [BAY]           a vehicle that speaks (ISO 15118) shows pilot C   rest [BAY]   no longer
pause [BAY]         the vehicle wants no energy    resume [BAY]   it wants energy again
grid [BAY] voltage V | frequency HZ | sag V | usual
                    the mains are different from now on, or as usual again
silence DEVICE      it stops answering             answer DEVICE  it answers again
power DEVICE off    it loses its power             power DEVICE on  it starts with its defaults
counter DEVICE KWH  its energy counter stands there from now on
fault DEVICE|all NAME [NUMBER] [at S] [every S] [for S] [times N] [chance P]
        [point NAME] [address A | A-B] [function F]
                    something goes wrong; 'faults' lists the names
faults              the faults there are, and those that are set
clear [ID]          end one fault, or all
card DEVICE UID     a card with this number (hexadecimal) is held to the reader
remove DEVICE       it is taken away
status [BAY|DEVICE] pilot, contactor, offer, volts, amperes, power, energy
wait SECONDS        do nothing for a while (for scripts)
help                this list                      quit           end (so do Ctrl-C and SIGTERM)
"""
LONGEST_WAIT_S: Final = 1e9

Action = Callable[[Rig], Awaitable[str]]
"""What a command does with the rig; it returns what to print."""


class CommandError(Exception):
    """A line that is no command, or that this rig cannot carry out; the message says what would be."""


async def execute(rig: Rig, line: str) -> str:
    """Carry out one command line and return what to print.

    Raises:
        CommandError: If it is not a command, or one that this rig cannot carry out.
    """
    if not line.strip():
        return ""
    action = parse(rig.spec, line)
    rig.log.write("command", command=line.strip())
    return await action(rig)


def parse(spec: RigSpec, line: str) -> Action:
    """Return what a command line would do with such a rig.

    Raises:
        CommandError: If it is not a command, or names what the rig does not have.
    """
    verb, *words = line.split()
    if verb not in _VERBS:
        raise CommandError(f"{line.strip()!r} is not a command; 'help' lists them")
    action = _VERBS[verb](spec, words)
    if action is None:
        raise CommandError(f"{line.strip()!r} is not a command; 'help' lists them")
    return action


def _help(spec: RigSpec, words: Sequence[str]) -> Action | None:
    return None if words else _saying(lambda _: HELP.rstrip())


def _vehicle(change: Callable[[ChargingBay], None], spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) > 1:
        return None
    name = _bay(spec, words)

    def act(rig: Rig) -> str:
        change(rig.bays[name])
        return bay_status(rig, rig.bays[name])

    return _saying(act)


def _grid(spec: RigSpec, words: Sequence[str]) -> Action | None:
    has_name = bool(words) and words[0] in spec.bays
    name, what = _bay(spec, words[:1] if has_name else ()), words[1:] if has_name else words
    change = _mains_change(what)
    if change is None:
        return None

    def act(rig: Rig) -> str:
        bay = rig.bays[name]
        bay.set_mains(change(bay.state.mains))
        return bay_status(rig, bay)

    return _saying(act)


def _mains_change(what: Sequence[str]) -> Callable[[Mains], Mains] | None:
    match list(what):
        case ["usual"]:
            return lambda _: USUAL
        case ["voltage", text]:
            voltage_v = _number("grid voltage", text, 1000)
            return lambda mains: replace(mains, voltage_v=voltage_v)
        case ["frequency", text]:
            frequency_hz = _number("grid frequency", text, 1000)
            return lambda mains: replace(mains, frequency_hz=frequency_hz)
        case ["sag", text]:
            sag_v = _number("grid sag", text, 1000)
            return lambda mains: replace(mains, sag_v=sag_v)
    return None


def _silence(silent: bool, spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 1:
        return None
    name = _device(spec, words[0])

    def act(rig: Rig) -> str:
        rig.devices[name].silent = silent
        return f"{name}: {'silent' if silent else 'answers'}"

    return _saying(act)


def _power(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 2 or words[1] not in {"on", "off"}:
        return None
    name, on = _device(spec, words[0]), words[1] == "on"

    def act(rig: Rig) -> str:
        device = rig.devices[name]
        if on:
            device.return_power()
        else:
            device.cut_power()
        return f"{name}: power {words[1]}"

    return _saying(act)


def _counter(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 2:
        return None
    name, shows_mwh = _device(spec, words[0]), round(_number("counter", words[1], 1e12) * 1_000_000)

    def act(rig: Rig) -> str:
        if rig.devices[name].behaviour.counter is None:
            raise CommandError(f"{name} counts no energy")
        rig.devices[name].set_counter(shows_mwh)
        return device_status(rig, rig.devices[name])

    return _saying(act)


def _card(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 2:
        return None
    name, card = _device(spec, words[0]), _card_of(words[1])

    def act(rig: Rig) -> str:
        _reader(rig, name).chip.put(card)
        return f"{name}: card {card.uid.hex().upper()}"

    return _saying(act)


def _remove(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 1:
        return None
    name = _device(spec, words[0])

    def act(rig: Rig) -> str:
        _reader(rig, name).chip.remove()
        return f"{name}: no card"

    return _saying(act)


def _card_of(text: str) -> Card:
    try:
        return Card(bytes.fromhex(text))
    except ValueError as error:
        raise CommandError(f"card {text!r}: {error}") from None


def _reader(rig: Rig, name: str) -> ReaderBehaviour:
    behaviour = rig.devices[name].behaviour
    if not isinstance(behaviour, ReaderBehaviour):
        raise CommandError(f"{name} reads no cards")
    return behaviour


def _fault(spec: RigSpec, words: Sequence[str]) -> Action | None:
    try:
        injection: Injection = parse_fault(words)
        spec.check(injection)
    except ValueError as error:
        raise CommandError(f"fault: {error}") from None
    return _saying(lambda rig: _told(rig.inject_all(injection)))


def _faults(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if words:
        return None
    names = f"names: {' '.join(FAULTS)}"
    return _saying(lambda rig: "\n".join((names, *([_told(one) for one in rig.faults] or ["none is set"]))))


def _clear(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) > 1:
        return None

    async def act(rig: Rig) -> str:
        wanted = words or [armed.id for armed in rig.faults]
        for fault_id in wanted:
            try:
                await rig.clear(fault_id)
            except KeyError:
                raise CommandError(f"there is no fault {fault_id!r}; 'faults' lists them") from None
        return f"cleared: {' '.join(wanted) or 'none was set'}"

    return act


def _status(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) > 1:
        return None
    if words and words[0] in spec.devices:
        return _saying(lambda rig: device_status(rig, rig.devices[words[0]]))
    names = [_bay(spec, words)] if words else list(spec.bays)
    return _saying(lambda rig: "\n".join(bay_status(rig, rig.bays[name]) for name in names))


def _wait(spec: RigSpec, words: Sequence[str]) -> Action | None:
    if len(words) != 1:
        return None
    seconds = _number("wait", words[0], LONGEST_WAIT_S)

    async def act(rig: Rig) -> str:
        await asyncio.sleep(seconds)
        return ""

    return act


def _saying(act: Callable[[Rig], str]) -> Action:
    """Return an action of something that takes no time."""

    async def done(rig: Rig) -> str:
        return act(rig)

    return done


def _bay(spec: RigSpec, words: Sequence[str]) -> str:
    if words and words[0] not in spec.bays:
        raise CommandError(f"{words[0]!r} is no bay; there are {', '.join(spec.bays)}")
    if not words and len(spec.bays) > 1:
        raise CommandError(f"which bay? There are {', '.join(spec.bays)}")
    return words[0] if words else next(iter(spec.bays))


def _device(spec: RigSpec, name: str) -> str:
    if name not in spec.devices:
        raise CommandError(f"{name!r} is no device; there are {', '.join(spec.devices)}")
    return name


def _number(what: str, text: str, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= most:
        raise CommandError(f"{what} takes a number from 0 to {most:g}, not {text!r}")
    return number


def _told(armed: ArmedFault) -> str:
    hit = f"hit {armed.hits} times" if armed.hits else "nothing hit yet"
    return f"{armed.id}: {fault_words(armed.injection)}, {hit}"


_VERBS: Final[dict[str, Callable[[RigSpec, Sequence[str]], Action | None]]] = {
    "help": _help,
    "plug": partial(_vehicle, ChargingBay.plug_in),
    "unplug": partial(_vehicle, ChargingBay.unplug),
    "arrive": partial(_vehicle, ChargingBay.arrive),
    "depart": partial(_vehicle, ChargingBay.depart),
    "ask": partial(_vehicle, ChargingBay.ask),
    "rest": partial(_vehicle, ChargingBay.rest),
    "pause": partial(_vehicle, ChargingBay.pause),
    "resume": partial(_vehicle, ChargingBay.resume),
    "grid": _grid,
    "silence": partial(_silence, True),
    "answer": partial(_silence, False),
    "power": _power,
    "counter": _counter,
    "card": _card,
    "remove": _remove,
    "fault": _fault,
    "faults": _faults,
    "clear": _clear,
    "status": _status,
    "wait": _wait,
}
