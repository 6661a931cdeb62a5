"""SignCertificate: what 2.1 adds, a number that comes back with the certificate (A02.FR.24)."""

from __future__ import annotations

import zlib

from msgspec.structs import replace

from agent.csms.v21.carry import carried
from agent.csms.v201 import sign_certificate
from agent.csms.v201.certificate_types import write
from agent.security.signing import Purpose
from certs.hash_data import HashData
from ocppj.messages import v21

_POSITIVE = 2**31 - 1


def message(request: str, purpose: Purpose, root: HashData | None) -> v21.SignCertificateRequest:
    """Return what passes a signing request (PEM) on; `root` names the hierarchy it is to be of."""
    plain = carried(sign_certificate.message(request, purpose), v21.SignCertificateRequest)
    named = None if root is None else carried(write(root), v21.CertificateHashDataType)
    return replace(plain, request_id=number(request), hash_root_certificate=named)


def number(request: str) -> int:
    """Return the number of a signing request: its own, also when it is sent again after a power cut."""
    return zlib.crc32(request.encode()) & _POSITIVE
