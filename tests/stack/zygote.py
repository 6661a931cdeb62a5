"""Forks our commands: `python -m tests.stack.zygote FD MODULE...` imports modules and waits for jobs on FD.

A job comes as one JSON datagram with a pipe, into which the zygote writes the command's process id, and its
exit code when it has ended. When nobody can send jobs any more, it ends what still runs, and itself.

Forking is done where nothing runs yet: no thread, no event loop, no open file but the zygote's own. The child
unwinds to the top of the program and becomes the command there, so that it ends as any interpreter does.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

REQUEST_BYTES: Final = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command to become."""

    module: str
    arguments: list[str]
    log: str
    directory: str
    environment: dict[str, str]


def main(arguments: list[str]) -> int:
    """Serve until there is nobody to serve; in a child, be the command."""
    descriptor, *modules = arguments
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()  # what is shared stays shared: the children's collectors leave it alone
    job = _serve(socket.socket(fileno=int(descriptor)))
    return 0 if job is None else _become(job)


def _serve(jobs: socket.socket) -> Job | None:
    """Fork for every job; return it in the child, and None in the zygote at the end."""
    woken, wakes = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which then leave us
    pipes: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        for readable in (jobs, woken):
            selector.register(readable, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if woken in ready:
                with suppress(BlockingIOError):
                    os.read(woken, 65_536)
                _reap(pipes)
            if jobs in ready:
                request, descriptors, _, _ = socket.recv_fds(jobs, REQUEST_BYTES, 1)
                if not request:
                    break
                [pipe] = descriptors
                pid = os.fork()
                if pid == 0:
                    _forget_the_zygote([jobs.detach(), woken, wakes, pipe, *pipes.values()])
                    return Job(**json.loads(request))
                pipes[pid] = pipe
                os.write(pipe, f"{pid}\n".encode())
    for pid in pipes:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    return None


def _reap(pipes: dict[int, int]) -> None:
    """Tell of the children that have ended."""
    for pid in list(pipes):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            pipe = pipes.pop(pid)
            with suppress(BrokenPipeError):
                os.write(pipe, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(pipe)


def _forget_the_zygote(descriptors: list[int]) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor in descriptors:
        os.close(descriptor)


def _become(job: Job) -> int:
    """Have everything that a fresh interpreter would have of its own, and run."""
    os.setsid()
    with Path(job.log).open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", write_through=True)  # type: ignore[union-attr]  # they are files
    os.chdir(job.directory)
    os.environ.clear()
    os.environ.update(job.environment)
    sys.argv = [job.module, *job.arguments]
    sys.orig_argv = [sys.executable, "-m", job.module, *job.arguments]
    return int(import_module(job.module).main(job.arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
