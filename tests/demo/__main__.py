"""`make demo`: watch one charging session, from register bytes on a serial line to a rated CDR."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Run the demo; Ctrl-C while it is still being loaded ends it at once, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tests.demo import run  # noqa: PLC0415 - loading takes long enough to be interrupted

    return run.main()


if __name__ == "__main__":
    sys.exit(main())
