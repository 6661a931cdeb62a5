"""How OCPP and OCSP name a certificate: hashes of its issuer's name and key, and its serial number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Algorithm = Literal["SHA256", "SHA384", "SHA512"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashData:
    """CertificateHashDataType; the texts are hexadecimal, without leading zeroes in the serial number."""

    algorithm: Algorithm
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str

    @property
    def word(self) -> str:
        """The issuer's key and the number in one word, to keep something under, however they are written."""
        _, _, issuer_key_hash, serial_number = self._key
        return f"{issuer_key_hash}-{serial_number}"

    def names(self, other: HashData) -> bool:
        """Return whether both name one certificate; hexadecimal digits compare without case."""
        return self._key == other._key

    @property
    def _key(self) -> tuple[str, ...]:
        serial_number = self.serial_number.casefold().lstrip("0")
        return (
            self.algorithm,
            self.issuer_name_hash.casefold(),
            self.issuer_key_hash.casefold(),
            serial_number,
        )
