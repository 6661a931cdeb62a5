"""Takes the station file's certificates into the vault at first start. Import it when it is needed."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from agent.security.vault import MOST_ROOTS, NotAdopted, Vault
from certs.chains import is_about_key_of
from certs.pem import NotACertificate, read_bundle, write_bundle
from certs.roots import Roots
from certs.rules import check_root


def adopt_roots(vault: Vault, text: str, at: datetime) -> bool:
    """Install the roots of a file, if it is a file of a few roots; return whether they are.

    A collection of public authorities is not: it is believed as it is, and not seen over OCPP.

    Raises:
        NotAdopted: If there is no certificate in it.
        KeyStoreError: If they cannot be stored.
    """
    try:
        certificates = read_bundle(text)
    except NotACertificate as error:
        raise NotAdopted("csms.ca_file", str(error)) from error
    if len(certificates) > MOST_ROOTS or any(check_root(one, at) for one in certificates):
        return False
    roots = Roots(vault.roots, MOST_ROOTS)
    for certificate in certificates:
        roots.install("CSMS", certificate, at)
    return True


def adopt_identity(vault: Vault, chain: str, key: str) -> None:
    """Take over the certificate and the private key that the manufacturer gave the station (A00.FR.804).

    Raises:
        NotAdopted: If they cannot be read, or do not belong together.
        KeyStoreError: If they cannot be stored.
    """
    try:
        certificates = read_bundle(chain)
        private_key = load_pem_private_key(key.encode("ascii"), password=None)
    except (NotACertificate, ValueError, TypeError) as error:
        raise NotAdopted("csms.certificate_file", f"it cannot be read, or its key: {error}") from error
    leaf = certificates[0]
    if not is_about_key_of(leaf, private_key.public_key()):
        raise NotAdopted("csms.key_file", "the certificate is not for this key")
    text = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    vault.client.install(
        text, write_bundle(certificates), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    )
