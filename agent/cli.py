"""`chargehand-agent`: run the agent, check a station file, and talk to a running agent."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from agent.config.load import load_config
from agent.config.sections import Config, ConfigError
from agent.csms.hide_tokens import FRAMES, HideTokens
from agent.store.database import StoreError
from agent.system.control import ControlError, ask
from agent.system.journal import JournalHandler, has_journal
from agent.technician import contract, limits, locally, pay, tokens
from agent.technician.commands import add_commands

EX_CONFIG = 78
INTERRUPTED = 130
READER_GONE = 141
DEFAULT_CONFIG = "/etc/chargehand/station.toml"

_DESCRIPTION = """\
The chargehand agent: runs on the charger, talks Modbus to its meters and charge controllers
and OCPP to the backend. Everything it needs is in one station file.
"""

_EPILOG = """\
examples:
  chargehand-agent check --config station.toml     is the station file right?
  chargehand-agent run --config station.toml       run in the foreground
  chargehand-agent status                          what is going on, from another terminal
  chargehand-agent display                         what drivers are shown
  chargehand-agent faults                          what is wrong, since when, what to do
  chargehand-agent log --follow                    what the agent says
  chargehand-agent tap 04A2B3C4                    as if a card had been held to the reader
  chargehand-agent token add 04A2B3C4              let this card charge, backend or not
  chargehand-agent contract --evse 1 contract.pem  as if a vehicle had shown this contract
  chargehand-agent limit set 16 --for 900          as a building's energy management would
  chargehand-agent variables                       every setting with its meaning
  chargehand-agent profile list                    every device that works without code
  chargehand-agent profile check ./my-meter.yaml   is my own right, and how will it be read?
  chargehand-agent probe /dev/ttyUSB0              who is on this line?
  chargehand-agent read /dev/ttyUSB0 eastron-sdm630     what does this meter say?
  chargehand-agent write 192.0.2.7 phoenix-em-cp-pp-eth max_current 16     does this controller obey?
  chargehand-agent verify reading.ocmf --key meter.key  is this signed reading genuine?

