from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterator

import pytest

from backend.csms import passwords
from backend.csms.passwords import LENGTH, PasswordCheck, generate, hash_password, matches


@pytest.fixture
def check() -> Iterator[PasswordCheck]:
    made = PasswordCheck()
    yield made
    made.close()


@pytest.fixture
def scrypts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts how often a password was really hashed."""
    seen: list[str] = []
    real = passwords.matches

    def counting(password: str, stored: str) -> bool:
        seen.append(password)
        return real(password, stored)

    monkeypatch.setattr(passwords, "matches", counting)
    return seen


def test_generated_passwords_have_a_length_that_ocpp_allows() -> None:
    """A00.FR.205."""
    assert len(generate()) in LENGTH
    assert generate() != generate()


@pytest.mark.parametrize("generated", [True, False])
def test_a_hash_matches_its_password_only(generated: bool) -> None:
    stored = hash_password("secret", generated=generated)
    assert matches("secret", stored)
    assert not matches("Secret", stored)
    assert "secret" not in stored


def test_equal_passwords_have_different_hashes() -> None:
    assert hash_password("x", generated=True) != hash_password("x", generated=True)


def test_the_hash_is_plain_scrypt() -> None:
    """Anybody can check it: scrypt$N$r$p$salt$hash."""
    name, cost, block, parallel, salt, made = hash_password("x", generated=False).split("$")
    expected = hashlib.scrypt(
        b"x",
        salt=base64.b64decode(salt),
        n=int(cost),
        r=int(block),
        p=int(parallel),
        dklen=32,
        maxmem=2**26,
    )
    assert (name, base64.b64decode(made)) == ("scrypt", expected)
    assert int(cost) * int(block) >= 2**17


async def test_a_returning_charger_is_not_hashed_again(check: PasswordCheck, scrypts: list[str]) -> None:
    stored = hash_password("right", generated=True)
    assert all(await asyncio.gather(*(check.check("right", stored) for _ in range(3))))
    hashed = len(scrypts)
    assert all([await check.check("right", stored) for _ in range(100)])
    assert len(scrypts) == hashed


async def test_the_same_wrong_password_again_is_not_hashed_again(
    check: PasswordCheck, scrypts: list[str]
) -> None:
    stored = hash_password("right", generated=True)
    assert not any([await check.check("wrong", stored) for _ in range(100)])
    assert len(scrypts) == 1
    assert not await check.check("other", stored)
    assert await check.check("right", stored)
    assert len(scrypts) == 3


async def test_chargers_that_come_back_at_once_with_one_password_are_hashed_once(
    check: PasswordCheck, scrypts: list[str]
) -> None:
    stored = hash_password("right", generated=True)
    assert all(await asyncio.gather(*(check.check("right", stored) for _ in range(50))))
    assert len(scrypts) == 1


async def test_guesses_at_one_charger_do_not_hold_up_another(
    check: PasswordCheck, scrypts: list[str]
) -> None:
    guessed, other = hash_password("x", generated=True), hash_password("right", generated=True)
    guesses = [asyncio.create_task(check.check(f"guess {n}", guessed)) for n in range(200)]
    await asyncio.sleep(0)
    assert await check.check("right", other)
    assert len(scrypts) < 200
    assert not any(await asyncio.gather(*guesses))


async def test_a_remembered_password_of_one_hash_does_not_open_another(check: PasswordCheck) -> None:
    one, two = hash_password("one", generated=True), hash_password("two", generated=True)
    assert await check.check("one", one)
    assert not await check.check("one", two)
    assert await check.check("two", two)


async def test_memory_is_bounded(check: PasswordCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_REMEMBERED", 2)
    hashes = [hash_password("x", generated=True) for _ in range(4)]
    for stored in hashes:
        assert await check.check("x", stored)
    assert len(check._remembered) == 2
    assert await check.check("x", hashes[0])
