"""Checks profile files and says how they will be read: `python -m drivers.profiles.check FILE...`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from drivers.profiles.errors import ProfileError
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile

WRONG: Final = 78
"""Exit code for a profile that cannot be used (EX_CONFIG of sysexits.h)."""


def main(names: Sequence[str]) -> int:
    """Print the read plan of each profile, or what is wrong with it; return the exit code."""
    code = 0
    for name in names:
        try:
            profile = load_profile(name)
        except ProfileError as error:
            sys.stderr.write(f"{error}\n")
            code = WRONG
        else:
            sys.stdout.write("\n".join(describe(profile)) + "\n")
    return code


def describe(profile: Profile) -> Iterator[str]:
    """Yield the requests that read the profile, and what each gives."""
    yield f"{profile.id}: {profile.maker} {profile.model}, a {profile.kind}"
    for block in profile.blocks:
        names = ", ".join(point.name for point in block.points)
        last = block.start + block.count - 1
        yield f"  {block.points[0].poll:4}  {block.space} {block.start}..{last} ({block.count}): {names}"
    for derived in profile.derived:
        signs = [f"+ {name}" for name in derived.plus] + [f"- {name}" for name in derived.minus]
        yield f"  {derived.name} = {' '.join(signs).removeprefix('+ ')}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
