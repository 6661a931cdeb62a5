"""The RAPI commands of an emulated OpenEVSE controller: what each does, and what is said to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from drivers.emulated.rapi import Command, say

if TYPE_CHECKING:
    from drivers.emulated.openevse import OpenEvse

ACKNOWLEDGEMENT: Final = "165"

Arguments = Sequence[str]
Outcome = tuple[bool, str]
"""Whether it is done, and the words that are said with that."""
DONE: Final[Outcome] = (True, "")
REFUSED: Final[Outcome] = (False, "")


def obey(board: OpenEvse, command: Command) -> bytes:
    """Carry a command out and return the reply to it."""
    verb, *arguments = command.words
    act = _COMMANDS.get(verb)
    try:
        done, words = REFUSED if act is None else act(board, arguments)
    except (ValueError, IndexError):
        done, words = REFUSED
    return say(" ".join(filter(None, ("OK" if done else "NK", words))), command.number)


def _state(board: OpenEvse, _: Arguments) -> Outcome:
    charged_s = board.bay.state.charging_us // 1_000_000
    return True, f"{board.state:02x} {charged_s} {board.pilot:02x} {board.flags:04x}"


def _power(board: OpenEvse, _: Arguments) -> Outcome:
    measured = board.bay.scene.measured
    return True, f"{measured.currents_ma[0]} {measured.voltages_mv[0]}"


def _limits(board: OpenEvse, _: Arguments) -> Outcome:
    most_a = board.stored.limit_a
    return True, f"6 {most_a} {board.limit_a} {most_a}"


def _supervision(board: OpenEvse, _: Arguments) -> Outcome:
    return True, f"{board.stored.heartbeat_s} {board.stored.fallback_a} {board.missed}"


def _set_limit(board: OpenEvse, arguments: Arguments) -> Outcome:
    done = board.set_limit(int(arguments[0]))
    if len(arguments) == 1:
        board.stored.limit_a = board.limit_a
    return done, str(board.limit_a)


def _heartbeat(board: OpenEvse, arguments: Arguments) -> Outcome:
    done = True
    if not arguments:
        done = board.feed()
    elif list(arguments) == [ACKNOWLEDGEMENT]:
        board.acknowledge()
    else:
        within_s, fallback_a = map(int, arguments)
        board.supervise(within_s, fallback_a)
    return done, _supervision(board, ())[1]


def _move_bolt(board: OpenEvse, arguments: Arguments) -> Outcome:
    if board.is_bolted is None or arguments[0] not in "AM01":
        return REFUSED
    board.move_bolt(arguments[0])
    return DONE


def _bolt(board: OpenEvse, _: Arguments) -> Outcome:
    if board.is_bolted is None:
        return REFUSED
    return True, f"{int(board.is_bolted)} {'M' if board.bolts_by_hand else 'A'}"


def _print(board: OpenEvse, arguments: Arguments) -> Outcome:
    column, row, *words = arguments
    text = " ".join(words).replace("\x11", " ")
    line, at = board.display[int(row)].ljust(16), int(column)
    board.display[int(row)] = (line[:at] + text + line[at + len(text) :])[:16]
    return DONE


def _doing(do: Callable[[OpenEvse, Arguments], None]) -> Callable[[OpenEvse, Arguments], Outcome]:
    def act(board: OpenEvse, arguments: Arguments) -> Outcome:
        do(board, arguments)
        return DONE

    return act


def _saying(words: Callable[[OpenEvse], str]) -> Callable[[OpenEvse, Arguments], Outcome]:
    return lambda board, _: (True, words(board))


_COMMANDS: Final[dict[str, Callable[[OpenEvse, Arguments], Outcome]]] = {
    "GS": _state,
    "GG": _power,
    "GU": _saying(lambda board: f"{board.session_ws} {board.stored.total_wh}"),
    "GC": _limits,
    "GE": _saying(lambda board: f"{board.limit_a} 0020"),
    "GF": _saying(lambda _: "0 0 0"),
    "GP": _saying(lambda _: "251 -2560 -2560"),
    "GV": _saying(lambda _: "8.2.1 5.2.1"),
    "G0": _saying(lambda board: str(int(board.is_in_session))),
    "GY": _supervision,
    "G5": _bolt,
    "SC": _set_limit,
    "S4": _doing(lambda board, arguments: board.lock(is_locked=arguments[0] == "1")),
    "S5": _move_bolt,
    "SB": _doing(lambda board, _: board.unlock_after_boot()),
    "SY": _heartbeat,
    "FE": _doing(lambda board, _: board.wake()),
    "FS": _doing(lambda board, _: board.sleep()),
    "FD": _doing(lambda board, _: board.disable()),
    "FR": _doing(lambda board, _: board.restart()),
    "FP": _print,
    "F0": _doing(lambda *_: None),
    "FF": _doing(lambda *_: None),
}
