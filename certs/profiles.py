"""What a use of a certificate demands of it and of the chain above it.

OCPP 2.0.1 A00.FR.5xx for those of charging stations and their backend; ISO 15118-2 Annex F and ISO 15118-20
for those of the V2G hierarchy. `check_form` and `check_use` in `certs.rules` hold a certificate against them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

LEAST_RSA_BITS = 2048
LEAST_EC_BITS = 224
WEAK_HASHES = frozenset({"md5", "sha1", "sha224"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The demands of one use. None means: no such demand.

    `key_usage` are attributes of x509.KeyUsage, demanded where the extension is there, or always if
    `is_strict`. `extended_key_usage` is demanded where that extension is there.
    """

    name: str
    keys: frozenset[str] | None = None
    """Kinds of keys (`certs.key_kinds`) of the leaf and the authorities below the root."""
    authority_keys: frozenset[str] | None = None
    """The same for the authorities alone, where they differ: an X448 key signs nothing."""
    signature_hashes: frozenset[str] | None = None
    """Names of the hashes that certificates below the root may be signed with; those of Ed448 have none."""
    is_strict: bool = False
    """Whether every certificate below the root must have BasicConstraints and KeyUsage, marked critical,
    and the leaf must be none that may issue."""
    key_usage: tuple[str, ...] = ("digital_signature",)
    wished_key_usage: tuple[str, ...] = ()
    """What the standard wants besides, and certificates in the field go without: told, not refused."""
    extended_key_usage: ObjectIdentifier | None = None
    needs_common_name: bool = True
    common_name: Literal["eMAID"] | None = None
    needs_organization: bool = False
    domain_component: str | None = None
    most_below_root: int | None = None
    most_der_bytes: int | None = None


CHARGING_STATION = Profile(
    name="charging station's certificate",
    extended_key_usage=ExtendedKeyUsageOID.CLIENT_AUTH,
    needs_organization=True,
)
BACKEND = Profile(
    name="backend's certificate", extended_key_usage=ExtendedKeyUsageOID.SERVER_AUTH, needs_organization=True
)
FIRMWARE_SIGNING = Profile(
    name="firmware signing certificate",
    extended_key_usage=ExtendedKeyUsageOID.CODE_SIGNING,
    needs_organization=True,
)

_V2G_2 = Profile(
    name="ISO 15118-2 certificate",
    keys=frozenset({"P-256"}),
    signature_hashes=frozenset({"sha256"}),
    is_strict=True,
    most_below_root=3,
    most_der_bytes=800,
)
SECC = replace(
    _V2G_2,
    name="V2G charging station's certificate",
    extended_key_usage=ExtendedKeyUsageOID.SERVER_AUTH,
    domain_component="CPO",
)
CONTRACT = replace(
    _V2G_2,
    name="contract certificate",
    wished_key_usage=("content_commitment", "key_encipherment", "key_agreement"),
    common_name="eMAID",
)
PROVISIONING = replace(
    _V2G_2,
    name="OEM provisioning certificate",
    key_usage=("key_agreement",),
    wished_key_usage=("digital_signature",),
)
PROVISIONING_SERVICE = replace(_V2G_2, name="provisioning service's certificate", domain_component="CPS")

_SIGNING_KEYS_20 = frozenset({"P-521", "Ed448"})
_V2G_20 = Profile(
    name="ISO 15118-20 certificate",
    keys=_SIGNING_KEYS_20,
    signature_hashes=frozenset({"sha512"}),
    is_strict=True,
    most_below_root=4,  # a chain in its messages is a leaf and up to three above it
    most_der_bytes=1600,  # certificateType of its schema
)
SECC_20 = replace(
    _V2G_20,
    name="ISO 15118-20 charging station's certificate",
    extended_key_usage=ExtendedKeyUsageOID.SERVER_AUTH,
    domain_component="CPO",
)
VEHICLE_20 = replace(
    _V2G_20, name="vehicle's TLS certificate", extended_key_usage=ExtendedKeyUsageOID.CLIENT_AUTH
)
CONTRACT_20 = replace(_V2G_20, name="ISO 15118-20 contract certificate", common_name="eMAID")
PROVISIONING_20 = replace(
    _V2G_20,
    name="ISO 15118-20 OEM provisioning certificate",
    keys=frozenset({"P-521", "Ed448", "X448"}),
    authority_keys=_SIGNING_KEYS_20,
    key_usage=("key_agreement",),
)
PROVISIONING_SERVICE_20 = replace(
    _V2G_20, name="ISO 15118-20 provisioning service's certificate", domain_component="CPS"
)