exit codes: 0 done, 1 refused or failed, 2 wrong usage, 78 wrong station file or profile
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code; `| head` and Ctrl-C end it as they end any program."""
    try:
        try:
            return _main(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at the exit
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(argv: list[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except ConfigError as error:
        print(f"chargehand-agent: {error}", file=sys.stderr)
        return EX_CONFIG
    except (StoreError, ControlError) as error:
        print(f"chargehand-agent: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chargehand-agent",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _command(commands, "run", _run, "run the agent in the foreground until SIGTERM or Ctrl-C")
    run.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info", help="default: info"
    )
    frames = "log every OCPP frame and every message of ISO 15118 (secrets masked)"
    run.add_argument("--log-frames", action="store_true", help=frames)
    run.add_argument("--hide-tokens", action="store_true", help="mask drivers' tokens in logged frames")
    _command(commands, "check", _check, "check the station file and the profiles it names, open nothing")
    status = _command(commands, "status", _status, "show what a running agent is doing")
    status.add_argument("--json", action="store_true", help="print everything, for programs")
    tap = _command(commands, "tap", _tap, "present a token to a running agent, as a card reader would")
    tap.add_argument("token", help="the card's id, such as 04A2B3C4")
    tap.add_argument("--evse", type=int, help="the EVSE meant; default: the one that waits for a card")
    tap.add_argument(
        "--type",
        choices=tokens.TYPES,
        default="ISO14443",
        help="default: ISO14443 (RFID)",
    )
    _command(
        commands,
        "metrics",
        _metrics,
        "print a running agent's numbers of buses and meters, for Prometheus",
    )
    variables = _command(commands, "variables", _variables, "list every setting with limits and meaning")
    variables.add_argument("--running", action="store_true", help="with the values of the running agent")
    transfer = _command(
        commands, "transfer", _transfer, "tell the backend something that a vendor agreed on (DataTransfer)"
    )
    transfer.add_argument("vendor", help="whose message it is, such as org.example.vendor")
    transfer.add_argument("message", nargs="?", help="which one; default: none is named")
    transfer.add_argument("--data", type=_json, help="JSON, such as '{\"left\": 3}'")
    display = _command(commands, "display", _display, "show what drivers are shown")
    display.add_argument("--json", action="store_true", help="print everything, for programs")
    tokens.add_command(commands, _command, _socket)
    limits.add_command(commands, _command, _socket)
    locally.add_commands(commands, _command, _socket)
    pay.add_commands(commands, _command, _socket)
    contract.add_command(commands, _command, _socket)
    add_commands(commands)
    return parser


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error


def _command(commands: Any, name: str, function: Any, help_: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    parser.add_argument(
        "--config",
        type=Path,
        default=Path(os.environ.get("CHARGEHAND_STATION", DEFAULT_CONFIG)),
        help=f"the station file (default: $CHARGEHAND_STATION or {DEFAULT_CONFIG})",
    )
    parser.set_defaults(command=function)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    config = load_config(arguments.config)
    _set_up_logging(arguments.log_level)
    if arguments.hide_tokens:
        logging.getLogger(FRAMES).addFilter(HideTokens())
    from agent.app import Agent, Ending  # noqa: PLC0415 - the other commands start faster without drivers

    async def serve() -> Ending:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        return await Agent(config, log_frames=arguments.log_frames, stop=stop).run()

    if asyncio.run(serve()) is Ending.RESTART:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, afresh
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from agent.security.station_file import given  # noqa: PLC0415 - the other commands start faster without

    config = load_config(arguments.config)
    given(config)
    backend = "no backend" if config.csms is None else f"backend {config.csms.url}"
    print(f"{arguments.config}: station {config.station.id}, {_count(config)}, {backend}: fine")
    return 0


def _count(config: Config) -> str:
    return "1 EVSE" if len(config.evse) == 1 else f"{len(config.evse)} EVSEs"


def _status(arguments: argparse.Namespace) -> int:
    answer = ask(_socket(arguments), {"do": "status"})
    if arguments.json:
        print(json.dumps(answer, indent=2))
        return 0
    outbox = answer["outbox"]
    print(f"station {answer['station']}, backend {answer['backend']}")
    print(f"outbox: {outbox['waiting']} to deliver, {outbox['set_aside']} set aside")
    for evse in answer["evses"]:
        print(_evse_line(evse))
    for reader in answer["readers"]:
        print(f"{reader['reader']}: {reader['problem'] or 'answers'}")
    return 0


def _evse_line(evse: dict[str, Any]) -> str:
    meter = evse["meter"]
    parts = [
        f"EVSE {evse['evse']}: {evse['status']}",
        f"pilot {evse['pilot']}",
        evse["charging_state"] if evse["transaction"] else "no transaction",
        _meter_text(meter),
    ]
    if evse["cost"] and evse["cost"]["transaction"] == evse["transaction"]:
        parts.append(f"costs {evse['cost']['total']} {evse['cost']['currency']} so far")
    if evse["fault"]:
        parts.append(f"fault: {evse['fault']}")
    return ", ".join(parts)


def _meter_text(meter: dict[str, Any] | None) -> str:
    if meter is None:
        return "meter silent"
    count = "no count"
    if meter["energy_wh"] is not None:
        count = f"{meter['energy_wh']} Wh, {meter['energy_age_s']} s ago"
    return "; ".join([count, *(f"meter shows {problem}" for problem in meter["problems"])])


def _tap(arguments: argparse.Namespace) -> int:
    request = {"do": "tap", "token": arguments.token, "type": arguments.type, "evse": arguments.evse}
    answer = ask(_socket(arguments), request)
    if not answer["accepted"]:
        print(f"refused: {answer['why']}", file=sys.stderr)
        return 1
    print(f"accepted on EVSE {answer['evse']}")
    return 0


def _display(arguments: argparse.Namespace) -> int:
    answer = ask(_socket(arguments), {"do": "display"})
    if arguments.json:
        print(json.dumps(answer, indent=2))
        return 0
    for place in answer["places"]:
        where = "station" if place["evse"] is None else f"EVSE {place['evse']}"
        texts = [text["text"] for text in place["cycle"]]
        print(f"{where}: {' | '.join(texts) or 'nothing'}")
    for screen in answer["screens"]:
        print(f"{screen['screen']}: {screen['problem'] or 'answers'}")
    return 0


def _transfer(arguments: argparse.Namespace) -> int:
    request = {"vendor": arguments.vendor, "message": arguments.message, "data": arguments.data}
    answer = ask(_socket(arguments), {"do": "transfer", **request})
    if answer["status"] != "Accepted":
        print(f"{answer['status']}{': ' if answer['why'] else ''}{answer['why'] or ''}", file=sys.stderr)
        return 1
    print("Accepted" if answer["data"] is None else json.dumps(answer["data"]))
    return 0


def _metrics(arguments: argparse.Namespace) -> int:
    print(ask(_socket(arguments), {"do": "metrics"})["text"], end="")
    return 0


def _variables(arguments: argparse.Namespace) -> int:
    from agent.variables.declared import declared  # noqa: PLC0415 - only this command needs it

    values = ask(_socket(arguments), {"do": "variables"}) if arguments.running else {}
    for variable in declared():
        limits = f" {variable.minimum}..{variable.maximum}" if variable.minimum is not None else ""
        unit = f" {variable.unit}" if variable.unit else ""
        value = values.get(variable.name, variable.default)
        print(
            f"{variable.name}{_value_text(value)}\n"
            f"    {variable.type}{limits}{unit}, {variable.mutability}: {variable.help}"
        )
    return 0


def _value_text(value: str | dict[str, str] | None) -> str:
    """Return a value, or that of every EVSE (1) or connector (1.1)."""
    if isinstance(value, dict):
        return " = " + ", ".join(f"{place}: {there!r}" for place, there in value.items())
    return "" if value is None else f" = {value!r}"


def _socket(arguments: argparse.Namespace) -> Path:
    return Path(load_config(arguments.config).state.control_socket)


def _set_up_logging(level: str) -> None:
    if has_journal():
        logging.basicConfig(level=level.upper(), handlers=[JournalHandler()], format="%(name)s: %(message)s")
    else:
        logging.basicConfig(
            level=level.upper(),
            stream=sys.stderr,
            format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        )
    for noisy in ("websockets", "pymodbus", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING if noisy == "asyncio" else logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
