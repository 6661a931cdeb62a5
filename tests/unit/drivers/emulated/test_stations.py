from __future__ import annotations

from drivers.emulated.exchange import Message, Sending
from drivers.emulated.stations import serve_on_serial_line, serve_on_tcp
from tests.plain_slave import Slave
from tests.unit.drivers.emulated.memory import MemoryRegisters

READ = bytes.fromhex("04 00 05 00 01")
WRITE = bytes.fromhex("06 00 00 00 07")


def test_the_addressed_slave_answers() -> None:
    slaves = {1: Slave(MemoryRegisters()), 2: Slave(MemoryRegisters(functions=()))}
    assert serve_on_serial_line(slaves, Message(1, READ)) == (
        Sending(data=Message(1, bytes.fromhex("04 02 00 05")).encode()),
    )
    assert serve_on_tcp(slaves, Message(2, READ, 7)) == (
        Sending(data=bytes.fromhex("00 07 00 00 00 03 02 84 01")),
    )


def test_nobody_answers_for_a_unit_that_is_not_there() -> None:
    slaves = {1: Slave(MemoryRegisters())}
    assert serve_on_serial_line(slaves, Message(3, READ)) == ()
    assert serve_on_tcp(slaves, Message(0, READ, 1)) == ()


def test_a_broadcast_is_carried_out_by_all_and_answered_by_nobody() -> None:
    devices = [MemoryRegisters(), MemoryRegisters()]
    slaves = {unit: Slave(registers) for unit, registers in enumerate(devices, 1)}
    assert serve_on_serial_line(slaves, Message(0, WRITE)) == ()
    assert [registers.spaces["holding"][0] for registers in devices] == [7, 7]


def test_a_silent_slave_neither_answers_nor_carries_out() -> None:
    registers = MemoryRegisters()
    slave = Slave(registers, silent=True)
    assert slave.serve(Message(1, WRITE)) == ()
    assert registers.spaces["holding"][0] == 0
    slave.silent = False
    assert slave.serve(Message(1, WRITE)) == (Sending(data=Message(1, WRITE).encode()),)
