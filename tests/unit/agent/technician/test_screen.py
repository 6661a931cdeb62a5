from __future__ import annotations

import io

from agent.technician.screen import Screen, table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_lines_are_plain_and_progress_is_not_repeated() -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(out, err)
    assert not screen.is_live
    screen.progress("asking 1")
    screen.progress("begins", stays=True)
    screen.page(["a", "b"])
    screen.page(["c"])
    screen.line("d")
    screen.problem("e")
    assert out.getvalue() == "a\nb\nc\nd\n"
    assert err.getvalue() == "begins\ne\n"


def test_on_a_terminal_pages_replace_each_other_and_progress_is_one_line() -> None:
    out, err = Terminal(), Terminal()
    screen = Screen(out, err)
    assert screen.is_live
    screen.progress("asking 1")
    screen.progress("asking 2")
    screen.line("found")
    screen.page(["a"])
    assert out.getvalue() == "found\n\x1b[H\x1b[Ja\n"
    assert err.getvalue() == "\r\x1b[Kasking 1\r\x1b[Kasking 2\r\x1b[K"


def test_a_table_is_aligned() -> None:
    rows = [("point", "value", "unit"), ("a", "1", "V"), ("long_one", "-", "")]
    assert table(rows, right=frozenset({1})) == [
        "point     value  unit",
        "a             1  V",
        "long_one      -",
    ]
    assert table([]) == []
