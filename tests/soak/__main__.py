"""`make soak`: 200 cuts in charging sessions, 10,000 mixes of faults on a bus, a hostile CSMS, and more."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.hil.faulty import Findings
from tests.soak.commits import soak_commits
from tests.soak.csms import soak_csms
from tests.soak.exi import soak_exi
from tests.soak.faults import soak_faults
from tests.soak.session import SoakedStack, Stuck, Tally, Victim

VICTIMS: tuple[Victim, ...] = ("agent", "agent", "backend", "link")


def main() -> int:
    """Run the soak; exit 1 if anything was lost, doubled or invented."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs of the agent (default: 200)")
    parser.add_argument(
        "--faults", type=int, nargs="?", const=10_000, help="instead: mixes of faults on the bus (10000)"
    )
    parser.add_argument(
        "--csms", type=float, nargs="?", const=20.0, help="instead: minutes of a hostile CSMS (20)"
    )
    parser.add_argument(
        "--commits", action="store_true", help="instead: a kill after every commit of a session, each version"
    )
    parser.add_argument(
        "--exi", type=int, nargs="?", const=1_000_000, help="instead: broken messages of vehicles (1000000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (default: 1)")
    arguments = parser.parse_args()
    if arguments.faults is not None:
        return report_faults(soak_faults(arguments.faults, arguments.seed))
    if arguments.csms is not None:
        return report(asyncio.run(soak_csms(arguments.csms, arguments.seed)))
    if arguments.exi is not None:
        return report(soak_exi(arguments.exi, arguments.seed))
    if arguments.commits:
        return report(asyncio.run(soak_commits()))
    with tempfile.TemporaryDirectory(prefix="chargehand-soak-") as directory:
        tally = asyncio.run(soak(Path(directory), arguments.kills, arguments.seed))
    cuts = ", ".join(f"{victim} {count}" for victim, count in tally.cuts.items())
    print(f"{tally.sessions} sessions, cuts: {cuts}, {len(tally.findings)} findings")
    for finding in tally.findings:
        print(f"  {finding}")
    return 1 if tally.findings else 0


def report(findings: list[str]) -> int:
    """Print what was found; 1 if anything was."""
    print(f"{len(findings)} findings")
    for finding in findings:
        print(f"  {finding}")
    return 1 if findings else 0


def report_faults(found: Findings) -> int:
    """Print what came of the mixes; 1 if anything was wrong."""
    errors = ", ".join(f"{name} {count}" for name, count in sorted(found.refusals.items()))
    print(f"{found.readings} readings, {found.confirmed} confirmed writes; errors: {errors}")
    print(f"{len(found.wrong)} wrong")
    for wrong in found.wrong:
        print(f"  {wrong}")
    return 1 if found.wrong else 0


async def soak(directory: Path, kills: int, seed: int) -> Tally:
    """Charge until the agent was killed `kills` times."""
    async with SoakedStack(directory, seed) as stack:
        while stack.tally.cuts["agent"] < kills:
            try:
                await stack.session(VICTIMS, max_cuts=6)
            except Stuck as stuck:
                stack.tally.findings.append(str(stuck))
                break
            print(f"session {stack.tally.sessions}: {stack.tally.cuts}", file=sys.stderr, flush=True)
        return stack.tally


if __name__ == "__main__":
    sys.exit(main())
