"""Compares a reply with its request: only an exact match is an answer.

Serial Modbus replies carry no transaction number, and libraries hand out whatever comes next. A reply to an
earlier request, a device that answers with another function or fewer registers, an echo of another write:
each of them is an error here and never a value.
"""

from __future__ import annotations

from drivers.modbus.errors import ExceptionReply, WrongCount, WrongEcho, WrongFunction, WrongUnit
from drivers.modbus.requests import BIT_READS, Read, Reply, Request, Write


def check(request: Request, reply: Reply) -> tuple[int, ...]:
    """Return the registers or bits of a reply that answers the request exactly; () for a write.

    Raises:
        WrongUnit, WrongFunction, WrongCount, WrongEcho: If it answers something else.
        ExceptionReply: If the device refused this request.
    """
    if reply.unit != request.unit:
        raise WrongUnit(request, f"unit {reply.unit} answered")
    if reply.function & 0x7F != request.function:
        raise WrongFunction(request, f"function {reply.function & 0x7F} answered, {request.function} asked")
    if reply.exception_code is not None:
        raise ExceptionReply(request, reply.exception_code)
    if isinstance(request, Read):
        return _data(request, reply)
    _echo(request, reply)
    return ()


def _data(request: Read, reply: Reply) -> tuple[int, ...]:
    bits = request.function in BIT_READS
    expected = (request.count + 7) // 8 * 8 if bits else request.count
    if len(reply.values) != expected:
        raise WrongCount(request, f"{len(reply.values)} values came, {expected} expected")
    return reply.values[: request.count]


def _echo(request: Write, reply: Reply) -> None:
    expected = (len(request.values),) if request.function in {15, 16} else request.values
    if (reply.address, reply.values) != (request.address, expected):
        raise WrongEcho(request, f"the device repeats {reply.values} for {reply.address}")
