from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.variables.checks import ValueRefused, checked
from agent.variables.declared import Variable, declared

NUMBER = Variable(name="X.Number", type="integer", help="", minimum=1, maximum=10)
LIST = Variable(name="X.List", type="MemberList", help="", members=("Alpha", "Beta"))
OPTION = Variable(name="X.Option", type="OptionList", help="", members=("Alpha", "Beta"))
FLAG = Variable(name="X.Flag", type="boolean", help="")
TEXT = Variable(name="X.Text", type="string", help="", min_length=3, max_length=5)
TIME = Variable(name="X.Time", type="dateTime", help="")
RATIO = Variable(name="X.Ratio", type="decimal", help="")


@pytest.mark.parametrize(
    ("variable", "text", "stored"),
    [
        (NUMBER, " 7 ", "7"),
        (NUMBER, "007", "7"),
        (LIST, "beta, ALPHA ,beta", "Beta,Alpha"),
        (LIST, "", ""),
        (OPTION, "alpha", "Alpha"),
        (FLAG, "TRUE", "true"),
        (TEXT, " abcd ", "abcd"),
        (TIME, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        (RATIO, "1.50", "1.50"),
    ],
)
def test_values_are_stored_as_the_standard_spells_them(variable: Variable, text: str, stored: str) -> None:
    assert checked(variable, text) == stored


@pytest.mark.parametrize(
    ("variable", "text", "wanted"),
    [
        (NUMBER, "0", "from 1 to 10"),
        (NUMBER, "11", "from 1 to 10"),
        (NUMBER, "-5", "from 1 to 10"),
        (NUMBER, "--5", "whole number"),
        (NUMBER, "1.5", "whole number"),
        (NUMBER, "\N{ARABIC-INDIC DIGIT SEVEN}", "whole number"),
        (NUMBER, "", "whole number"),
        (LIST, "Alpha,Gamma", "not Gamma"),
        (OPTION, "", "takes Alpha, Beta"),
        (OPTION, "Alpha,Beta", "takes Alpha, Beta"),
        (FLAG, "yes", "true or false"),
        (TEXT, "ab", "3 to 5 characters"),
        (TEXT, "abcdef", "3 to 5 characters"),
        (TIME, "yesterday", "a time such as"),
        (RATIO, "NaN", "a number"),
        (RATIO, "1,5", "a number"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(variable: Variable, text: str, wanted: str) -> None:
    """B05.FR.07, B05.FR.08."""
    with pytest.raises(ValueRefused, match=wanted):
        checked(variable, text)


@pytest.mark.parametrize("text", ["", " , ,"])
def test_a_station_has_at_least_one_start_and_stop_point(text: str) -> None:
    for variable in declared():
        if variable.name in ("TxCtrlr.TxStartPoint", "TxCtrlr.TxStopPoint"):
            with pytest.raises(ValueRefused, match="EVConnected"):
                checked(variable, text)


@given(st.sampled_from(declared()), st.text(max_size=1200))
def test_any_text_is_taken_or_refused_and_what_is_taken_is_taken_again(variable: Variable, text: str) -> None:
    try:
        stored = checked(variable, text)
    except ValueRefused:
        return
    assert checked(variable, stored) == stored
