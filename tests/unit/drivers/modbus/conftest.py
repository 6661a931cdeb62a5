"""Slaves of every kind, for the tests of the bus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.drivers.modbus.hostile import (
    NUMBERED,
    SERIAL,
    UNNUMBERED,
    RtuSlave,
    Slave,
    TcpSlave,
    slave_of,
)


@pytest.fixture(params=[*UNNUMBERED, *NUMBERED])
async def slave(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Slave]:
    async with slave_of(request.param, tmp_path) as one:
        yield one


@pytest.fixture(params=UNNUMBERED)
async def unnumbered(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Slave]:
    async with slave_of(request.param, tmp_path) as one:
        yield one


@pytest.fixture(params=SERIAL)
async def rtu(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with slave_of(request.param, tmp_path) as one:
        assert isinstance(one, RtuSlave)
        yield one


@pytest.fixture(params=NUMBERED)
async def tcp(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TcpSlave]:
    async with slave_of(request.param, tmp_path) as one:
        assert isinstance(one, TcpSlave)
        yield one
