"""OCPI 2.2.1 documents as the OpenAPI description states them.

They are stored and answered as they are: these models describe, nothing is read or written through them.
Numbers are JSON numbers there, as OCPI has them, with every digit that was stored.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

Number = Annotated[str, WithJsonSchema({"type": "number"})]


class Price(BaseModel):
    """An amount before and, where VAT applies, after VAT."""

    excl_vat: Number
    incl_vat: Number | None = None


class PriceComponent(BaseModel):
    """The price of one dimension, before VAT."""

    type: Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT"]
    price: Number
    vat: Number | None = None
    step_size: int


class TariffElement(BaseModel):
    """A group of price components."""

    price_components: list[PriceComponent]


class TariffDocument(BaseModel):
    """An OCPI 2.2.1 Tariff."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "id": "DAY",
                    "currency": "EUR",
                    "elements": [
                        {"price_components": [{"type": "ENERGY", "price": 0.42, "vat": 19.0, "step_size": 1}]}
                    ],
                }
            ]
        },
    )

    id: str
    currency: str
    elements: list[TariffElement]


class Cdr(BaseModel):
    """An OCPI 2.2.1 CDR; the members that matter most, others are there as well."""

    model_config = ConfigDict(extra="allow")

    country_code: str
    party_id: str
    id: str
    session_id: str | None = None
    start_date_time: AwareDatetime
    end_date_time: AwareDatetime
    currency: str
    cdr_token: dict[str, Any]
    cdr_location: dict[str, Any]
    tariffs: list[TariffDocument] = []
    charging_periods: list[dict[str, Any]]
    total_energy: Annotated[Number, Field(description="kWh")]
    total_time: Annotated[Number, Field(description="h")]
    total_parking_time: Annotated[Number | None, Field(description="h")] = None
    total_cost: Price
    total_fixed_cost: Price | None = None
    total_energy_cost: Price | None = None
    total_time_cost: Price | None = None
    total_parking_cost: Price | None = None
    last_updated: AwareDatetime


class CdrList(BaseModel):
    """A page of CDRs."""

    items: list[Cdr]
    next: str | None
