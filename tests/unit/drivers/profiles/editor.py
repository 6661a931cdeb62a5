"""What an editor's schema check sees of a YAML file: YAML 1.2, where yes and no are texts."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}


def as_json(text: str) -> Any:
    """Return the document as JSON has it; the keys of objects are texts."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None
    return _value(root)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value) if node.style else _plain(node.value)


def _plain(text: str) -> Any:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return int(text, 16)
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return json.loads(json.dumps(float(text))) if NUMBER.fullmatch(text) else text
