"""[emulator] of the station file."""

from __future__ import annotations

from typing import Annotated

import msgspec


class EmulatorSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[emulator]: this station's hardware is emulated; `chargehand-emulate --control` listens at `socket`.

    `bays` are the emulator's names for the places of EVSE 1, 2, ...; with one bay there is nothing to name.
    """

    socket: Annotated[str, msgspec.Meta(min_length=1)]
    bays: tuple[str, ...] = ()
