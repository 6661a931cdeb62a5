"""The agent on a machine of its own, which can lose power: `python -m tests.stack.machine FILE run ...`.

The kernel tells one start of the machine from another by its boot id; here FILE has it. A file `wall` beside
it says by how many seconds the machine's clock is wrong, at any time. All else is the agent's own.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent import cli
from agent.system import boot, clock


def wrong_time(file: Path) -> datetime:
    """Return the time as this machine has it."""
    off_s = float(file.read_text("ascii")) if file.exists() else 0.0
    return datetime.now(UTC) + timedelta(seconds=off_s)


def main(arguments: list[str]) -> int:
    """Run the agent's command line on this machine."""
    boot_id, *rest = arguments
    boot._BOOT_ID = Path(boot_id)
    clock.system_time = lambda: wrong_time(Path(boot_id).with_name("wall"))
    return cli.main(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
