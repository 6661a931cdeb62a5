"""The rules that one certificate can break, each found by itself and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID, ObjectIdentifier

from certs.emaid import NotAnEmaid, read_emaid
from certs.key_kinds import kind_of
from certs.pem import name_of
from certs.profiles import LEAST_EC_BITS, LEAST_RSA_BITS, WEAK_HASHES, Profile

Kind = TypeVar("Kind", bound=x509.ExtensionType)

_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.ISSUER_ALTERNATIVE_NAME,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)
"""What may be critical: acted upon here, or without a say in whether the certificate is good."""
_MUST_BE_CRITICAL: dict[ObjectIdentifier, str] = {
    ExtensionOID.BASIC_CONSTRAINTS: "BasicConstraints",
    ExtensionOID.KEY_USAGE: "KeyUsage",
}


class Rule(Enum):
    """What can be wrong with a certificate or its chain."""

    UNREADABLE = "cannot be read"
    ISSUER_UNKNOWN = "nobody who is trusted issued it"
    SIGNATURE = "its issuer did not sign it"
    NOT_YET_VALID = "not valid yet"
    EXPIRED = "expired"
    NOT_A_CA = "may not issue certificates"
    PATH_LENGTH = "more certificates below it than it allows"
    NOT_SELF_ISSUED = "not a root: somebody else issued it"
    KEY_TOO_WEAK = "its key is too weak"
    WRONG_KEY = "its kind of key is not allowed here"
    WEAK_HASH = "signed with a weak hash"
    WRONG_SIGNATURE = "its kind of signature is not allowed here"
    NOT_CRITICAL = "an extension is missing or not marked critical"
    NOT_UNDERSTOOD = "it has a critical extension that is not understood"
    IS_A_CA = "it may issue certificates, and must not"
    KEY_USAGE = "its key may not be used for this"
    COMMON_NAME = "no common name in its subject"
    EMAID = "its common name is no contract identifier"
    OTHER_EMAID = "its common name is not the contract identifier that was named"
    CHECK_DIGIT = "the check digit of its contract identifier is wrong"
    ORGANIZATION = "no organization in its subject"
    DOMAIN_COMPONENT = "the wrong domain component in its subject"
    TOO_LONG = "the chain has too many certificates"
    TOO_LARGE = "it has too many bytes"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one certificate breaks; `certificate` is its subject, `place` where in a chain it is."""

    rule: Rule
    certificate: str
    detail: str = ""
    place: str = ""

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        more = f" ({self.detail})" if self.detail else ""
        return f"{self.certificate}{where}: {self.rule.value}{more}"


def check_root(certificate: x509.Certificate, at: datetime) -> tuple[Finding, ...]:
    """Return what keeps a certificate from being a root: it issued itself, is a CA, and valid now."""
    name = name_of(certificate)
    why = why_unreadable(certificate)
    if why is not None:
        return (Finding(Rule.UNREADABLE, name, why),)
    findings = [*check_dates(certificate, at), *check_authority(certificate), *check_strength(certificate)]
    if not is_issued_by(certificate, certificate):
        findings.insert(0, Finding(Rule.NOT_SELF_ISSUED, name, certificate.issuer.rfc4514_string()))
    return tuple(findings)


def why_unreadable(certificate: x509.Certificate) -> str | None:
    """Return why a certificate's extensions or key cannot be read, None if they can."""
    try:
        _ = certificate.extensions
        certificate.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        return str(error)
    return None


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether the issuer's name is the one named, and its key signed the certificate."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def check_dates(certificate: x509.Certificate, at: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the time."""
    if at < certificate.not_valid_before_utc:
        detail = f"from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M}Z, it is {at:%Y-%m-%d %H:%M}Z"
        yield Finding(Rule.NOT_YET_VALID, name_of(certificate), detail)
    if at > certificate.not_valid_after_utc:
        detail = f"on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M}Z, it is {at:%Y-%m-%d %H:%M}Z"
        yield Finding(Rule.EXPIRED, name_of(certificate), detail)


def check_authority(certificate: x509.Certificate, below: int = 0) -> Iterator[Finding]:
    """Yield what keeps a certificate from issuing; `below` authorities stand between it and the leaf."""
    name = name_of(certificate)
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        yield Finding(Rule.NOT_A_CA, name, "BasicConstraints")
    elif constraints.path_length is not None and below > constraints.path_length:
        yield Finding(Rule.PATH_LENGTH, name, f"allows {constraints.path_length}, there are {below}")
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        yield Finding(Rule.NOT_A_CA, name, "KeyUsage")


