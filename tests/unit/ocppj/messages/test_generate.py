from __future__ import annotations

from typing import Any

import pytest

from ocppj.messages import generate
from ocppj.messages.gathering import UncoveredSchema

DRAFT_6 = "http://json-schema.org/draft-06/schema#"


def schema(
    properties: dict[str, Any], definitions: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "$schema": DRAFT_6,
        "type": "object",
        "additionalProperties": False,
        "definitions": definitions or {},
        "properties": properties,
        **more,
    }


def text(**schemas: dict[str, Any]) -> str:
    return "\n".join(pages(**schemas).values())


def pages(**schemas: dict[str, Any]) -> dict[str, str]:
    return generate.formatted(generate.generate("v201", schemas))


def thing(**properties: Any) -> dict[str, Any]:
    return {"ThingType": {"type": "object", "additionalProperties": False, "properties": properties}}


REFERENCE = {"thing": {"$ref": "#/definitions/ThingType"}}


def test_a_type_of_one_definition_is_generated_once() -> None:
    made = text(
        ARequest=schema(REFERENCE, thing(size={"type": "integer"})),
        BRequest=schema(REFERENCE, thing(size={"type": "integer"})),
    )
    assert made.count("class ThingType") == 1
    assert '"""Part of ARequest, BRequest."""' in made


def test_types_that_share_a_name_but_not_a_definition_are_kept_apart() -> None:
    made = text(
        ARequest=schema(REFERENCE, thing(size={"type": "integer"})),
        BRequest=schema(REFERENCE, thing(size={"type": "boolean"})),
    )
    assert "class ThingType(Payload, frozen=True, kw_only=True):" in made
    assert "class ThingTypeOfBRequest(Payload, frozen=True, kw_only=True):" in made
    assert "thing: Maybe[ThingTypeOfBRequest] = None" in made


def test_enumerations_that_share_a_name_but_not_the_values_are_kept_apart() -> None:
    def colours(*values: str) -> dict[str, Any]:
        return {"ThingType": {"type": "string", "enum": list(values)}}

    made = text(
        ARequest=schema(REFERENCE, colours("Red", "Blue")),
        BRequest=schema(REFERENCE, colours("Red", "Green")),
        CRequest=schema(REFERENCE, colours("Red", "Blue")),
    )
    assert 'ThingType = Literal["Red", "Blue"]' in made
    assert 'ThingTypeOfBRequest = Literal["Red", "Green"]' in made
    assert "ThingTypeOfCRequest" not in made


def test_a_difference_deep_inside_keeps_the_outer_types_apart_too() -> None:
    def nested(inner: str) -> dict[str, Any]:
        outer = {
            "type": "object",
            "additionalProperties": False,
            "properties": {"inner": {"$ref": "#/definitions/In"}},
        }
        inside = {"type": "object", "additionalProperties": False, "properties": {"x": {"type": inner}}}
        return {"ThingType": outer, "In": inside}

    made = text(ARequest=schema(REFERENCE, nested("integer")), BRequest=schema(REFERENCE, nested("boolean")))
    assert "class ThingTypeOfBRequest" in made
    assert "inner: Maybe[InOfBRequest] = None" in made


CONSTRAINED: dict[str, tuple[dict[str, Any], str]] = {
    "length": ({"type": "string", "maxLength": 20}, "x: Maybe[Str20] = None"),
    "text": ({"type": "string"}, "x: Maybe[str] = None"),
    "time": ({"type": "string", "format": "date-time"}, "x: Maybe[Timestamp] = None"),
    "address": ({"type": "string", "format": "uri"}, "x: Maybe[str] = None"),
    "integer": ({"type": "integer"}, "x: Maybe[Integer] = None"),
    "range": ({"type": "integer", "minimum": 0.0, "maximum": 100.0}, "x: Maybe[IntFrom0To100] = None"),
    "zero": ({"type": "integer", "maximum": 0.0}, "x: Maybe[IntTo0] = None"),
    "number": ({"type": "number", "maximum": 0.0}, "x: Maybe[FloatTo0] = None"),
    "tenths": ({"type": "number", "multipleOf": 0.1}, "x: Maybe[Tenths] = None"),
    "boolean": ({"type": "boolean"}, "x: Maybe[bool] = None"),
    "anything": ({}, "x: Maybe[Any] = None"),
    "array": (
        {"type": "array", "items": {"type": "string", "maxLength": 5}, "minItems": 1, "maxItems": 4},
        "x: Maybe[Annotated[tuple[Str5, ...], ItemsFrom1To4]] = None",
    ),
}


