"""GetInstalledCertificateIds: the backend asks which roots are installed (security extension, 5.5)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16.certificates import ROOTS, write
from certs.keystore import KeyStoreError
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.GetInstalledCertificateIdsRequest, context: Context) -> Reply:
    """List the roots of this type.

    Raises:
        OcppError: InternalError if they cannot be read.
    """
    kind = ROOTS[request.certificate_type]
    try:
        listed = await context.security.certificates.listed([kind], with_v2g_chain=False)
    except KeyStoreError as error:
        log.error("installed certificates cannot be listed: %s", error)
        raise OcppError(ErrorCode.INTERNAL_ERROR, "they cannot be read") from error
    named = tuple(write(one.named) for one in listed)
    status: v16.GetInstalledCertificateStatusEnumType = "Accepted" if named else "NotFound"
    return Reply(v16.GetInstalledCertificateIdsResponse(status=status, certificate_hash_data=named or None))
