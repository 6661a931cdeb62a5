"""GetInstalledCertificateIds (M03): which roots and chains a charger has."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def get_installed_certificate_ids(
    station: Caller, *, timeout_s: float | None = None
) -> tuple[v201.CertificateHashDataChainType, ...]:
    """Return all that it has, of every type."""
    request = v201.GetInstalledCertificateIdsRequest()
    response = await ask(station, request, v201.GetInstalledCertificateIdsResponse, timeout_s)
    return response.certificate_hash_data_chain or ()
