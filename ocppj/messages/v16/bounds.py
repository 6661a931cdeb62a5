"""Lengths and ranges of OCPP 1.6 and its security extension. Generated: do not edit."""

from typing import Annotated

from msgspec import Meta

ItemsFrom1 = Meta(min_length=1)
Str10000 = Annotated[str, Meta(max_length=10000)]
Str128 = Annotated[str, Meta(max_length=128)]
Str20 = Annotated[str, Meta(max_length=20)]
Str25 = Annotated[str, Meta(max_length=25)]
Str255 = Annotated[str, Meta(max_length=255)]
Str40 = Annotated[str, Meta(max_length=40)]
Str50 = Annotated[str, Meta(max_length=50)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str800 = Annotated[str, Meta(max_length=800)]
