"""The committed modules are what the generator makes of the schemas, and lack nothing of them."""

from __future__ import annotations

import ast
import json
import re
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

import ocppj.messages
from ocppj import catalog
from ocppj.messages import generate
from ocppj.messages.fields import CustomDataType
from ocppj.messages.layout import VERSIONS
from ocppj.versions import Version
from tests.unit.ocppj.schemas import MODULES, Subject, subjects

FOLDER = Path(ocppj.messages.__file__).parent


@pytest.mark.parametrize("version", VERSIONS)
def test_the_committed_module_is_the_generated_one(version: str) -> None:
    made = generate.formatted(generate.generate(version, generate.load_schemas(version)))
    assert {path.name: path.read_text("utf-8") for path in (FOLDER / version).glob("*.py")} == made


@pytest.mark.parametrize("version", list(Version))
def test_every_schema_of_the_package_has_its_message(version: Version) -> None:
    names = {path.name for path in files("ocpp").joinpath(MODULES[version], "schemas").iterdir()}
    suffix = "" if version is Version.V16 else "Request"
    known = catalog.catalog(version)
    expected = {f"{action}{suffix}.json" for action in known.calls}
    expected |= {f"{action}Response.json" for action in known.calls}
    expected |= {f"{action}.json" for action in known.sends}
    assert names == expected


MEMBERS = [
    pytest.param(subject, id=f"{version.value}-{subject.name}")
    for version in Version
    for subject in subjects(version)
]


@pytest.mark.parametrize("subject", MEMBERS)
def test_every_member_has_its_wire_name_and_its_obligation(subject: Subject) -> None:
    fields = msgspec.structs.fields(subject.kind)
    assert {field.encode_name for field in fields} == set(subject.schema.get("properties", {}))
    required = {field.encode_name for field in fields if field.required}
    assert required == set(subject.schema.get("required", ()))


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_of_the_schemas_prose_is_copied(version: str) -> None:
    """The descriptions are the standard's text; ours are of the generator's making."""
    modules = [ast.parse(path.read_text("utf-8")) for path in (FOLDER / version).glob("*.py")]
    classes = [node for module in modules for node in module.body if isinstance(node, ast.ClassDef)]
    assert len(classes) > 80
    ours = re.compile(r"(Part of|(Request|Response|SEND message) of the) \w+")
    assert all(ours.match(ast.get_docstring(node) or "") for node in classes)


def test_every_open_object_is_custom_data() -> None:
    for version in (Version.V201, Version.V21):
        for subject in subjects(version):
            for name, definition in subject.schema.get("definitions", {}).items():
                opened = definition.get("type") == "object" and "additionalProperties" not in definition
                assert opened == (name == CustomDataType.__name__), json.dumps(definition)
