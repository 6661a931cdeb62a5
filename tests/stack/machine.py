"""The agent on a machine of its own, which can lose power: `python -m tests.stack.machine FILE run ...`.

The kernel tells one start of the machine from another by its boot id; here FILE has it. All else is the
agent's own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from agent import cli
from agent.system import boot


def main(arguments: list[str]) -> int:
    """Run the agent's command line on this machine."""
    boot_id, *rest = arguments
    boot._BOOT_ID = Path(boot_id)
    return cli.main(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
