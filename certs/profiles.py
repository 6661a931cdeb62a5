"""What a use of a certificate demands of it and of the chain above it.

OCPP 2.0.1 A00.FR.5xx for those of charging stations; ISO 15118-2 Annex F for those of the V2G hierarchy.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

LEAST_RSA_BITS = 2048
LEAST_EC_BITS = 224
WEAK_HASHES = frozenset({"md5", "sha1", "sha224"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The demands of one use. None means: no such demand.

    `key_usage` are attributes of x509.KeyUsage, demanded where the extension is there, or always if
    `needs_key_usage`. `extended_key_usage` is demanded where that extension is there.
    """

    name: str
    curves: frozenset[str] | None = None
    """Elliptic curves that may be used, and no RSA then."""
    key_usage: tuple[str, ...] = ("digital_signature",)
    needs_key_usage: bool = False
    extended_key_usage: ObjectIdentifier | None = None
    needs_common_name: bool = True
    needs_organization: bool = False
    domain_component: str | None = None
    most_below_root: int | None = None
    most_der_bytes: int | None = None


CHARGING_STATION = Profile(
    name="charging station's certificate",
    extended_key_usage=ExtendedKeyUsageOID.CLIENT_AUTH,
    needs_organization=True,
)
SECC = Profile(
    name="V2G charging station's certificate",
    curves=frozenset({"secp256r1"}),
    needs_key_usage=True,
    domain_component="CPO",
    most_below_root=3,
    most_der_bytes=800,
)
CONTRACT = Profile(
    name="contract certificate",
    curves=frozenset({"secp256r1"}),
    needs_key_usage=True,
    most_below_root=3,
    most_der_bytes=800,
)
FIRMWARE_SIGNING = Profile(name="firmware signing certificate", needs_organization=True)
