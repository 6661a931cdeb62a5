"""Byte for byte what another codec, which vehicles and chargers use, makes of the same messages."""

from __future__ import annotations

from typing import get_args

import pytest

from certs.exi import codec
from certs.exi.tables import Name, schema
from tests.unit.certs.exi.corpus import Sample, message_names, samples

SAMPLES = samples()


@pytest.mark.parametrize("name", get_args(Name))
def test_the_bytes_are_the_same(name: Name) -> None:
    grammars = schema(name)
    of_this = [sample for sample in SAMPLES if sample.schema == name]
    assert of_this
    for sample in of_this:
        write = codec.encode_fragment if sample.is_part else codec.encode
        assert write(grammars, sample.name, sample.message).hex() == sample.exi.hex(), sample


@pytest.mark.parametrize("name", sorted(set(get_args(Name)) - {"xmldsig"}))
def test_every_type_of_message_is_there(name: Name) -> None:
    there = {
        next(iter(sample.message["Body"])) if sample.name == "V2G_Message" else sample.name
        for sample in documents()
        if sample.schema == name
    }
    assert there == set(message_names(name))


def documents() -> list[Sample]:
    return [sample for sample in SAMPLES if not sample.is_part]


def test_and_are_read_as_the_same_messages() -> None:
    for sample in documents():
        assert codec.decode(schema(sample.schema), sample.exi) == (sample.name, sample.message)
