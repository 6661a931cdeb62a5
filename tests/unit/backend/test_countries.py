from __future__ import annotations

from backend.countries import ALPHA_3


def test_codes_have_two_and_three_letters_and_none_twice() -> None:
    assert ALPHA_3["DE"] == "DEU"
    assert all(len(two) == 2 and len(three) == 3 for two, three in ALPHA_3.items())
    assert all((two + three).isalpha() and (two + three).isupper() for two, three in ALPHA_3.items())
    assert len(set(ALPHA_3.values())) == len(ALPHA_3)
