"""Why a transfer failed.

TransferError
+-- BadLocation          no address that anything can be fetched from or sent to
+-- NotSupported         the protocol, or what the other side would have to do for it
+-- AccessDenied         the other side does not let us in, or not there
+-- NotFound             nothing is there
+-- Refused              the other side says that the request is wrong, or that it cannot
+-- Untrusted            it is not who it should be: certificate, host key, redirect to worse
+-- NoSpace, TooLarge    nowhere to put it; more than anybody should send
+-- Interrupted          the line, or the other side, went silent or away; trying again may help
"""

from __future__ import annotations


class TransferError(Exception):
    """A file was not transferred. The message may be shown: it has no password in it."""

    may_pass = True
    """Whether the same request could succeed later."""


class BadLocation(TransferError):
    """Not an address; the same text never becomes one."""

    may_pass = False


class NotSupported(TransferError):
    """Not one of our protocols, or not one of the server's operations."""

    may_pass = False


class AccessDenied(TransferError):
    """Wrong user or password, or no right to this place."""


class NotFound(TransferError):
    """The server has nothing there."""


class Refused(TransferError):
    """The server answered that it will not or cannot. `is_our_fault`: it calls the request wrong."""

    def __init__(self, why: str, *, is_our_fault: bool = False) -> None:
        super().__init__(why)
        self.is_our_fault = is_our_fault


class Untrusted(TransferError):
    """The server cannot show that it is the one we want."""


class NoSpace(TransferError):
    """Our own disk is too full."""


class TooLarge(TransferError):
    """The file is larger than we take."""

    may_pass = False


class Interrupted(TransferError):
    """Nothing came for too long, or the connection went away in the middle."""


class Cancelled(Exception):
    """Somebody here does not want the transfer any more."""