def check_strength(certificate: x509.Certificate) -> Iterator[Finding]:
    """Yield keys below 112 bits of strength and hashes that are broken (A00.FR.501 to 504)."""
    name, key = name_of(certificate), certificate.public_key()
    if isinstance(key, dsa.DSAPublicKey):
        yield Finding(Rule.WRONG_KEY, name, "DSA")
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        yield Finding(Rule.KEY_TOO_WEAK, name, f"RSA with {key.key_size} bits")
    elif isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < LEAST_EC_BITS:
        yield Finding(Rule.KEY_TOO_WEAK, name, f"{key.curve.name} with {key.key_size} bits")
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name in WEAK_HASHES:
        yield Finding(Rule.WEAK_HASH, name, algorithm.name)


def check_extensions(certificate: x509.Certificate) -> Iterator[Finding]:
    """Yield critical extensions that nobody here acts upon (RFC 5280, 4.2)."""
    for extension in certificate.extensions:
        if extension.critical and extension.oid not in _UNDERSTOOD:
            yield Finding(Rule.NOT_UNDERSTOOD, name_of(certificate), extension.oid.dotted_string)


def check_use(certificate: x509.Certificate, profile: Profile) -> Iterator[Finding]:
    """Yield what keeps a leaf from being used for what the profile is about."""
    name = name_of(certificate)
    yield from _check_key_usage(certificate, profile)
    constraints = _extension(certificate, x509.BasicConstraints)
    if profile.is_strict and constraints is not None and constraints.ca:
        yield Finding(Rule.IS_A_CA, name)
    if profile.needs_common_name and not common_name(certificate):
        yield Finding(Rule.COMMON_NAME, name)
    elif profile.common_name == "eMAID":
        try:
            read_emaid(common_name(certificate))
        except NotAnEmaid as error:
            yield Finding(Rule.EMAID, name, str(error))
    if profile.needs_organization and not _texts(certificate, NameOID.ORGANIZATION_NAME):
        yield Finding(Rule.ORGANIZATION, name)
    components = _texts(certificate, NameOID.DOMAIN_COMPONENT)
    if profile.domain_component is not None and profile.domain_component not in components:
        detail = f"expected {profile.domain_component}, there is {', '.join(components) or 'none'}"
        yield Finding(Rule.DOMAIN_COMPONENT, name, detail)


def check_wishes(certificate: x509.Certificate, profile: Profile) -> Iterator[Finding]:
    """Yield what the standard wants of a leaf and is no reason to refuse it: many in the field break it."""
    name, usage = name_of(certificate), _extension(certificate, x509.KeyUsage)
    for wish in profile.wished_key_usage:
        if usage is not None and not getattr(usage, wish):
            yield Finding(Rule.KEY_USAGE, name, f"KeyUsage without {wish}")
    if profile.common_name == "eMAID":
        with suppress(NotAnEmaid):
            emaid = read_emaid(common_name(certificate))
            if emaid.has_wrong_check_digit:
                yield Finding(Rule.CHECK_DIGIT, name, f"computed is {emaid.computed_check_digit}")


def check_form(
    certificate: x509.Certificate, profile: Profile, *, is_authority: bool = False
) -> Iterator[Finding]:
    """Yield what the profile forbids any certificate of the chain below the root."""
    name, kind = name_of(certificate), kind_of(certificate.public_key())
    allowed = (profile.authority_keys if is_authority else None) or profile.keys
    if allowed is not None and kind not in allowed:
        yield Finding(Rule.WRONG_KEY, name, kind)
    signed, hashes = certificate.signature_hash_algorithm, profile.signature_hashes
    if signed is not None and hashes is not None and signed.name not in hashes:
        yield Finding(Rule.WRONG_SIGNATURE, name, signed.name)
    if profile.is_strict:
        for oid, extension in _MUST_BE_CRITICAL.items():
            if not any(one.oid == oid and one.critical for one in certificate.extensions):
                yield Finding(Rule.NOT_CRITICAL, name, extension)
    size = len(certificate.public_bytes(Encoding.DER))
    if profile.most_der_bytes is not None and size > profile.most_der_bytes:
        yield Finding(Rule.TOO_LARGE, name, f"{size}, at most {profile.most_der_bytes}")


def common_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, "" for none."""
    return next(iter(_texts(certificate, NameOID.COMMON_NAME)), "")


def _check_key_usage(certificate: x509.Certificate, profile: Profile) -> Iterator[Finding]:
    name, usage = name_of(certificate), _extension(certificate, x509.KeyUsage)
    for wanted in profile.key_usage:
        if usage is not None and not getattr(usage, wanted):
            yield Finding(Rule.KEY_USAGE, name, f"KeyUsage without {wanted}")
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    wanted_use = profile.extended_key_usage
    if extended is not None and wanted_use is not None and wanted_use not in extended:
        yield Finding(Rule.KEY_USAGE, name, f"ExtendedKeyUsage without {wanted_use.dotted_string}")


def _texts(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    found = certificate.subject.get_attributes_for_oid(oid)
    return tuple(str(attribute.value) for attribute in found if attribute.value)


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
