"""The certificates that the backend installs, lists and deletes (M03, M04, M05)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from agent.security.events import SecurityEvents
from agent.security.vault import Vault
from agent.variables.model import DeviceModel
from certs.hash_data import HashData
from certs.keystore import KeyStoreError
from certs.root_files import Kind

if TYPE_CHECKING:
    from agent.security.installed import Deletion, Installed, Listed

log = logging.getLogger(__name__)

_VOUCHED_FOR = "SecurityCtrlr.AdditionalRootCertificateCheck"


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """Why a root was not installed: it cannot be one here, there is no room, or the disk failed."""

    what: Literal["refused", "no room", "failed"]
    why: str


class Certificates:
    """Installs, lists and deletes, off the event loop: flash is slow."""

    def __init__(
        self,
        vault: Vault,
        settings: DeviceModel,
        events: SecurityEvents,
        now: Callable[[], datetime],
        in_use: Callable[[], Collection[bytes]],
    ) -> None:
        """`in_use` are the roots (DER) that the link to the backend depends on now."""
        self._vault = vault
        self._settings = settings
        self._events = events
        self._now = now
        self._in_use = in_use

    async def install(self, kind: Kind, pem: str) -> NotInstalled | None:
        """Trust a root from now on, durably, or return why not (M05)."""
        from certs.pem import NotACertificate  # noqa: PLC0415 - as in _installed
        from certs.roots import RootRefused, StoreFull  # noqa: PLC0415 - as in _installed

        is_vouched_for = kind == "CSMS" and self._settings.flag(_VOUCHED_FOR)
        installed, now = self._installed(), self._now()
        try:
            await asyncio.to_thread(installed.install, kind, pem, now, is_vouched_for=is_vouched_for)
        except (NotACertificate, RootRefused) as error:
            return NotInstalled("refused", str(error))
        except StoreFull as error:
            return NotInstalled("no room", str(error))
        except KeyStoreError as error:
            log.error("a %s root was not installed: %s", kind, error)
            return NotInstalled("failed", "it cannot be stored")
        await self._events.record("ReconfigurationOfSecurityParameters", f"{kind} root certificate installed")
        return None

    async def listed(self, kinds: Collection[Kind], *, with_v2g_chain: bool) -> tuple[Listed, ...]:
        """Return what is installed of these kinds (M03).

        Raises:
            KeyStoreError: If it cannot be read.
        """
        return await asyncio.to_thread(self._installed().listed, kinds, with_v2g_chain=with_v2g_chain)

    async def delete(self, named: HashData) -> Deletion | Literal["failed"]:
        """Delete what is named so, and return what became of it (M04)."""
        try:
            outcome = await asyncio.to_thread(self._installed().delete, named, self._in_use())
        except KeyStoreError as error:
            log.error("a certificate was not deleted: %s", error)
            return "failed"
        if outcome == "deleted":
            await self._events.record("ReconfigurationOfSecurityParameters", "certificate deleted")
        return outcome

    def _installed(self) -> Installed:
        from agent.security.installed import Installed  # noqa: PLC0415 - 9 MB that most stations do without

        return Installed(self._vault)
