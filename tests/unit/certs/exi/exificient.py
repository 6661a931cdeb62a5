"""EXIficient as the judge: messages as XML through its codec, informed by the standards' schemas themselves.

Only whoever makes the corpus needs it: `py4j`, a Java runtime, the JAR and the folder of schemas.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from certs.exi.tables import Element, Form, Name, ValueType

SCHEMAS: dict[Name, str] = {
    "app_protocol": "V2G_CI_AppProtocol.xsd",
    "din": "din_spec/V2G_CI_MsgDef.xsd",
    "iso2": "iso15118_2/V2G_CI_MsgDef.xsd",
    "iso20_common": "iso15118_20/V2G_CI_CommonMessages.xsd",
    "iso20_ac": "iso15118_20/V2G_CI_AC.xsd",
    "iso20_dc": "iso15118_20/V2G_CI_DC.xsd",
    "xmldsig": "xmldsig-core-schema.xsd",
}
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)


class Exificient:
    """The Java codec; strings are written out every time (no room for values), as vehicles do."""

    def __init__(self, jar: Path, schemas: Path, room: Path) -> None:
        """`room` is a folder for copies of the schemas, in which each finds that of signatures beside it."""
        from py4j.java_gateway import JavaGateway  # type: ignore[import-not-found]  # noqa: PLC0415 - the makers'

        self._java = JavaGateway.launch_gateway(classpath=str(jar), die_on_exit=True).jvm
        self._schemas = _copied(schemas, room)
        self._factories: dict[Name, Any] = {}

    def encoded(self, kind: Name, element: Element, message: Any, *, is_part: bool) -> bytes:
        """Return a document or a fragment."""
        factory = self._factories.get(kind) or self._factories.setdefault(kind, self._factory(kind))
        factory.setFragment(is_part)
        result = self._java.com.siemens.ct.exi.main.api.sax.EXIResult(factory)
        out = self._java.java.io.ByteArrayOutputStream()
        result.setOutputStream(out)
        parsers = self._java.javax.xml.parsers.SAXParserFactory.newInstance()
        parsers.setNamespaceAware(True)
        reader = parsers.newSAXParser().getXMLReader()
        reader.setContentHandler(result.getHandler())
        text = ElementTree.tostring(xml(element, message), encoding="unicode")
        reader.parse(self._java.org.xml.sax.InputSource(self._java.java.io.StringReader(text)))
        return bytes(out.toByteArray())

    def _factory(self, kind: Name) -> Any:
        exi = self._java.com.siemens.ct.exi
        factory = exi.core.helpers.DefaultEXIFactory.newInstance()
        file = str(self._schemas / SCHEMAS[kind])
        factory.setGrammars(exi.grammars.GrammarFactory.newInstance().createGrammars(file))
        factory.setValuePartitionCapacity(0)
        return factory


def _copied(schemas: Path, room: Path) -> Path:
    """Copy the schemas; the document type of the one for signatures is on the web, and not needed."""
    copy = room / "schemas"
    shutil.copytree(schemas, copy)
    signatures = copy / SCHEMAS["xmldsig"]
    signatures.write_text(_DOCTYPE.sub("", signatures.read_text("utf-8")), "utf-8")
    for folder in (one for one in copy.iterdir() if one.is_dir()):
        shutil.copy(signatures, folder)
    return copy


def xml(element: Element, message: Any) -> ElementTree.Element:
    """Return a message as XML. Its members are in the order of the schema, as `instances` makes them."""
    node = ElementTree.Element(_qualified(element.name, element.namespace))
    productions = [one for state in element.grammar.states for one in state.productions]
    if element.grammar.is_bare:
        message = {"value": message}
    for name, member in message.items():
        kind = next(
            one
            for one in productions
            if name == getattr(one.element or one.attribute, "name", "value" if one.value else None)
        )
        if kind.attribute is not None:
            node.set(_qualified(name, kind.attribute.namespace), _text(kind.attribute.value, member))
        elif kind.element is not None:
            members = member if isinstance(member, list) else [member]
            node.extend(xml(kind.element, one) for one in members)
        elif kind.value is not None:
            node.text = _text(kind.value, member)
    return node


def _qualified(name: str, namespace: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


def _text(kind: ValueType, value: Any) -> str:
    match kind.form:
        case Form.BOOLEAN:
            return "true" if value else "false"
        case Form.BASE64:
            return b64encode(value).decode()
        case Form.HEX:
            return str(value.hex()).upper()
        case _:
            return str(value)
