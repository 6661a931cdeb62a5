"""[evse.iso15118] of the station file."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec

Protocol = Literal["ISO 15118-20", "ISO 15118-2", "DIN 70121"]

_INTERFACE: Final = re.compile(r"[^\s/:]{1,15}")
_ISO_EVSE_ID: Final = re.compile(r"[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9*]{1,31}")
_DIN_EVSE_ID: Final = re.compile(r"\+[0-9]{1,3}\*[0-9]{3,6}\*[0-9*]{1,32}")
_LONGEST_EVSE_ID: Final = 37


class Iso15118Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[evse.iso15118]: the EVSE speaks with vehicles by a power line modem.

    `interface` is the modem's network interface, of this EVSE alone. `evse_id` is what vehicles are told,
    by ISO 15118-2 (Annex H) or DIN 91286.
    """

    interface: str
    evse_id: str
    protocols: Annotated[tuple[Protocol, ...], msgspec.Meta(min_length=1)] | None = None
    """What is spoken; None for all that there is for the EVSE's kind of current."""
    tls: Literal["offered", "required", "off"] = "offered"
    """Whether vehicles are served over TLS: as they wish, always, or never."""
    plain_iso20: bool = False
    """Whether ISO 15118-20 is spoken without TLS and without the vehicle's certificate, which the standard
    forbids: for tests of vehicles."""
    takes_back_w: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    """How much power vehicles may feed back by ISO 15118-20; 0: none (bidirectional power transfer).

    On direct current it is agreed on and nothing flows back: no supply with a profile here takes any."""
    loop_within_s: Annotated[float, msgspec.Meta(ge=0.5, le=60)] = 0.5
    """For how long a vehicle that speaks ISO 15118-20 may be silent while energy flows. The standard has 0.5;
    more is for vehicles that are slower, and as long does the energy flow on to one that is lost."""
    pilot: Literal["modem", "controller"] = "modem"
    """Who has the pilot demand that the vehicle speaks: the modem's firmware, or the charge controller."""
    basic_after_s: Annotated[float, msgspec.Meta(ge=5, le=600)] = 40.0
    """For how long a vehicle on alternating current may be silent before it charges by the pilot alone."""
    evccid_is_token: bool = False
    """Whether the number by which a vehicle introduces itself (EVCCID) is presented as its driver's token,
    of type MacAddress. It proves nothing: anybody can say any number."""
    plug_and_charge: bool = False
    contract_installation: bool = False
    """Whether vehicles get and renew their contract certificates through the backend."""
    receipts: bool = False
    """Whether a contract's vehicle must sign for what the meter shows."""


def problem_of(section: Iso15118Section, *, is_dc: bool, has_backend: bool) -> tuple[str, str] | None:
    """Return what is wrong between several values, by the name of one of them, or None."""
    if _INTERFACE.fullmatch(section.interface) is None:
        return "interface", 'expected the name of a network interface, such as "eth1"'
    is_id = _ISO_EVSE_ID.fullmatch(section.evse_id) or _DIN_EVSE_ID.fullmatch(section.evse_id)
    if not is_id or len(section.evse_id) > _LONGEST_EVSE_ID:
        return "evse_id", 'expected an EVSE ID such as "DE*ABC*E1234*1" or "+49*123*1234*1", to 37 characters'
    if section.protocols is not None and len(set(section.protocols)) < len(section.protocols):
        return "protocols", "a protocol is named twice"
    if section.protocols == ("DIN 70121",) and not is_dc:
        return "protocols", "DIN 70121 is for direct current; this EVSE has alternating current"
    if section.protocols == ("ISO 15118-20",) and section.tls == "off" and not section.plain_iso20:
        return "tls", "ISO 15118-20 is spoken over TLS only: leave tls out, or add a protocol"
    if section.plug_and_charge and section.tls == "off":
        return "plug_and_charge", "contracts are for TLS only (ISO 15118-2, 7.3.3): leave tls out"
    if section.contract_installation and not section.plug_and_charge:
        return "contract_installation", "it needs plug_and_charge = true"
    if section.contract_installation and not has_backend:
        return "contract_installation", "contracts come from a backend: add [csms]"
    if section.receipts and not section.plug_and_charge:
        return "receipts", "only a contract's vehicle signs: it needs plug_and_charge = true"
    return None


def spoken(section: Iso15118Section, *, is_dc: bool) -> tuple[Protocol, ...]:
    """Return the protocols that the EVSE speaks, the newest first."""
    every: tuple[Protocol, ...] = ("ISO 15118-20", "ISO 15118-2", "DIN 70121")
    return tuple(
        one
        for one in every
        if (section.protocols is None or one in section.protocols) and (is_dc or one != "DIN 70121")
    )
