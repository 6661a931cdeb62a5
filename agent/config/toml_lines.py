"""Which line of a TOML file a value stands on, so that an error can point at it."""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_LAST_PART = re.compile(r"(\[[^\]]*\]|\.?[^.\[]+)$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


def line_of(text: str, path: str) -> int | None:
    """Return the line of `path`, such as "evse[0].meter.baud"; of its nearest table if the key is absent."""
    wanted = path.removeprefix("$").removeprefix(".")
    lines = _locate(text)
    while wanted:
        if wanted in lines:
            return lines[wanted]
        wanted = _LAST_PART.sub("", wanted) if _LAST_PART.search(wanted) else wanted[:-1]
    return None


def _locate(text: str) -> dict[str, int]:
    """Return path -> line number for every table header and every key."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = _table_path(header[2], header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1].strip("\"'")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _table_path(name: str, is_array: bool, counts: dict[str, int]) -> str:
    """Return the path of a table header: "[evse.meter]" after the second "[[evse]]" is evse[1].meter."""
    if is_array:
        counts[name] = counts.get(name, -1) + 1
        for other in [key for key in counts if key.startswith(f"{name}.")]:
            del counts[other]
    path, plain = "", ""
    for part in (part.strip().strip("\"'") for part in name.split(".")):
        plain = f"{plain}.{part}" if plain else part
        path = f"{path}.{part}" if path else part
        if plain in counts:
            path += f"[{counts[plain]}]"
    return path
