from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.emaid import NotAnEmaid, is_same, read_emaid

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("NN123ABCDEFGHI", "T"),
        ("FRXYZ123456789", "2"),
        ("ITA1B2C3E4F5G6", "4"),
        ("ESZU8WOX834H1D", "R"),
        ("PT73902837ABCZ", "Z"),
        ("DE83DUIEN83QGZ", "D"),
        ("DE83DUIEN83ZGQ", "M"),
        ("DE8AA001234567", "0"),
        ("INTNM000071", "9"),
        ("INTNM000110", "X"),
        ("INTNM000124", "0"),
        ("INTNM000114", "6"),
        ("INTNM000191", "5"),
    ],
)
def test_check_digits_that_are_known(body: str, digit: str) -> None:
    assert read_emaid(body).computed_check_digit == digit
    assert not read_emaid(body + digit).has_wrong_check_digit
    assert read_emaid(body + ("1" if digit != "1" else "2")).has_wrong_check_digit


@pytest.mark.parametrize(
    "text", ["DE-83D-UIEN83QGZ-D", "DE83DUIEN83QGZD", "de-83d-uien83qgz-d", "DE-83DUIEN83QGZD"]
)
def test_hyphens_and_capitals_are_optional(text: str) -> None:
    emaid = read_emaid(text)
    assert (emaid.country, emaid.provider, emaid.instance, emaid.check_digit) == (
        "DE",
        "83D",
        "UIEN83QGZ",
        "D",
    )
    assert str(emaid) == "DE-83D-UIEN83QGZ-D"
    assert emaid.standard == "ISO 15118"
    assert is_same(text, "DE83DUIEN83QGZD")


def test_the_check_digit_may_be_left_out() -> None:
    emaid = read_emaid("DE83DUIEN83QGZ")
    assert not emaid.has_wrong_check_digit
    assert str(emaid) == "DE-83D-UIEN83QGZ"
    assert not is_same("DE83DUIEN83QGZ", "DE83DUIEN83QGZD")


def test_the_form_of_din_91286() -> None:
    emaid = read_emaid("DE*8EO*123456*X")
    assert (emaid.provider, emaid.instance, emaid.check_digit) == ("8EO", "123456", "X")
    assert emaid.standard == "DIN 91286"


@pytest.mark.parametrize(
    "text", ["", "Somebody", "DE83DUIEN83QGZDD", "1E83DUIEN83QGZ", "DE 83D UIEN83QGZ", "D-83D"]
)
def test_what_is_no_contract_identifier(text: str) -> None:
    with pytest.raises(NotAnEmaid, match="two letters for the country"):
        read_emaid(text)


BODIES = st.tuples(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2), st.text(ALPHABET, min_size=12, max_size=12)
).map("".join)


@given(BODIES, st.integers(2, 13), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_seen(body: str, place: int, other: str) -> None:
    wrong = body[:place] + other + body[place + 1 :]
    same = read_emaid(wrong).computed_check_digit == read_emaid(body).computed_check_digit
    assert same == (wrong == body)


@given(BODIES, st.integers(2, 12))
def test_two_neighbours_exchanged_are_always_seen(body: str, place: int) -> None:
    wrong = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    same = read_emaid(wrong).computed_check_digit == read_emaid(body).computed_check_digit
    assert same == (wrong == body)
