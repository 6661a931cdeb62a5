from __future__ import annotations

import pytest

from agent.security.passwords import as_bytes, from_store, of_key, to_key, to_store

BINARY = bytes(range(0xF0, 0x100)) + b"abcd"


@pytest.mark.parametrize(
    ("key", "password"),
    [
        (b"a-password-of-20-byt".hex(), b"a-password-of-20-byt"),
        (b"sixteen-bytes-01".hex().upper(), b"sixteen-bytes-01"),
        (BINARY.hex(), BINARY),
    ],
)
def test_a_key_stands_for_its_bytes(key: str, password: bytes) -> None:
    meant = of_key(key)
    assert meant is not None
    assert as_bytes(meant) == password


@pytest.mark.parametrize("key", ["the-second-password-1", "ab" * 15, "ab" * 21, "ab" * 16 + "c", ""])
def test_what_is_no_key_is_meant_as_it_is(key: str) -> None:
    assert of_key(key) is None


def test_what_is_no_text_can_be_stored() -> None:
    password = of_key(BINARY.hex())
    assert password is not None
    assert to_key(password) == BINARY.hex()
    assert from_store(to_store(password)) == password
    to_store(password).encode("utf-8")
    for text in ("hex:a-password", "a-password", "p\u00e4ssword"):
        assert to_key(text) is None
        assert from_store(to_store(text)) == text
