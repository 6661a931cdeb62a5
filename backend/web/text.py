"""How values are written in JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from fastapi.responses import Response
from pydantic import Field

DecimalText = Annotated[
    str,
    Field(
        pattern=r"^-?[0-9]+(\.[0-9]+)?$",
        description="an exact decimal, as a string so that no reader makes a binary fraction of it",
        examples=["4.27"],
    ),
]


def decimal_text(value: Decimal | None) -> str | None:
    """Return every digit, without an exponent."""
    return None if value is None else f"{value:f}"


def verbatim(document: str) -> msgspec.Raw:
    """Return a stored JSON document as part of an answer, to the digit."""
    return msgspec.Raw(document.encode())


def json_response(content: object) -> Response:
    """Answer with JSON that may contain stored documents."""
    return Response(msgspec.json.encode(content), media_type="application/json")
