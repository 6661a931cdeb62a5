"""The tariff as OCPI 2.2.1 structures it, checked when it is loaded.

Element restrictions are refused: to price a restricted element as if it always applied would bill wrongly.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

Dimension = Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT"]
"""TariffDimensionType: ENERGY per kWh, TIME and PARKING_TIME per hour, FLAT per session."""


class TariffError(ValueError):
    """The document is not a tariff that this program can rate; the message names the member and the fix."""


class TariffRestrictionsUnsupported(TariffError):
    """The tariff has element restrictions, which are not rated yet."""

    def __init__(self, element: int, names: list[str]) -> None:
        super().__init__(
            f"elements[{element}].restrictions ({', '.join(names)}): they cannot be rated yet; "
            "publish a tariff whose elements always apply"
        )
        self.element = element
        self.names = names


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a tariff: what is optional is left out when it is written."""


class PriceComponent(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The price of one dimension. `vat` is a percentage; absent means that VAT does not apply."""

    type: Dimension
    price: Annotated[Decimal, msgspec.Meta(description="per kWh, per hour, or per session, before VAT")]
    step_size: Annotated[int, msgspec.Meta(ge=0)]
    """Billing step: Wh for ENERGY, s for both times, meaningless for FLAT. 0 bills what was measured."""
    vat: Decimal | None = None


class TariffElement(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of price components."""

    price_components: Annotated[tuple[PriceComponent, ...], msgspec.Meta(min_length=1)]
    restrictions: dict[str, Any] | None = None


class PriceLimit(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A minimum or maximum for the session (OCPI Price)."""

    excl_vat: Decimal
    incl_vat: Decimal | None = None


class Tariff(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OCPI 2.2.1 tariff. Members that do not change the price are kept for the CDR's snapshot."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    elements: Annotated[tuple[TariffElement, ...], msgspec.Meta(min_length=1)]
    min_price: PriceLimit | None = None
    max_price: PriceLimit | None = None
    start_date_time: datetime | None = None
    end_date_time: datetime | None = None
    type: Literal["AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR"] | None = None
    country_code: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | None = None
    party_id: Annotated[str, msgspec.Meta(min_length=1, max_length=3)] | None = None
    tariff_alt_text: tuple[dict[str, str], ...] = ()
    tariff_alt_url: str | None = None
    energy_mix: dict[str, Any] | None = None
    last_updated: datetime | None = None

    def component(self, dimension: Dimension) -> PriceComponent | None:
        """Return the component that prices the dimension: that of the first element which has one.

        None means that the dimension is free of charge (OCPI 2.2.1, TariffElement).
        """
        for element in self.elements:
            for component in element.price_components:
                if component.type == dimension:
                    return component
        return None

    def valid_at(self, instant: datetime) -> bool:
        """Tell whether the tariff applies at the instant: start inclusive, end exclusive."""
        if self.start_date_time is not None and instant < self.start_date_time:
            return False
        return self.end_date_time is None or instant < self.end_date_time

    @property
    def unpriced(self) -> tuple[Dimension, ...]:
        """The dimensions that cost nothing; worth showing to whoever publishes the tariff."""
        every: tuple[Dimension, ...] = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
        return tuple(name for name in every if self.component(name) is None)


def load_tariff(document: bytes | str) -> Tariff:
    """Parse and check a tariff. Numbers are taken digit by digit, never through binary floats.

    Raises:
        TariffRestrictionsUnsupported: If an element has restrictions.
        TariffError: If it is not an OCPI 2.2.1 tariff.
    """
    try:
        tariff = msgspec.json.decode(document, type=Tariff)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise TariffError(f"not an OCPI 2.2.1 tariff: {error}") from None
    _check(tariff)
    return tariff


def dump_tariff(tariff: Tariff) -> str:
    """Return the tariff as JSON, prices as JSON numbers with every digit they were loaded with."""
    return msgspec.json.Encoder(decimal_format="number").encode(tariff).decode()


def _check(tariff: Tariff) -> None:
    for index, element in enumerate(tariff.elements):
        if element.restrictions:
            raise TariffRestrictionsUnsupported(index, sorted(element.restrictions))
        types = [component.type for component in element.price_components]
        doubled = sorted({name for name in types if types.count(name) > 1})
        if doubled:
            raise TariffError(f"elements[{index}].price_components: more than one price for {doubled[0]}")
    for name, instant in (
        ("start_date_time", tariff.start_date_time),
        ("end_date_time", tariff.end_date_time),
    ):
        if instant is not None and instant.tzinfo is None:
            raise TariffError(f"{name}: add the time zone, such as 2026-01-01T00:00:00Z")
    _check_limits(tariff)


def _check_limits(tariff: Tariff) -> None:
    low, high = tariff.min_price, tariff.max_price
    if low is not None and high is not None and low.excl_vat > high.excl_vat:
        raise TariffError(f"min_price ({low.excl_vat}) is above max_price ({high.excl_vat})")
