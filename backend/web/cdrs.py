"""GET cdrs: charge detail records, as they are stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from backend.admin.cdrs import cdr_document, list_cdrs
from backend.web.ocpi import Cdr, CdrList
from backend.web.paging import Paged
from backend.web.problems import ABSENT, NOT_FOUND, ProblemError
from backend.web.service import Served
from backend.web.text import json_response, verbatim

router = APIRouter(prefix="/cdrs", tags=["CDRs"])


@router.get("", name="list_cdrs", response_model=CdrList)
async def get_page(service: Served, page: Paged) -> Response:
    """CDRs, the newest first: OCPI 2.2.1 documents, to the digit as they are stored."""
    rows = await service.database.read(lambda db: list_cdrs(db, page.fetch, page.offset))
    items = [verbatim(row.document) for row in page.cut(rows)]
    return json_response({"items": items, "next": page.next(rows)})


@router.get("/{cdr_id}", response_model=Cdr, responses=ABSENT)
async def get_cdr(service: Served, cdr_id: Annotated[str, Path(max_length=39)]) -> Response:
    """One CDR: the OCPI 2.2.1 document, to the digit as it is stored."""
    document = await service.database.read(lambda db: cdr_document(db, cdr_id))
    if document is None:
        raise ProblemError(NOT_FOUND, f"No CDR {cdr_id}; GET /api/v1/cdrs lists them.")
    return json_response(verbatim(document))
