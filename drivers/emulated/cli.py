"""`chargehand-emulate`: an emulated charging bay for anybody's Modbus master."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.commands import CommandError, execute
from drivers.emulated.ev import EvSpec
from drivers.emulated.pty_line import LinkOccupied
from drivers.emulated.terminal import Lines
from drivers.profiles.errors import ProfileError

STANDARD_INPUT = 0
EX_UNAVAILABLE = 69
EX_CONFIG = 78

DESCRIPTION = """\
Runs emulated charging hardware until you stop it: an energy meter on a serial line
(a pseudo terminal that is as slow as the real wire), a charge controller on Modbus
TCP, and an electric vehicle between them that draws what the pilot allows. Any
Modbus master may talk to both. Where they listen is printed first; then commands
are read from standard input ('help' lists them).
"""
EPILOG = """\
examples:
  chargehand-emulate
      an SDM630 and a Phoenix EM-CP-PP-ETH; type 'plug' and watch with 'status'
  chargehand-emulate --meter-link /tmp/meter --tcp-port 1502
      the same, at addresses that stay the same from run to run, with for example
        mbpoll -m rtu -b 9600 -P none -a 1 -t 3:float -B -r 73 -c 1 -1 /tmp/meter
        mbpoll -m tcp -p 1502 -a 180 -t 4 -r 301 127.0.0.1 16      (offer 16 A)
        mbpoll -m tcp -p 1502 -a 180 -t 0 -r 401 127.0.0.1 1       (enable)
  chargehand-emulate --speed 60 --phases 1 --onboard-limit 16
      a single-phase vehicle; an hour of charging passes in a minute
  printf 'plug\\nwait 30\\nstatus\\nunplug\\nquit\\n' | chargehand-emulate
      a scripted session
  chargehand-emulate --meter-profile ./my-meter.yaml
      your own profile on the emulated line

exit codes: 0 ended as asked, 2 wrong arguments, 69 a port or link cannot be had,
78 a profile is wrong
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        bay = _bay(options)
    except ValueError as error:
        parser.error(str(error))
    except ProfileError as error:
        return _fail(str(error), EX_CONFIG)
    try:
        asyncio.run(_run(bay, plug_in=options.plug))
    except BrokenPipeError:  # nobody reads what we print any more: that ends a pipeline, it is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, LinkOccupied) as error:
        return _fail(str(error), EX_UNAVAILABLE)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chargehand-emulate",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    hardware = parser.add_argument_group("hardware")
    hardware.add_argument(
        "--meter-profile",
        metavar="ID|FILE",
        default="eastron-sdm630",
        help="the meter (default: %(default)s)",
    )
    hardware.add_argument(
        "--controller-profile",
        metavar="ID|FILE",
        default="phoenix-em-cp-pp-eth",
        help="the charge controller (default: %(default)s)",
    )
    hardware.add_argument("--meter-link", metavar="PATH", type=Path, help="make PATH lead to the serial port")
    hardware.add_argument(
        "--baud", type=int, default=9600, help="speed of the serial line, 8N1 (default: %(default)s)"
    )
    hardware.add_argument(
        "--turn-around",
        metavar="SECONDS",
        type=float,
        default=0.0,
        help="how long the meter thinks before it replies (default: %(default)s)",
    )
    hardware.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    hardware.add_argument(
        "--tcp-port", type=_port, default=0, help="port to listen on (default: 0, any free one)"
    )
    _add_vehicle(parser.add_argument_group("vehicle"))
    world = parser.add_argument_group("world")
    world.add_argument(
        "--speed", type=float, default=1.0, help="physics seconds per real second (default: %(default)s)"
    )
    world.add_argument(
        "--seed", type=int, default=1, help="of everything that wanders (default: %(default)s)"
    )
    return parser


def _add_vehicle(group: argparse._ArgumentGroup) -> None:
    known = EvSpec()
    group.add_argument("--plug", action="store_true", help="start with the vehicle plugged in")
    group.add_argument("--phases", type=int, choices=(1, 2, 3), default=known.phases, help="(default: 3)")
    group.add_argument(
        "--onboard-limit",
        metavar="A",
        type=float,
        default=known.onboard_limit_a,
        help="of its charger, per phase (default: %(default)s)",
    )
    group.add_argument(
        "--cable",
        type=int,
        choices=(13, 20, 32, 63),
        default=known.cable_limit_a,
        help="ampacity of the cable (default: %(default)s)",
    )
    group.add_argument(
        "--battery", metavar="KWH", type=float, default=known.battery_kwh, help="(default: %(default)s)"
    )
    group.add_argument(
        "--stored",
        metavar="KWH",
        type=float,
        default=known.stored_kwh,
        help="energy in the battery at the start (default: %(default)s)",
    )


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port (0..65535)")
    return int(text)


def _bay(options: argparse.Namespace) -> EmulatedBay:
    vehicle = EvSpec(
        phases=options.phases,
        onboard_limit_a=options.onboard_limit,
        cable_limit_a=options.cable,
        battery_kwh=options.battery,
        stored_kwh=options.stored,
    )
    return EmulatedBay(
        meter_profile=options.meter_profile,
        controller_profile=options.controller_profile,
        ev=vehicle,
        speed=options.speed,
        baud=options.baud,
        turn_around_s=options.turn_around,
        meter_link=options.meter_link,
        host=options.host,
        tcp_port=options.tcp_port,
        seed=options.seed,
    )


async def _run(bay: EmulatedBay, *, plug_in: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with bay:
        _say(_where(bay))
        if plug_in:
            bay.plug_in()
        await _first_of(stop.wait(), _obey(bay))


async def _first_of(*awaited: Coroutine[None, None, object]) -> None:
    """Wait until one of them ends, and end the others."""
    tasks = [asyncio.ensure_future(one) for one in awaited]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _obey(bay: EmulatedBay) -> None:
    """Carry out commands until 'quit'; when the input ends without it, go on without any more of them."""
    async with Lines(STANDARD_INPUT) as lines:
        async for line in lines:
            if line.split() == ["quit"]:
                return
            try:
                _say(await execute(bay, line))
            except CommandError as error:
                _say(str(error))
    await asyncio.Event().wait()


def _where(bay: EmulatedBay) -> str:
    """Return where the devices listen and the settings a master needs."""
    return (
        f"meter       {bay.meter_profile}: {bay.meter_port}  Modbus RTU, {bay.baud} baud 8N1, "
        f"unit {bay.meter_unit}\n"
        f"controller  {bay.controller_profile}: {bay.controller_host}:{bay.controller_port}  Modbus TCP, "
        f"unit {bay.controller_unit}\n"
        "commands    plug unplug pause resume status help quit"
    )


def _say(text: str) -> None:
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _fail(problem: str, code: int) -> int:
    sys.stderr.write(f"chargehand-emulate: {problem}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
