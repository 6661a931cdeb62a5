"""Certificates of every hierarchy, made once a test process, and what Python's own TLS needs as a vehicle."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from agent.iso15118.credentials import Credential
from certs.csr import write_key
from certs.development.hierarchies import Issued, Wishes, hierarchies, issue
from certs.key_kinds import KeyKind
from certs.pem import write_bundle
from certs.responding import Known, Responder
from certs.revocation import question


def issued(folder: str, keys_20: KeyKind = "P-521") -> dict[str, Issued]:
    """Return what a hierarchy has, such as "v2g-2", by its file's name."""
    return _issued(folder, keys_20)


@cache
def _issued(folder: str, keys_20: KeyKind) -> dict[str, Issued]:
    wishes = Wishes(keys_20=keys_20)
    [hierarchy] = [one for one in hierarchies(wishes) if one.folder == folder]
    return {one.file: one for one in issue(hierarchy, wishes)}


def credential(folder: str, keys_20: KeyKind = "P-521", staple: bytes | None = None) -> Credential:
    """Return the SECC leaf of a hierarchy with its chain up to the root."""
    secc = issued(folder, keys_20)["secc"]
    return Credential(key=secc.key, chain=(*secc.chain, secc.root), staple=staple)


def good_word(folder: str) -> bytes:
    """Return what the authority above the SECC leaf of a hierarchy says of it: it is good (OCSP, DER)."""
    leaf, issuer = issued(folder)["secc"].chain[:2]
    authority = issued(folder)["cpo-sub-ca-2"]
    responder = Responder(issuer=issuer, certificate=issuer, key=authority.key)
    return responder.respond(question(leaf, issuer), lambda _serial: Known(), datetime.now(UTC))


def trusting(folder: str, keys_20: KeyKind = "P-521") -> ssl.SSLContext:
    """Return a vehicle's TLS that knows the root of a hierarchy."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=write_bundle([issued(folder, keys_20)["root"].chain[0]]))
    return context


def show(context: ssl.SSLContext, vehicle: Issued, directory: Path) -> ssl.SSLContext:
    """Have a vehicle show a certificate of its own; Python takes one only from files."""
    chain, key = directory / "vehicle.pem", directory / "vehicle.key"
    chain.write_text(write_bundle(vehicle.chain), "ascii")
    key.write_text(write_key(vehicle.key), "ascii")
    context.load_cert_chain(chain, key)
    return context
