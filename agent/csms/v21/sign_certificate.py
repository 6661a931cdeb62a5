"""SignCertificate: what 2.1 adds, a number that comes back with the certificate (A02.FR.24)."""

from __future__ import annotations

import zlib

from agent.csms.v21.carry import carried
from agent.csms.v201 import sign_certificate
from agent.csms.v201.certificate_types import write
from agent.security.signing import Purpose
from certs.hash_data import HashData
from ocppj.messages import v21

_POSITIVE = 2**31 - 1


def message(request: str, purpose: Purpose, root: HashData | None) -> v21.SignCertificateRequest:
    """Return what passes a signing request (PEM) on; `root` names the hierarchy it is to be of."""
    kind: v21.CertificateSigningUseEnumType | None = (
        "V2G20Certificate" if purpose == "secc20" else sign_certificate.TYPES[purpose]
    )
    named = None if root is None else carried(write(root), v21.CertificateHashDataType)
    return v21.SignCertificateRequest(
        csr=request, certificate_type=kind, request_id=number(request), hash_root_certificate=named
    )


def purpose(kind: v21.CertificateSigningUseEnumType | None) -> Purpose | None:
    """Return what a certificate of this type is for, None if it does not say."""
    return "secc20" if kind == "V2G20Certificate" else sign_certificate.purpose(kind)


def number(request: str) -> int:
    """Return the number of a signing request: its own, also when it is sent again after a power cut."""
    return zlib.crc32(request.encode()) & _POSITIVE
