"""Messages with the bytes that another codec made of them, and how they were made.

    python -m tests.unit.certs.exi.corpus EXICODEC.JAR

asks EXIficient for the bytes of random messages of every type: the JAR is in the PyPI package `iso15118`, and
the package `py4j` and a Java runtime must be there. The tests need neither: what came is in corpus.jsonl.
"""

from __future__ import annotations

import argparse
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from certs.exi.tables import Name, Schema, schema
from tests.unit.certs.exi import instances

FILE = Path(__file__).with_name("corpus.jsonl")
NAMESPACES: dict[Name, str] = {
    "app_protocol": "urn:iso:15118:2:2010:AppProtocol",
    "din": "urn:din:70121:2012:MsgDef",
    "iso2": "urn:iso:15118:2:2013:MsgDef",
    "iso20_common": "urn:iso:std:iso:15118:-20:CommonMessages",
    "iso20_ac": "urn:iso:std:iso:15118:-20:AC",
    "iso20_dc": "urn:iso:std:iso:15118:-20:DC",
    "xmldsig": "http://www.w3.org/2000/09/xmldsig#",
}
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
"""What signatures are made over, as far as the other codec writes it as fragments."""
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
WRITTEN_AS_ZERO = {
    "MeteringReceiptReq": "SAScheduleTupleID",
    "SalesTariff": "NumEPriceLevels",
    "SalesTariffEntry": "EPriceLevel",
}
"""Numbers that the other codec writes as 0 if they are not there."""
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
    names = _bodies(grammars) if kind in ENVELOPED else _messages(grammars)
    for name in names:
        for _ in range(OF_EACH):
            try:
                yield _message(grammars, kind, name, random)
            except instances.NobodyCanMakeOne:
                continue


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
    codec = java(parser.parse_args().jar)
    random = Random(15118)
    rows: list[str] = []
    for kind, is_part, name, message in _all(random):
        exi = _encoded(codec, json.dumps({name: for_java(message)}), NAMESPACES[kind])
        if exi is not None and _is_told(message, name):
            row = [kind, is_part, name, _marked(message), exi.hex()]
            rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    FILE.write_text("\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} messages")


def _all(random: Random) -> Iterator[tuple[Name, bool, str, Any]]:
    for kind in NAMESPACES:
        if kind == "xmldsig":
            continue
        for name, message in messages(kind, random):
            yield kind, False, name, message
    for kind, names in SIGNED.items():
        for name in names * OF_EACH:
            yield kind, True, name, instances.part(schema(kind), name, random)
    yield "xmldsig", True, "SignedInfo", SIGNED_INFO


def java(jar: Path) -> Any:
    from py4j.java_gateway import JavaGateway  # type: ignore[import-not-found]  # noqa: PLC0415 - the makers' only

    options = ["--add-opens", "java.base/java.lang=ALL-UNNAMED"]
    gateway = JavaGateway.launch_gateway(classpath=str(jar), die_on_exit=True, javaopts=options)
    return gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()


def _is_told(value: Any, name: str = "") -> bool:
    """Return whether the other codec can tell the message: numbers that it would add are there."""
    if isinstance(value, list):
        return all(_is_told(item, name) for item in value)
    if not isinstance(value, dict):
        return True
    number = WRITTEN_AS_ZERO.get(name)
    return (number is None or number in value) and all(_is_told(value[one], one) for one in value)


def _encoded(codec: Any, text: str, namespace: str) -> bytes | None:
    try:
        return bytes(codec.encode(text, namespace))
    except Exception:  # whatever goes wrong in Java; TypeError is its None
        return None


def for_java(value: Any) -> Any:
    match value:
        case instances.Hex():
            return value.hex().upper()
        case bytes():
            return b64encode(value).decode()
        case dict():
            return {name: for_java(item) for name, item in value.items()}
        case list():
            return [for_java(item) for item in value]
        case _:
            return value


if __name__ == "__main__":
    main()
