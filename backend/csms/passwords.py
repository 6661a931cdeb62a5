"""Passwords of charging stations (OCPP 2.0.1 A00, A01): scrypt hashes, cheap to check when a charger returns.

A hash says what it cost: scrypt$N$r$p$salt$hash. Passwords that were generated here have 192 random bits,
which no amount of hashing makes safer, so theirs is cheap; an operator's own password gets the full cost.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakValueDictionary

LENGTH = range(16, 41)
"""The length of BasicAuthPassword (A00.FR.205)."""

CHOSEN_COST = 2**14
GENERATED_COST = 2**10
BLOCK_SIZE = 8
SALT_BYTES = 16
HASH_BYTES = 32
MAX_REMEMBERED = 10_000


def generate() -> str:
    """Return a new password of 32 characters."""
    return secrets.token_urlsafe(24)


def hash_password(password: str, *, generated: bool) -> str:
    """Return what is stored for a password."""
    cost, salt = GENERATED_COST if generated else CHOSEN_COST, secrets.token_bytes(SALT_BYTES)
    made = _scrypt(password, salt, cost, BLOCK_SIZE, 1)
    return f"scrypt${cost}${BLOCK_SIZE}$1${_text(salt)}${_text(made)}"


def matches(password: str, stored: str) -> bool:
    """Tell whether the password belongs to the hash. Slow on purpose; see `PasswordCheck`."""
    _, cost, block_size, parallel, salt, expected = stored.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(block_size), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(expected))


class PasswordCheck:
    """Checks passwords without blocking the event loop.

    The outcome of the last check of each hash is remembered under a key that never leaves this process: a
    thousand chargers that come back at once cost a thousand HMACs, and a misconfigured one that never gives
    up costs next to nothing. The scrypt hash stays the only thing that is stored.

    Passwords for one hash are checked one after the other: whoever guesses at one charger's keeps a single
    thread busy, and the others do not queue behind a thousand guesses.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._remembered: dict[tuple[str, bool], bytes] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "passwords")

    async def check(self, password: str, stored: str) -> bool:
        """Tell whether the password belongs to the hash."""
        digest = hmac.digest(self._key, password.encode(), "sha256")
        outcome = self._recall(digest, stored)
        if outcome is not None:
            return outcome
        async with self._turns.setdefault(stored, asyncio.Lock()):
            outcome = self._recall(digest, stored)
            if outcome is None:
                loop = asyncio.get_running_loop()
                outcome = await loop.run_in_executor(self._threads, matches, password, stored)
                self._remember(digest, stored, outcome)
            return outcome

    def _recall(self, digest: bytes, stored: str) -> bool | None:
        for outcome in (True, False):
            if hmac.compare_digest(self._remembered.get((stored, outcome), b""), digest):
                return outcome
        return None

    def _remember(self, digest: bytes, stored: str, outcome: bool) -> None:
        self._remembered[stored, outcome] = digest
        if len(self._remembered) > MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _scrypt(password: str, salt: bytes, cost: int, block_size: int, parallel: int) -> bytes:
    memory = 2 * 128 * cost * block_size
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block_size, p=parallel, maxmem=memory, dklen=HASH_BYTES
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
