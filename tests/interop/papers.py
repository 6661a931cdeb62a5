"""A development PKI for a site: what the station shows to vehicles, whom it believes, what vehicles have."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

from agent.security.vault import MOST_ROOTS, Vault
from certs.development.hierarchies import Wishes
from certs.development.writing import write_pki
from certs.pem import read_bundle
from certs.root_files import Kind
from certs.roots import Roots
from tests.interop.josev.pki import Edition, lay_out

_ROOTS: Final[dict[Kind, str]] = {"V2G": "v2g", "MO": "mo", "OEM": "oem"}


class Papers:
    """A PKI in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Make it."""
        wishes = Wishes()
        self.made = folder / "pki"
        self.emaid, self.pcid = wishes.emaid, wishes.pcid
        self._folder = folder
        self._vehicles = 0
        write_pki(self.made, wishes)

    def equip(self, state: Path) -> None:
        """Give a station, before its first start, what it shows to vehicles, and the roots of all."""
        vault = Vault(state / "certificates")
        vault.open()
        roots = Roots(vault.roots, MOST_ROOTS)
        for edition in get_args(Edition):
            secc = self.made / f"v2g-{edition}" / "secc"
            chain, key = (
                secc.with_suffix(".pem").read_text("ascii"),
                secc.with_suffix(".key").read_text("ascii"),
            )
            leaf = read_bundle(chain)[0]
            identities = vault.secc if edition == "2" else vault.secc20
            identities.install(key, chain, leaf.not_valid_before_utc, leaf.not_valid_after_utc)
            for kind, name in _ROOTS.items():
                [root] = read_bundle((self.made / f"{name}-{edition}" / "root.pem").read_text("ascii"))
                roots.install(kind, root, datetime.now(UTC))

    def vehicle(self, edition: Edition, *, has_contract: bool = True) -> Path:
        """Return the papers of another vehicle, as Josev wants them."""
        self._vehicles += 1
        folder = self._folder / f"papers-{self._vehicles}"
        return lay_out(self.made, folder, edition=edition, has_contract=has_contract)
