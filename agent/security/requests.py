"""A new key with its request, and the check of the chain that answers it. Import it when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from certs.chains import is_about_key_of, validate
from certs.csr import Subject, signing_request
from certs.identities import Waiting
from certs.key_kinds import EcKind
from certs.keys import FileKeys, Keys
from certs.pem import NotACertificate, read_bundle, write_bundle
from certs.profiles import CHARGING_STATION, SECC, SECC_20, Profile
from certs.root_files import Kind
from certs.rules import common_name

PROFILES: dict[Kind, Profile] = {"CSMS": CHARGING_STATION, "V2G": SECC}
"""The hierarchy a certificate belongs to, and what its use demands of it."""
_KEYS = FileKeys()


class ChainRefused(ValueError):
    """The chain does not answer the request, or breaks a rule; says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A chain that was checked, without its root."""

    chain: str
    valid_from: datetime
    valid_until: datetime


def make_request(subject: Subject, kind: EcKind = "P-256", keys: Keys = _KEYS) -> Waiting:
    """Return a new key of a kind and the request for its certificate.

    Raises:
        KeysUnusable: If no key can be made.
    """
    block = keys.new(kind)
    return Waiting(private_key=block, request=signing_request(keys.signer(block), subject))


def check_answer(
    waiting: Waiting,
    answer: str,
    roots: dict[Kind, str],
    at: datetime,
    keys: Keys = _KEYS,
    *,
    is_20: bool = False,
) -> Certified:
    """Return the chain that answers a request, valid under each of these hierarchies (A02.FR.06).

    A chain whose time has yet to come is as good: the station goes over to it then (A02.FR.08).

    Raises:
        ChainRefused: If it does not answer this request, or breaks a rule.
    """
    try:
        bundle = read_bundle(answer)
    except NotACertificate as error:
        raise ChainRefused(str(error)) from error
    leaf = bundle[0]
    if not is_about_key_of(leaf, keys.signer(waiting.private_key).public_key()):
        raise ChainRefused("the first certificate is not for the key that was sent")
    wanted = x509.load_pem_x509_csr(waiting.request.encode("ascii")).subject
    [name] = wanted.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    if common_name(leaf) != name.value:
        raise ChainRefused(f"its common name is {common_name(leaf)!r}, {name.value!r} was asked for")
    below: Sequence[x509.Certificate] = bundle
    for kind, pem in roots.items():
        trusted = read_bundle(pem) if pem else ()
        verdict = validate(
            bundle, trusted, SECC_20 if is_20 else PROFILES[kind], max(at, leaf.not_valid_before_utc)
        )
        if not verdict.is_valid:
            hint = f"; install its {kind} root first" if verdict.is_unknown else ""
            raise ChainRefused(f"{verdict}{hint}")
        below = verdict.chain[:-1]
    return Certified(
        chain=write_bundle(below), valid_from=leaf.not_valid_before_utc, valid_until=leaf.not_valid_after_utc
    )
