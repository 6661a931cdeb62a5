"""Writes the packages v16, v201 and v21 from the JSON schemas of the `ocpp` package.

    python -m ocppj.messages.generate

The schemas' constraints become msgspec annotations, so that decoding is validating. Nothing of their prose is
copied. The text is laid out by ruff.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from ocppj.messages.gathering import Module, Reader, Schema, messages
from ocppj.messages.layout import VERSIONS, laid_out

LINE = 110
_OURS = 'lint.isort.known-first-party=["ocppj"]'


def load_schemas(version: str) -> dict[str, Schema]:
    """Read the schemas of one version from the installed `ocpp` package, by file name without ending."""
    folder = files("ocpp").joinpath(version, "schemas")
    return {
        entry.name.removesuffix(".json"): json.loads(entry.read_text("utf-8-sig"))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }


def generate(version: str, schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Return the files of the package of one version by name, before they are formatted."""
    module = Module()
    found = messages(version, schemas)
    for message in found:
        Reader(module, message).read()
    return laid_out(version, module, found)


def formatted(texts: Mapping[str, str]) -> dict[str, str]:
    """Lay the texts out with ruff, as everything else in the repository is.

    Raises:
        subprocess.CalledProcessError: If ruff is missing or a text is not Python.
    """
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, name).write_text(text, "utf-8")
        for command in (("check", "--quiet", "--select=I", "--fix", f"--config={_OURS}"), ("format",)):
            words = [sys.executable, "-m", "ruff", *command, "--isolated", f"--line-length={LINE}", folder]
            subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - fixed
        return {name: Path(folder, name).read_text("utf-8") for name in texts}


def main() -> int:
    """Write the three packages beside this file, in place of those that are there."""
    for version in VERSIONS:
        made, target = formatted(generate(version, load_schemas(version))), Path(__file__).with_name(version)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for name, text in made.items():
            (target / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
