"""Forks our commands: `python -m tests.stack.zygote LISTENER LIFELINE MODULE...` imports them and serves.

Whoever connects sends one job, with the files that shall be its standard input, output and errors. The zygote
answers with the command's process id, and with its exit code when it has ended. A command whose caller goes
away is killed; when the lifeline ends, so does everything.

Forking is done where nothing runs yet: no thread, no event loop, no open file but the zygote's own. The child
unwinds to the top of the program and becomes the command there, so that it ends as any interpreter does.
"""

from __future__ import annotations

import gc
import io
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Final

REQUEST_BYTES: Final = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command to become."""

    module: str
    arguments: list[str]
    directory: str
    environment: dict[str, str]
    files: list[int]
    """Its standard input, output and errors."""


def main(arguments: list[str]) -> int:
    """Serve until there is nobody to serve; in a child, be the command."""
    listener, lifeline, *modules = arguments
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()  # what is shared stays shared: the children's collectors leave it alone
    job = Zygote(int(listener), int(lifeline)).serve()
    return 0 if job is None else _become(job)


class Zygote:
    """Serves callers until the lifeline ends."""

    def __init__(self, listener: int, lifeline: int) -> None:
        self._listener = socket.socket(fileno=listener)
        self._lifeline = lifeline
        self._woken, self._wakes = os.pipe()
        self._callers: dict[int, socket.socket] = {}
        """By process id."""
        self._selector = selectors.DefaultSelector()

    def serve(self) -> Job | None:
        """Fork for every caller; return the job in the child, and None in the zygote at the end."""
        for end in (self._woken, self._wakes):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wakes)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which then leave us
        for readable in (self._listener, self._lifeline, self._woken):
            self._selector.register(readable, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._lifeline:
                    self._kill(list(self._callers))
                    return None
                if key.fileobj is self._listener:
                    if (job := self._take()) is not None:
                        return job
                elif key.fileobj == self._woken:
                    self._reap()
                else:  # a caller has nothing more to say: it is gone
                    self._selector.unregister(key.fileobj)
                    self._kill([key.data])

    def _take(self) -> Job | None:
        caller, _ = self._listener.accept()
        request, files, _, _ = socket.recv_fds(caller, REQUEST_BYTES, 3)
        pid = os.fork()
        if pid == 0:
            self._forget(caller)
            return Job(**json.loads(request), files=files)
        for file in files:
            os.close(file)
        self._callers[pid] = caller
        self._selector.register(caller, selectors.EVENT_READ, pid)
        _tell(caller, pid)
        return None

    def _reap(self) -> None:
        """Tell of the children that have ended."""
        with suppress(BlockingIOError):
            os.read(self._woken, 65_536)
        for pid, caller in list(self._callers.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                _tell(caller, os.waitstatus_to_exitcode(status))
                with suppress(KeyError):  # its caller went first
                    self._selector.unregister(caller)
                caller.close()
                del self._callers[pid]

    def _kill(self, pids: list[int]) -> None:
        for pid in pids:
            if pid in self._callers:
                with suppress(ProcessLookupError):  # not a group of its own yet
                    os.killpg(pid, signal.SIGKILL)
                os.kill(pid, signal.SIGKILL)

    def _forget(self, caller: socket.socket) -> None:
        """Leave nothing of the zygote in the child."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        for own in (self._listener, caller, *self._callers.values()):
            own.close()
        for descriptor in (self._lifeline, self._woken, self._wakes):
            os.close(descriptor)


def _tell(caller: socket.socket, number: int) -> None:
    with suppress(OSError):
        caller.sendall(f"{number}\n".encode())


def _become(job: Job) -> int:
    """Have everything that a fresh interpreter would have of its own, and run."""
    os.setsid()
    for standard, file in enumerate(job.files):
        os.dup2(file, standard)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the rest of our life
    sys.stdout = _written(1, is_unbuffered=bool(job.environment.get("PYTHONUNBUFFERED")))
    sys.stderr = _written(2, is_unbuffered=True)
    os.chdir(job.directory)
    os.environ.clear()
    os.environ.update(job.environment)
    sys.argv = [job.module, *job.arguments]
    sys.orig_argv = [sys.executable, "-m", job.module, *job.arguments]
    return int(import_module(job.module).main(job.arguments))


def _written(descriptor: int, *, is_unbuffered: bool) -> io.TextIOWrapper:
    binary = open(descriptor, "wb", 0 if is_unbuffered else -1, closefd=False)  # noqa: SIM115
    return io.TextIOWrapper(
        binary, "utf-8", "backslashreplace", write_through=is_unbuffered, line_buffering=os.isatty(descriptor)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