@pytest.mark.parametrize("what", CONSTRAINED)
def test_constraints_become_annotations(what: str) -> None:
    member, expected = CONSTRAINED[what]
    assert expected in text(ARequest=schema({"x": member}))


def test_ranges_are_whole() -> None:
    made = text(
        ARequest=schema({"x": {"type": "integer", "maximum": 0}, "y": {"type": "integer", "minimum": 1}})
    )
    assert "IntTo0 = Annotated[int, Meta(ge=-9223372036854775808, le=0)]" in made
    assert "IntFrom1 = Annotated[int, Meta(ge=1, le=9223372036854775807)]" in made


def test_required_members_have_no_default() -> None:
    made = text(ARequest=schema({"x": {"type": "boolean"}}, required=["x"]))
    assert "    x: bool\n" in made


def test_a_wire_name_that_is_not_camel_case_is_written_out() -> None:
    made = text(ARequest=schema({"limit_L2": {"type": "number"}}))
    assert 'limit_l2: Maybe[float] = field(default=None, name="limit_L2")' in made


UNCOVERED: dict[str, dict[str, Any]] = {
    "keyword": schema({"x": {"type": "string", "pattern": "a+"}}),
    "keyword of another type": schema({"x": {"type": "integer", "maxLength": 2}}),
    "format": schema({"x": {"type": "string", "format": "email"}}),
    "format with length": schema({"x": {"type": "string", "format": "date-time", "maxLength": 2}}),
    "type": schema({"x": {"type": ["string", "null"]}}),
    "open object": schema({}, additionalProperties=True),
    "multiple": schema({"x": {"type": "number", "multipleOf": 0.25}}),
    "bounded money": schema({"totalCost": {"type": "number", "minimum": 0}}),
    "required but undeclared": schema({}, required=["y"]),
}


@pytest.mark.parametrize("what", UNCOVERED)
def test_a_schema_that_says_more_than_is_covered_stops_the_generator(what: str) -> None:
    with pytest.raises(UncoveredSchema):
        generate.generate("v201", {"ARequest": UNCOVERED[what]})


def test_the_output_does_not_depend_on_the_order_of_files() -> None:
    schemas = {"BRequest": schema(REFERENCE, thing()), "ARequest": schema(REFERENCE, thing())}
    assert generate.generate("v201", schemas) == generate.generate("v201", dict(reversed(schemas.items())))


def test_what_the_same_actions_use_lies_together_and_is_named_through_the_package() -> None:
    colour = {"ColourType": {"type": "string", "enum": ["Red"]}}
    both = thing(colour={"$ref": "#/definitions/ColourType"}) | colour
    made = pages(
        BigARequest=schema(
            REFERENCE | {"own": {"type": "object", "$ref": "#/definitions/OwnType"}},
            both | {"OwnType": {"type": "object", "additionalProperties": False, "properties": {}}},
        ),
        BRequest=schema(REFERENCE, both),
    )
    assert made.keys() == {"__init__.py", "b.py", "big_a.py", "bounds.py", "thing_type.py"}
    assert "thing: Maybe[v201.ThingType] = None" in made["big_a.py"]
    assert "own: Maybe[OwnType] = None" in made["big_a.py"]
    assert "class OwnType" in made["big_a.py"]
    assert "from ocppj.messages import v201\n" in made["b.py"]
    assert "from ocppj.messages import v201\n" not in made["thing_type.py"]
    assert "colour: Maybe[ColourType] = None" in made["thing_type.py"]
    assert '"ColourType": "thing_type"' in made["__init__.py"]
