"""ECDSA signatures and public keys in DER, as far as meters get them wrong. Pure, no cryptography library.

Signature: SEQUENCE (0x30) of two INTEGERs (0x02), r and s, each as short as it can be (X.690 8.3.2).
"""

from __future__ import annotations

from typing import Final

SEQUENCE: Final = 0x30
INTEGER: Final = 0x02
LONGEST_SHORT: Final = 0x7F
P256_KEY_PREFIX: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""What stands before the coordinates of a point in the SubjectPublicKeyInfo of a secp256r1 key (RFC 5480)."""


class DerError(ValueError):
    """Bytes are not the DER structure that was expected."""


def shortest(signature: bytes) -> bytes:
    """Return a signature with r and s as short as DER wants them; some meters put zero bytes before.

    A correct signature comes back as it is. Negative numbers cannot occur in a signature, but a number whose
    highest bit is set without a zero byte before it stays as it is: to change it would be to guess.

    Raises:
        DerError: If it is not a sequence of two integers.
    """
    body, rest = _element(signature, SEQUENCE)
    r, after_r = _element(body, INTEGER)
    s, after_s = _element(after_r, INTEGER)
    if rest or after_s:
        raise DerError(f"{len(rest) + len(after_s)} bytes follow the signature")
    return _wrap(SEQUENCE, _wrap(INTEGER, _stripped(r)) + _wrap(INTEGER, _stripped(s)))


def first_element(data: bytes) -> bytes:
    """Return the sequence that `data` begins with, without what fills up the registers behind it.

    Raises:
        DerError: If it begins with none, or ends too early.
    """
    _, rest = _element(data, SEQUENCE)
    return data[: len(data) - len(rest)]


def p256_public_key(point: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of a secp256r1 key given as its coordinates x and y.

    Raises:
        DerError: If they are not 64 bytes.
    """
    if len(point) != 64:
        raise DerError(f"a point of secp256r1 has 64 bytes, not {len(point)}")
    return P256_KEY_PREFIX + point


def _element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the contents of the element at the beginning, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        found = f"0x{data[0]:02x}" if data else "nothing"
        raise DerError(f"tag 0x{tag:02x} expected, found {found}")
    length, start = data[1], 2
    if length > LONGEST_SHORT:
        octets = length & LONGEST_SHORT
        start += octets
        if octets not in {1, 2} or len(data) < start:
            raise DerError(f"a length of {octets} bytes is none")
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise DerError(f"{length} bytes announced, {len(data) - start} there")
    return data[start : start + length], data[start + length :]


def _stripped(number: bytes) -> bytes:
    """Return an integer without superfluous zero bytes; one that keeps it positive is not superfluous."""
    if not number:
        raise DerError("an integer without a byte")
    while len(number) > 1 and number[0] == 0 and number[1] < 0x80:
        number = number[1:]
    return number


def _wrap(tag: int, contents: bytes) -> bytes:
    size = len(contents)
    if size <= LONGEST_SHORT:
        return bytes((tag, size)) + contents
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + contents
