"""Looks for troubles all over the station, and tells of them over the control socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from agent.authorization.readers import ReaderService
from agent.csms.absent import Backend
from agent.security.vault import Vault
from agent.station.station import Station
from agent.station.warnings import LIST_CONFLICTS, READER_SILENT, STATION
from agent.store.keeper import Figures
from agent.system.clock import StationClock
from agent.system.control import Command
from agent.troubles import certificates
from agent.troubles.certificates import Term
from agent.troubles.station import of_clock, of_locks, of_outbox
from agent.troubles.trouble import Ledger, Trouble
from certs.keystore import KeyStoreError

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
CERTIFICATES_S: Final = 60.0
_FINE: Final = frozenset({"accepted", "none"})


class TroubleWatch:
    """Knows what is wrong, since when."""

    def __init__(
        self,
        station: Station,
        client: Backend,
        readers: Sequence[ReaderService],
        figures: Figures,
        vault: Vault,
        clock: StationClock,
    ) -> None:
        self._station = station
        self._client = client
        self._readers = readers
        self._figures = figures
        self._vault = vault
        self._clock = clock
        self._terms: tuple[Term, ...] = ()
        self._ledger = Ledger()

    async def run(self) -> None:
        """Look again and again, so that the beginning of each trouble is known."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read_certificates(), name="certificates that expire")
            while True:
                self._ledger.see(self._found(), self._clock.now())
                self._warn()
                await asyncio.sleep(LOOK_S)

    async def _read_certificates(self) -> None:
        """Learn until when the certificates are good."""
        while True:
            try:
                self._terms = await asyncio.to_thread(certificates.terms, self._vault, self._clock.now())
            except KeyStoreError as error:
                log.warning("certificates cannot be looked at: %s", error)
            await asyncio.sleep(CERTIFICATES_S)

    def commands(self) -> dict[str, Command]:
        """Return the command that tells of them."""
        return {"faults": self._tell}

    async def _tell(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        self._ledger.see(self._found(), self._clock.now())
        return {
            "faults": [
                {
                    "where": trouble.where,
                    "what": trouble.what,
                    "since": since.isoformat(timespec="seconds"),
                    "remedy": trouble.remedy,
                }
                for trouble, since in self._ledger.open
            ]
        }

    def _warn(self) -> None:
        """Have the backend told what keeps nobody from charging."""
        found = {reader.evse_id or STATION: READER_SILENT for reader in self._readers if reader.problem}
        if self._station.authorizer.list_conflicts:
            found.setdefault(STATION, LIST_CONFLICTS)
        if self._station.warnings.see(found):
            for place in (STATION, *self._station.evses):
                self._client.evse_changed(place)

    def _found(self) -> Iterator[Trouble]:
        for evse_id, service in self._station.evses.items():
            if service.state.fault is not None:
                yield Trouble(f"EVSE {evse_id}", service.state.fault)
            for problem in service.meter.problems:
                yield Trouble(f"meter of EVSE {evse_id}", problem.value)
        for reader in self._readers:
            if reader.problem is not None:
                yield Trouble(reader.name, reader.problem)
        if self._client.state not in _FINE:
            yield Trouble("backend", self._client.state)
        yield from of_locks({evse_id: service.lock for evse_id, service in self._station.evses.items()})
        yield from of_outbox(self._figures)
        yield from of_clock(is_known=self._clock.is_known)
        if self._clock.is_known:
            yield from certificates.troubles(self._terms, self._clock.now())
