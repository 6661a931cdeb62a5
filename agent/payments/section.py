"""[payment] of the station file."""

from __future__ import annotations

from typing import Literal

import msgspec


class PaymentSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[payment]: the payment terminal that is connected to the station."""

    terminal: Literal["emulated"]
