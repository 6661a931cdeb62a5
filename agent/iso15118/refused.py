"""What a vehicle is refused with, whatever the protocol."""

from __future__ import annotations


class Refused(Exception):
    """A request that ends the session: the vehicle gets this response code, the log the reason."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
