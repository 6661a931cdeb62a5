"""SignCertificate (A02, A03): a charger has a key of its own certified."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.status_info import status_info
from backend.pki import signing
from backend.pki.directory import Authorities
from backend.pki.signing import StationRequest
from ocppj.messages import v201

Asked = Incoming[v201.SignCertificateRequest]


class SignCertificate:
    """Keeps requests that are good; `wake` has them certified."""

    def __init__(self, authorities: Authorities, wake: Callable[[], None]) -> None:
        self._authorities = authorities
        self._wake = wake

    def store(self, db: Connection, items: Sequence[Asked]) -> list[Answer]:
        """Keep the requests."""
        return [_answer(signing.take(db, self._authorities, _request(item))) for item in items]

    def committed(self, items: Sequence[Asked], results: Sequence[Answer]) -> None:
        """Have them certified."""
        del items, results
        self._wake()


def _request(item: Asked) -> StationRequest:
    return StationRequest(
        station_id=item.station_id,
        type=item.request.certificate_type,
        csr=item.request.csr,
        received_at=item.received_at,
    )


def _answer(why: str | None) -> Answer:
    if why is None:
        return v201.SignCertificateResponse(status="Accepted")
    return v201.SignCertificateResponse(status="Rejected", status_info=status_info("InvalidCSR", why))
