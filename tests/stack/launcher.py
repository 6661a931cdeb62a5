"""Takes the place of `python -m MODULE ARGUMENT...`: `python launcher.py ZYGOTE MODULE ARGUMENT...`.

It imports next to nothing, gives its standard files, directory and environment to a child of the zygote,
passes signals on to it, and ends as it ends. If it is killed, so is the child.
"""

import json
import os
import signal
import socket
import sys
from types import FrameType

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)


def main(zygote: str, module: str, arguments: list[str]) -> int:
    """Have the zygote run the command and return its exit code."""
    job = {
        "module": module,
        "arguments": arguments,
        "directory": os.getcwd(),  # noqa: PTH109 - pathlib costs as much as all the rest
        "environment": dict(os.environ),
    }
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(zygote)
        socket.send_fds(connection, [json.dumps(job).encode()], [0, 1, 2])
        said = connection.makefile("r")
        pid = int(said.readline())

        def pass_on(number: int, _: FrameType | None) -> None:
            os.kill(pid, number)

        for number in PASSED_ON:
            signal.signal(number, pass_on)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        return int(said.readline())


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2], sys.argv[3:])
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    sys.exit(code)
