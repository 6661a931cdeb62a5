"""`chargehand-emulate`: emulated charging hardware for anybody's master."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from drivers.emulated.ev import EvSpec
from drivers.emulated.line import LineTiming
from drivers.emulated.pty_port import LinkOccupied
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, RigSpec, SerialSpec, TcpSpec
from drivers.emulated.running import describe_rig, run
from drivers.emulated.scenario import load_scenario
from drivers.profiles.errors import ProfileError

EX_UNAVAILABLE = 69
EX_CONFIG = 78
INTERRUPTED = 130

DESCRIPTION = """\
Runs emulated charging hardware until you stop it. Without --scenario: an energy
meter on a serial line (a pseudo terminal that is as slow as the real wire), a charge
controller on Modbus TCP, and an electric vehicle between them that draws what the
pilot allows. With it: whatever the file describes, on any number of lines, with a
script and faults. Any master may talk to the devices. Where they listen is printed
first; then commands are read from standard input ('help' lists them).
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
  printf 'fault meter crc for 5\\nwait 8\\nfaults\\nquit\\n' | chargehand-emulate
      a meter whose checksums are wrong for five seconds
  chargehand-emulate --meter-profile ./my-meter.yaml
      your own profile on the emulated line
  chargehand-emulate --check --scenario site.yaml
      what is wrong with a scenario (docs/hardware-tester.md says how to write one)
  chargehand-emulate --scenario site.yaml --log truth.jsonl
      run it, and write down what really happened, to compare with what a master saw

exit codes: 0 ended as asked, 2 wrong arguments, 69 a port or link cannot be had,
78 a profile or scenario is wrong
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        try:
            return _main(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # nobody reads what we print any more: that ends a pipeline, it is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:  # before the rig ran; after that it ends it
        return INTERRUPTED


def _main(argv: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(argv)
    if options.scenario is not None:
        _refuse_what_the_scenario_says(parser, options)
    try:
        spec = _spec(options) if options.scenario is None else load_scenario(options.scenario)
        rig = Rig(spec)
    except ValueError as error:
        if options.scenario is None:
            parser.error(str(error))
        return _fail(f"{options.scenario}: {error}", EX_CONFIG)
    except ProfileError as error:
        return _fail(str(error), EX_CONFIG)
    if options.check:
        sys.stdout.write(describe_rig(rig) + "\n")
        return 0
    try:
        asyncio.run(run(rig, log=options.log, control=options.control))
    except BrokenPipeError:
        raise
    except LinkOccupied as error:
        return _fail(str(error), EX_UNAVAILABLE)
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        return _fail(f"{where}{error.strerror or error}", EX_UNAVAILABLE)
    return 0


def _refuse_what_the_scenario_says(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End with a usage error if an option would be ignored."""
    for name in sorted(set(vars(options)) - {"scenario", "check", "control", "log"}):
        if getattr(options, name) != parser.get_default(name):
            parser.error(f"--{name.replace('_', '-')} has no effect with --scenario: say it in the file")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chargehand-emulate",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--scenario", metavar="FILE", type=Path, help="the hardware, its script and its faults"
    )
    parser.add_argument("--check", action="store_true", help="only say what there would be, or what is wrong")
    parser.add_argument(
        "--control", metavar="SOCKET", type=Path, help="take commands at this unix socket too, for programs"
    )
    parser.add_argument("--log", metavar="FILE", type=Path, help="append what really happens, as JSON lines")
    _add_hardware(parser.add_argument_group("hardware, without a scenario"))
    _add_vehicle(parser.add_argument_group("vehicle, without a scenario"))
    world = parser.add_argument_group("world, without a scenario")
    world.add_argument(
        "--speed", type=float, default=1.0, help="physics seconds per real second (default: %(default)s)"
    )
    world.add_argument(
        "--seed", type=int, default=1, help="of everything that wanders (default: %(default)s)"
    )
    return parser


def _add_hardware(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--meter-profile",
        metavar="ID|FILE",
        default="eastron-sdm630",
        help="the meter (default: %(default)s)",
    )
    group.add_argument(
        "--controller-profile",
        metavar="ID|FILE",
        default="phoenix-em-cp-pp-eth",
        help="the charge controller (default: %(default)s)",
    )
    group.add_argument("--meter-link", metavar="PATH", type=Path, help="make PATH lead to the serial port")
    group.add_argument(
        "--baud", type=int, default=9600, help="speed of the serial line, 8N1 (default: %(default)s)"
    )
    group.add_argument(
        "--turn-around",
        metavar="SECONDS",
        type=float,
        default=0.0,
        help="how long the meter thinks before it replies (default: %(default)s)",
    )
    group.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    group.add_argument(
        "--tcp-port", type=_port, default=0, help="port to listen on (default: 0, any free one)"
    )


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


def _spec(options: argparse.Namespace) -> RigSpec:
    """Return the rig of a meter and a controller that the other options describe."""
    vehicle = EvSpec(
        phases=options.phases,
        onboard_limit_a=options.onboard_limit,
        cable_limit_a=options.cable,
        battery_kwh=options.battery,
        stored_kwh=options.stored,
    )
    serial = SerialSpec(
        timing=LineTiming(baud=options.baud), turn_around_s=options.turn_around, link=options.meter_link
    )
    return RigSpec(
        lines={"serial": serial, "tcp": TcpSpec(host=options.host, port=options.tcp_port)},
        devices={
            "meter": DeviceSpec(profile=options.meter_profile, line="serial", kind="meter"),
            "controller": DeviceSpec(
                profile=options.controller_profile, line="tcp", kind="charge-controller"
            ),
        },
        bays={"bay": BaySpec(ev=vehicle, plugged=options.plug)},
        seed=options.seed,
        speed=options.speed,
    )


def _fail(problem: str, code: int) -> int:
    sys.stderr.write(f"chargehand-emulate: {problem}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
