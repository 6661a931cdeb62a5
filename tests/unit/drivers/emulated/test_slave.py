from __future__ import annotations

from drivers.emulated.slave import Slave, answer_on_serial_line, answer_on_tcp
from tests.unit.drivers.emulated.memory import MemoryRegisters

READ = bytes.fromhex("04 00 05 00 01")
WRITE = bytes.fromhex("06 00 00 00 07")


def test_the_addressed_slave_answers() -> None:
    slaves = {1: Slave(MemoryRegisters()), 2: Slave(MemoryRegisters(functions=()))}
    assert answer_on_serial_line(slaves, 1, READ) == bytes.fromhex("04 02 00 05")
    assert answer_on_tcp(slaves, 2, READ) == bytes.fromhex("84 01")


def test_nobody_answers_for_a_unit_that_is_not_there() -> None:
    slaves = {1: Slave(MemoryRegisters())}
    assert answer_on_serial_line(slaves, 3, READ) is None
    assert answer_on_tcp(slaves, 0, READ) is None


def test_a_broadcast_is_carried_out_by_all_and_answered_by_nobody() -> None:
    devices = [MemoryRegisters(), MemoryRegisters()]
    slaves = {unit: Slave(registers) for unit, registers in enumerate(devices, 1)}
    assert answer_on_serial_line(slaves, 0, WRITE) is None
    assert [registers.spaces["holding"][0] for registers in devices] == [7, 7]


def test_a_silent_slave_neither_answers_nor_carries_out() -> None:
    registers = MemoryRegisters()
    slave = Slave(registers, silent=True)
    assert slave.answer(WRITE) is None
    assert registers.spaces["holding"][0] == 0
    slave.silent = False
    assert slave.answer(WRITE) == WRITE
