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
        parser = commands.add_parser(name, help=help_, description=help_)
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
