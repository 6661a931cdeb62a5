"""Requests out of frames, and responses into documents: a header, and a body with one message in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from agent.iso15118.turns import Request, Response
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

SchemaName = Literal["din", "iso2"]
DOCUMENT: Final = "V2G_Message"
NO_SESSION: Final = bytes(8)
"""The id that a vehicle gives as long as it has none."""
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, taken out of its envelope. `signature` is None if it has none."""

    name: str
    session_id: bytes
    body: Mapping[str, Any]
    signature: Mapping[str, Any] | None
    exi: bytes

    @property
    def response(self) -> str:
        """What the answer is called."""
        return f"{self.name.removesuffix('Req')}Res"


def read(frame: Frame, schema_name: SchemaName) -> Request:
    """Return the request in a frame.

    Raises:
        CannotDecode: If there is none.
    """
    if frame.payload_type != PayloadType.EXI:
        raise CannotDecode(f"payload type {frame.payload_type:#06x}, requests come in {PayloadType.EXI:#06x}")
    document, message = decode(schema(schema_name), frame.payload)
    if document != DOCUMENT:
        raise CannotDecode(f"a {document} without its envelope")
    name = next(iter(message["Body"]), "")
    if not name.endswith("Req"):
        raise CannotDecode(f"a body with {name or 'nothing'} in it is no request")
    return Request(payload_type=frame.payload_type, name=name, message=message, exi=frame.payload)


def opened(request: Request) -> Asked:
    """Return what is in a request's envelope."""
    header = request.message["Header"]
    return Asked(
        name=request.name,
        session_id=header["SessionID"],
        body=request.message["Body"][request.name],
        signature=header.get("Signature"),
        exi=request.exi,
    )


def response(schema_name: SchemaName, session_id: bytes, name: str, code: str, fields: Fields) -> Response:
    """Return a response in its envelope; `fields` are what the message holds beside the code."""
    body = {name: {"ResponseCode": code, **fields}}
    return Response(
        payload_type=PayloadType.EXI,
        schema=schema_name,
        name=DOCUMENT,
        message={"Header": {"SessionID": session_id}, "Body": body},
    )
