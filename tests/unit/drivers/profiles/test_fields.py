from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.profiles.errors import ProfileError
from drivers.profiles.fields import LARGEST_FILE, Entry, read_document


def entry(directory: Path, text: str | bytes) -> Entry:
    path = directory / "demo.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_document(path)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the file is empty"),
        ("a: 1\nb: [\n", 3, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "not YAML: but found another document"),
        ("a: 1\nb: \x01\n", 2, "characters are not allowed"),
        (b"a: 1\nb: \xff\n", 2, "cannot be read as UTF-8: invalid start byte"),
        (
            "a: 1\nb: !!python/object:os.system x\n",
            2,
            "the tag 'tag:yaml.org,2002:python/object:os.syste...' is not",
        ),
        ("a: 1\nb: !include x\n", 2, "the tag '!include' is not for profiles"),
        ("a: &x 1\nb: *x\n", 1, "an anchor (&) is used again (*)"),
        ("a: &x [*x]\n", 1, "an anchor (&) is used again (*)"),
        ("a: *x\n", 1, "not YAML: found undefined alias"),
        ("[" * 5000, 1, "nested too deeply"),
        ("a: {" * 5000, 1, "nested too deeply"),
        ("#" * (LARGEST_FILE + 1), 1, "larger than 1000000 bytes"),
    ],
)
def test_what_is_no_document_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, problem: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        entry(tmp_path, text)
    assert problem in caught.value.problem
    assert caught.value.line == line


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"cannot be read: .*Is a directory"):
        read_document(tmp_path)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("0x1F", 31), ("007", 7), ("+3", 3), ("-3", -3)])
def test_whole_numbers(tmp_path: Path, text: str, number: int) -> None:
    assert entry(tmp_path, text).integer(-10, 100) == number


@pytest.mark.parametrize(
    "text", ["1_000", "0b11", "0o7", "1.0", "1e2", "'7'", "seven", "[7]", "0x", "9" * 5000, "0x" + "f" * 5000]
)
def test_what_is_no_whole_number(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match=r"whole number|a text is needed|without quotes") as caught:
        entry(tmp_path, text).integer(0, 2**64)
    assert len(caught.value.problem) < 200


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.1", "0.1"), (".5", "0.5"), ("5.", "5"), ("-1e-3", "-0.001"), ("0x10", "16"), ("2E3", "2000")],
)
def test_decimal_numbers_are_exact(tmp_path: Path, text: str, number: str) -> None:
    assert entry(tmp_path, text).decimal() == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [".inf", ".nan", "NaN", "1e99", "1e-99", "1e9999999", "1/2", "٣", "'1'", "1" * 41, "1_0.0", "[1]", "yes"],
)
def test_what_is_no_decimal_number(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match=r"is not a number|a text is needed|without quotes"):
        entry(tmp_path, text).decimal()


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("on", True), ("true", True), ("no", False), ("off", False)]
)
def test_switches(tmp_path: Path, text: str, value: bool) -> None:
    assert entry(tmp_path, text).switch() is value


@pytest.mark.parametrize("text", ["1", "y", "YES", "~", "[]"])
def test_what_is_no_switch(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match=r"is not one of yes, no|a text is needed"):
        entry(tmp_path, text).switch()


@pytest.mark.parametrize("text", ["? [a]\n: 1", "? {a: 1}\n: 1", "~: 1", "'': 1"])
def test_a_key_is_a_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match="a text is needed"):
        entry(tmp_path, text).fields()


def test_a_merge_is_a_field_that_nobody_knows(tmp_path: Path) -> None:
    fields = entry(tmp_path, "a: 1\n<<: {b: 2}").fields()
    fields.get("a")
    with pytest.raises(ProfileError, match="<<: unknown field; allowed here: a"):
        fields.no_others()


def test_long_words_are_cut_in_complaints(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        entry(tmp_path, "x" * 10_000).choice(("yes", "no"))
    assert len(str(caught.value.problem)) < 100
