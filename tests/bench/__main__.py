"""`make bench`: speed and memory beside their baselines, printed and written to build/bench.json."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.row import Row

MODULES = ("ocppj", "exi", "secc", "smartcharging", "bus", "backend", "flash", "agent", "versions")
RESULT = Path("build/bench.json")


def main() -> int:
    """Run the chosen benchmarks; exit 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "only", nargs="*", metavar="NAME", help=f"some of: {', '.join(MODULES)} (default: all)"
    )
    chosen = tuple(parser.parse_args().only) or MODULES
    if unknown := set(chosen) - set(MODULES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    rows: list[Row] = []
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += asyncio.run(import_module(f"tests.bench.{name}").rows())
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_bytes(msgspec.json.format(msgspec.json.encode([asdict(row) for row in rows])))
    show(rows)
    return 0 if all(row.holds for row in rows) else 1


def show(rows: list[Row]) -> None:
    """Print the rows as a table."""
    table = Table("what", "measured", "beside", "ratio", "goal", "holds", title="chargehand")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(
            row.name,
            f"{row.value:.4g} {row.unit}",
            row.baseline,
            ratio,
            row.goal,
            "yes" if row.holds else "NO",
        )
    Console(width=160).print(table)
    print(f"written to {RESULT}")


if __name__ == "__main__":
    sys.exit(main())
