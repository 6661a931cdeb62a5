"""`python -m tests.conformance.requirements` writes the pages; with --missing it says what is open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conformance.requirements.cases import PAGE, cases, missing, page
from tests.conformance.requirements.cases16 import PAGE_16, cases_16, page_16
from tests.conformance.requirements.catalogue import DIRECTORY, letters, use_cases
from tests.conformance.requirements.evidence import shown_by
from tests.conformance.requirements.pages import pages
from tests.conformance.requirements.reasons import ReasonError, reasons
from tests.conformance.requirements.table import contradictions, open_of_21, open_of_201, sections


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    known = use_cases()
    options = _parser(letters(known)).parse_args(argv)
    try:
        why = reasons()
    except ReasonError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    wanted = tuple(case for case in known if options.missing in (None, "all", case.letter))
    table = sections(wanted, shown_by(), why)
    if options.missing:
        without = [case for case in missing(cases()) if options.missing in ("all", case[3])]
        without += missing(cases_16()) if options.missing == "all" else []
        return _tell([*open_of_201(table), *open_of_21(table), *contradictions(table, why), *without])
    written = pages(table) | {PAGE: page(cases()), PAGE_16: page_16(cases_16())}
    for name, text in written.items():
        (options.directory / name).write_text(text, "utf-8")
    return 0


def _parser(known: tuple[str, ...]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.requirements", description=__doc__)
    parser.add_argument(
        "--missing",
        metavar="BLOCK",
        nargs="?",
        const="all",
        choices=(*known, "all"),
        help="write nothing; list what has neither test nor reason, or both, in one block or all",
    )
    parser.add_argument(
        "--directory", type=Path, default=DIRECTORY, help="where to (default: docs/ocpp-requirements)"
    )
    return parser


def _tell(problems: list[str]) -> int:
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
