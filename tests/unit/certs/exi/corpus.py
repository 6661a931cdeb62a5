"""Messages with the bytes that another codec made of them, and how they were made.

    python -m tests.unit.certs.exi.corpus EXICODEC.JAR SCHEMAS

asks EXIficient for the bytes of random messages of every type: JAR and schemas are in the PyPI package
`iso15118`, under shared; the package `py4j` and a Java runtime must be there. The tests need none of them:
what came is in corpus.jsonl.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from certs.exi.tables import Name, Schema, schema
from tests.unit.certs.exi import instances
from tests.unit.certs.exi.exificient import SCHEMAS, Exificient

FILE = Path(__file__).with_name("corpus.jsonl")
SIGNED: dict[Name, list[str]] = {
    "iso2": [
        "AuthorizationReq",
        "CertificateInstallationReq",
        "ContractSignatureCertChain",
        "ContractSignatureEncryptedPrivateKey",
        "DHpublickey",
        "eMAID",
        "MeteringReceiptReq",
        "SalesTariff",
    ],
    "iso20_common": [
        "AbsolutePriceSchedule",
        "OEMProvisioningCertificateChain",
        "PnC_AReqAuthorizationMode",
    ],
}
"""What signatures are made over."""
SIGNED_INFO = {
    "CanonicalizationMethod": {"Algorithm": "http://www.w3.org/TR/canonical-exi/"},
    "SignatureMethod": {"Algorithm": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"},
    "Reference": [
        {
            "URI": "#id1",
            "Transforms": {"Transform": [{"Algorithm": "http://www.w3.org/TR/canonical-exi/"}]},
            "DigestMethod": {"Algorithm": "http://www.w3.org/2001/04/xmlenc#sha256"},
            "DigestValue": bytes(range(32)),
        }
    ],
}
"""As ISO 15118-2 has it (7.9.2.4.2)."""
ENVELOPED = ("din", "iso2")
"""Here every message is the body of one document."""
OF_EACH = 3


@dataclass(frozen=True)
class Sample:
    """A message and its bytes."""

    schema: Name
    is_part: bool
    name: str
    message: Any
    exi: bytes


def samples() -> list[Sample]:
    """Return the corpus."""
    rows = (json.loads(line, object_hook=_unmarked) for line in FILE.read_text("utf-8").splitlines())
    return [
        Sample(kind, is_part, name, message, bytes.fromhex(exi)) for kind, is_part, name, message, exi in rows
    ]


def messages(kind: Name, random: Random) -> Iterator[tuple[str, Any]]:
    """Yield random messages, some of each type that the schema set has."""
    grammars = schema(kind)
    for name in message_names(kind):
        for _ in range(OF_EACH):
            try:
                yield _message(grammars, kind, name, random)
            except instances.NobodyCanMakeOne:
                continue


def message_names(kind: Name) -> list[str]:
    """Return the names of all messages that a schema set has."""
    grammars = schema(kind)
    return _bodies(grammars) if kind in ENVELOPED else _messages(grammars)


def _messages(grammars: Schema) -> list[str]:
    return [name for name in grammars.documents if name.endswith(("Req", "Res"))]


def _bodies(grammars: Schema) -> list[str]:
    root = grammars.roots[grammars.documents["V2G_Message"]]
    body = next(
        one.element
        for state in root.grammar.states
        for one in state.productions
        if one.element is not None and one.element.name == "Body"
    )
    first = body.grammar.states[0].productions
    return [
        one.element.name for one in first if one.element is not None and one.element.name != "BodyElement"
    ]


def _message(grammars: Schema, kind: Name, name: str, random: Random) -> tuple[str, Any]:
    if kind not in ENVELOPED:
        return name, instances.message(grammars, name, random)
    header = instances.part(grammars, "Header", random)
    return "V2G_Message", {"Header": header, "Body": {name: instances.part(grammars, name, random)}}


def _marked(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _unmarked(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["hex"]) if value.keys() == {"hex"} else value


def main() -> None:
    """Make the corpus anew."""
    parser = argparse.ArgumentParser(description="Asks EXIficient for the bytes of random messages.")
    parser.add_argument("jar", type=Path)
    parser.add_argument("schemas", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as room:
        judge = Exificient(given.jar, given.schemas, Path(room))
        rows = [_row(judge, *one) for one in _all(Random(15118))]
    FILE.write_text("\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} messages")


def _row(judge: Exificient, kind: Name, is_part: bool, name: str, message: Any) -> str:
    grammars = schema(kind)
    if is_part:
        element = grammars.parts[grammars.fragments[name]]
    else:
        element = grammars.roots[grammars.documents[name]]
    exi = judge.encoded(kind, element, message, is_part=is_part)
    row = [kind, is_part, name, _marked(message), exi.hex()]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _all(random: Random) -> Iterator[tuple[Name, bool, str, Any]]:
    for kind in SCHEMAS:
        if kind == "xmldsig":
            continue
        for name, message in messages(kind, random):
            yield kind, False, name, message
    for kind, names in SIGNED.items():
        for name in names * OF_EACH:
            yield kind, True, name, instances.part(schema(kind), name, random)
    yield "xmldsig", True, "SignedInfo", SIGNED_INFO


if __name__ == "__main__":
    main()
