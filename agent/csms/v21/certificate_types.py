"""Kinds of certificates that 2.1 adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import certificate_types, get_installed_certificate_ids, install_certificate
from certs.root_files import Kind
from ocppj.messages import v21, v201

ROOTS: Final[Mapping[str, Kind]] = {**certificate_types.ROOTS, "OEMRootCertificate": "OEM"}
KINDS: Final[Mapping[str, str]] = {**certificate_types.KINDS, "OEM": "OEMRootCertificate"}


async def install(request: v21.InstallCertificateRequest, context: Context) -> Reply:
    """Trust a root, also one that vehicles' manufacturers have (M05)."""
    return await install_certificate.answer(ROOTS[request.certificate_type], request.certificate, context)


async def listed(request: v21.GetInstalledCertificateIdsRequest, context: Context) -> Reply:
    """List what is installed (M03)."""
    same = cast("v201.GetInstalledCertificateIdsRequest", request)
    return await get_installed_certificate_ids.answer(same, context, ROOTS, KINDS)
