"""Which line of a TOML file a value stands on, so that an error can point at it.

For files of tables and keys; what stands inside an inline table is found at the line where that begins.
"""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_.-])+)\s*=""")


def line_of(text: str, path: str) -> int | None:
    """Return the line of `path`, such as "ocpp.port"; of its table if the key is absent."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = f"{header[1]}."
            found.setdefault(header[1], number)
        elif key := _KEY.match(line):
            name = key[1].replace('"', "").replace("'", "")
            found.setdefault(f"{table}{name}", number)
    while path and path not in found:
        path = path.rpartition(".")[0]
    return found.get(path)
