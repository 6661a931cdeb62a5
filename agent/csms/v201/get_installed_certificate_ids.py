"""GetInstalledCertificateIds: the backend asks which certificates are installed (M03)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v201.certificate_types import KINDS, ROOTS, write
from certs.keystore import KeyStoreError
from certs.root_files import Kind
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.GetInstalledCertificateIdsRequest, context: Context) -> Reply:
    """List every root of the types asked for, or of all, and the V2G chain with its authorities.

    Raises:
        OcppError: InternalError if they cannot be read.
    """
    return await answer(request, context, ROOTS, KINDS)


async def answer(
    request: v201.GetInstalledCertificateIdsRequest,
    context: Context,
    roots: Mapping[str, Kind],
    names: Mapping[str, str],
) -> Reply:
    """List the types that the version knows: its names of roots, and its name of every kind.

    Raises:
        OcppError: As `handle` does.
    """
    wanted: Collection[str] = request.certificate_type or tuple(names.values())
    kinds = [kind for name, kind in roots.items() if name in wanted]
    try:
        listed = await context.security.certificates.listed(
            kinds, with_v2g_chain="V2GCertificateChain" in wanted
        )
    except KeyStoreError as error:
        log.error("installed certificates cannot be listed: %s", error)
        raise OcppError(ErrorCode.INTERNAL_ERROR, "they cannot be read") from error
    if not listed:
        return Reply(v201.GetInstalledCertificateIdsResponse(status="NotFound"))
    chains = tuple(
        v201.CertificateHashDataChainType(
            certificate_type=cast("v201.GetCertificateIdUseEnumType", names[one.kind]),
            certificate_hash_data=write(one.named),
            child_certificate_hash_data=tuple(map(write, one.below)) or None,
        )
        for one in listed
    )
    return Reply(
        v201.GetInstalledCertificateIdsResponse(status="Accepted", certificate_hash_data_chain=chains)
    )
