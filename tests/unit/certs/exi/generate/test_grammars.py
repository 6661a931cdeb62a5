"""A schema of ours, small, with each thing that the standards' schemas use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certs.exi import codec
from certs.exi.errors import CannotDecode, CannotEncode
from certs.exi.generate.grammars import table_of
from certs.exi.generate.schemas import Schemas, UncoveredSchema
from certs.exi.tables import Schema, read_schema

OPEN = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:x" targetNamespace="urn:x"
  elementFormDefault="qualified">
"""
GARAGE = """
<xs:element name="Garage" type="GarageType"/>
<xs:element name="Vehicle" type="VehicleType" abstract="true"/>
<xs:element name="Car" type="CarType" substitutionGroup="Vehicle"/>
<xs:complexType name="VehicleType"/>
<xs:complexType name="CarType"><xs:complexContent><xs:extension base="VehicleType"><xs:sequence>
  <xs:element name="Doors" type="doors"/>
</xs:sequence><xs:attribute name="Plate" type="xs:string" use="required"/></xs:extension></xs:complexContent>
</xs:complexType>
<xs:complexType name="GarageType"><xs:sequence>
  <xs:element name="Level" type="xs:short" minOccurs="2" maxOccurs="4"/>
  <xs:choice minOccurs="0">
    <xs:element name="Left" type="xs:boolean"/><xs:element name="Right" type="note"/>
  </xs:choice>
  <xs:element ref="Vehicle" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence></xs:complexType>
<xs:complexType name="note"><xs:simpleContent><xs:extension base="word">
  <xs:attribute name="lang" type="xs:string"/>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:simpleType name="word"><xs:restriction base="xs:string">
  <xs:maxLength value="3"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="doors"><xs:restriction base="xs:byte">
  <xs:minInclusive value="2"/><xs:maxExclusive value="6"/>
</xs:restriction></xs:simpleType>
"""


def made(tmp_path: Path, text: str) -> Schema:
    file = tmp_path / "x.xsd"
    file.write_text(f"{OPEN}{text}</xs:schema>", "utf-8")
    return read_schema("x", json.loads(json.dumps(table_of(Schemas(file)))))


@pytest.mark.parametrize(
    "garage",
    [
        {"Level": [1, 2]},
        {"Level": [-1, 2, 3, 4], "Left": True},
        {"Level": [1, 2, 3], "Right": {"lang": "de", "value": "so"}},
        {
            "Level": [1, 2],
            "Right": {"value": ""},
            "Car": [{"Plate": "A", "Doors": 5}, {"Plate": "B", "Doors": 2}],
        },
        {"Level": [1, 2], "Vehicle": [{}]},
    ],
)
def test_every_shape_is_written_and_read(tmp_path: Path, garage: dict[str, object]) -> None:
    schema = made(tmp_path, GARAGE)
    assert codec.decode(schema, codec.encode(schema, "Garage", garage)) == ("Garage", garage)


def test_a_garage_as_the_standard_writes_it(tmp_path: Path) -> None:
    """Three global elements take two bits; Level has one production until it has come twice, then five."""
    schema = made(tmp_path, GARAGE)
    bits = "".join(
        [
            "10000000",  # the header
            "01",  # Car, Garage, Vehicle
            "0" + "0" + "0" + "00000001" + "0",  # Level, its text: +1, its end
            "0" + "0" + "0" + "00000010" + "0",
            "101",  # Level, Left, Right, Car, Vehicle, end
        ]
    )
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    assert codec.encode(schema, "Garage", {"Level": [1, 2]}) == data


@pytest.mark.parametrize(
    "garage",
    [
        {"Level": [1]},
        {"Level": [1, 2, 3, 4, 5]},
        {"Level": [1, 2], "Left": True, "Right": {"value": "a"}},
        {"Level": [1, 2], "Right": {"value": "long"}},
        {"Level": [1, 2], "Car": [{"Doors": 3}]},
        {"Level": [1, 2], "Car": [{"Plate": "A", "Doors": 6}]},
    ],
)
def test_what_the_schema_forbids_is_not_written(tmp_path: Path, garage: dict[str, object]) -> None:
    with pytest.raises(CannotEncode):
        codec.encode(made(tmp_path, GARAGE), "Garage", garage)


def test_what_the_schema_does_not_foresee_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(CannotDecode, match="not in the schema"):
        codec.decode(made(tmp_path, GARAGE), bytes([0x80, 0b01100000]))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            '<xs:element name="A" type="t"/><xs:complexType name="t"><xs:all/></xs:complexType>',
            "model of all",
        ),
        (
            '<xs:element name="A" type="t"/><xs:simpleType name="t"><xs:restriction base="xs:string">'
            '<xs:pattern value="a*"/></xs:restriction></xs:simpleType>',
            "pattern of STRING",
        ),
    ],
)
def test_what_the_generator_does_not_know_stops_it(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UncoveredSchema, match=why):
        made(tmp_path, text)


def test_a_name_of_two_types_is_written_as_anything_in_a_fragment(tmp_path: Path) -> None:
    """EXI 1.0, section 8.5.3: an element of one name and several types has the relaxed grammar."""
    schema = made(
        tmp_path,
        '<xs:element name="A" type="one"/><xs:complexType name="one"><xs:sequence>'
        '<xs:element name="Id" type="xs:string"/></xs:sequence></xs:complexType>'
        '<xs:element name="B" type="two"/><xs:complexType name="two"><xs:sequence>'
        '<xs:element name="Id" type="xs:byte"/></xs:sequence></xs:complexType>',
    )
    assert set(schema.relaxed) == {"Id"}
    assert codec.encode_fragment(schema, "Id", "7")
