"""TLS to the backend (A00, security profiles 2 and 3): what is offered, what is believed, what went wrong."""

from __future__ import annotations

import ssl
from typing import Any

from websockets.exceptions import InvalidStatus

from agent.security.credentials import Login, Trouble

CIPHER_SUITES = ":".join(
    (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
    )
)
"""For TLS 1.2: those of A00.FR.319, and their RSA siblings with forward secrecy. TLS 1.3 has no weak ones."""

_VERSION_REASONS = (
    "PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
    "WRONG_SSL_VERSION",
    "INAPPROPRIATE_FALLBACK",
)
_REFUSALS = (401, 403, 495, 496)
"""HTTP answers to credentials; 495, 496 and 400 are those of proxies to client certificates."""
_CIPHER_REASONS = ("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "WRONG_CIPHER", "INSUFFICIENT_SECURITY")
_STATION_REASONS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNSUPPORTED_CERTIFICATE",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "ACCESS_DENIED",
)


def context(login: Login) -> ssl.SSLContext | None:
    """Return how to speak TLS with these credentials; None if the profile has none.

    TLS 1.2 at least (A00.FR.313), no compression (A00.FR.321), the whole chain and the server's name checked
    (A00.FR.308, A00.FR.309).

    Raises:
        OSError: If the station's own certificate and key cannot be read, or do not belong together.
    """
    if login.security < 2:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHER_SUITES)
    made.options |= ssl.OP_NO_COMPRESSION
    if login.takes_root_below:
        made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if login.roots is None:
        made.load_default_certs(ssl.Purpose.SERVER_AUTH)
    elif login.roots:
        made.load_verify_locations(cadata=login.roots)
    if login.identity is not None:
        made.load_cert_chain(login.identity.path)
    return made


def trouble(error: BaseException | None, login: Login) -> Trouble | None:
    """Return what an error says about the security of the link, None if nothing."""
    while error is not None:
        found = _of(error, login)
        if found is not None:
            return found
        error = error.__cause__ or error.__context__
    return None


def chain_of(link: ssl.SSLObject | None) -> frozenset[bytes]:
    """Return the certificates (DER) of the chain that the backend was believed for, its root among them.

    Python tells it from 3.13 on; before, only the object inside knows.
    """
    inner: Any = getattr(link, "_sslobj", link)
    if inner is None:
        return frozenset()
    return frozenset(
        bytes(one) if isinstance(one, bytes) else ssl.PEM_cert_to_DER_cert(one.public_bytes())
        for one in inner.get_verified_chain() or ()
    )


def _of(error: BaseException, login: Login) -> Trouble | None:
    match error:
        case InvalidStatus():
            refusals = _REFUSALS if login.identity is None else (*_REFUSALS, 400)
            return Trouble.STATION_REFUSED if error.response.status_code in refusals else None
        case ssl.SSLCertVerificationError():
            return Trouble.BACKEND_CERTIFICATE
        case ssl.SSLError():
            return _of_reason(getattr(error, "reason", None) or "")
        case _:
            return None


def _of_reason(reason: str) -> Trouble | None:
    for found, parts in (
        (Trouble.TLS_VERSION, _VERSION_REASONS),
        (Trouble.STATION_REFUSED, _STATION_REASONS),
        (Trouble.CIPHER_SUITE, _CIPHER_REASONS),
    ):
        if any(part in reason for part in parts):
            return found
    return None
