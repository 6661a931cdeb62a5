"""GET tariffs: what sessions are billed by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection, Row

from backend.admin import tariffs
from backend.web.ocpi import TariffDocument
from backend.web.paging import Next, Paged
from backend.web.service import Served
from backend.web.text import json_response, verbatim

router = APIRouter(prefix="/tariffs", tags=["tariffs"])


class TariffVersion(BaseModel):
    """A version of a tariff. `in_use`: a session that began now would be billed by it."""

    in_use: bool
    created_at: AwareDatetime
    tariff: TariffDocument


class TariffList(BaseModel):
    """A page of versions of tariffs."""

    items: list[TariffVersion]
    next: Next


@router.get("", name="list_tariffs", response_model=TariffList)
async def get_page(service: Served, page: Paged) -> Response:
    """Versions of tariffs, the newest first: OCPI 2.2.1 documents, to the digit as they are stored."""

    def work(db: Connection) -> tuple[int | None, Sequence[Row[Any]]]:
        return tariffs.tariff_in_use(db, datetime.now(UTC)), tariffs.list_tariffs(db, page.fetch, page.offset)

    in_use, rows = await service.database.read(work)
    items = [
        {"in_use": row.id == in_use, "created_at": row.created_at, "tariff": verbatim(row.document)}
        for row in page.cut(rows)
    ]
    return json_response({"items": items, "next": page.next(rows)})
