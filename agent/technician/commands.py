"""The technician's commands on the command line."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from agent.technician import probe, profile, read, verify, write
from agent.technician.errors import TechnicianError
from agent.technician.screen import Screen

INTERRUPTED = 130

EXAMPLES = {
    "probe": """\
examples:
  chargehand-agent probe /dev/ttyUSB0                       units 1 to 16 at the usual settings
  chargehand-agent probe /dev/ttyUSB0 --units 1-247 --baud 9600 --parity N
  chargehand-agent probe 192.0.2.7                          Modbus TCP, port 502

It only reads. exit codes: 0 somebody answered, 1 nobody did, 2 wrong usage, 130 Ctrl-C
""",
    "read": """\
examples:
  chargehand-agent read /dev/ttyUSB0 eastron-sdm630         once a second on a terminal, until Ctrl-C
  chargehand-agent read 192.0.2.7:1502 ./my-meter.yaml --once
  chargehand-agent read rtu+tcp://192.0.2.8:4001 abb-b23 --unit 7

exit codes: 0 all was answered, 1 something was not, 2 wrong usage, 130 Ctrl-C
""",
    "write": """\
examples:
  chargehand-agent write 192.0.2.7 phoenix-em-cp-pp-eth max_current 16      says what it will do, and asks
  chargehand-agent write 192.0.2.7 phoenix-em-cp-pp-eth enable off --yes    does not ask

Only points that the profile says may be written, within its bounds; what was written is read back.
exit codes: 0 written and read back, 1 not written or not confirmed, 2 wrong usage, 130 Ctrl-C
""",
}

Command = Callable[[argparse.Namespace, Screen], Coroutine[Any, Any, int]]


def add_commands(commands: Any) -> None:
    """Add profile, verify, probe, read and write."""
    profile.add_command(commands)
    verify.add_command(commands)
    for name, help_, describe, command in (
        ("probe", "find the units on a bus, and the profiles that fit", probe.add_command, probe.probe),
        ("read", "show what a device says", read.add_command, read.read),
        ("write", "set one point of a device", write.add_command, write.write),
    ):
        parser = commands.add_parser(
            name,
            help=help_,
            description=help_,
            epilog=EXAMPLES[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        describe(parser)
        parser.set_defaults(command=_runner(command))


def _runner(command: Command) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        """Run the command; Ctrl-C gives the port back and ends it."""
        logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
        screen = Screen()
        try:
            return asyncio.run(command(arguments, screen))
        except TechnicianError as error:
            screen.problem(f"chargehand-agent: {error}")
            return 1
        except KeyboardInterrupt:
            screen.problem("stopped")
            return INTERRUPTED

    return run
