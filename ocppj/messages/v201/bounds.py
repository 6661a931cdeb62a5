"""Lengths and ranges of OCPP 2.0.1. Generated: do not edit."""

from typing import Annotated

from msgspec import Meta

IntFrom0 = Annotated[int, Meta(ge=0, le=9223372036854775807)]
IntFrom0To100 = Annotated[int, Meta(ge=0, le=100)]
ItemsFrom1 = Meta(min_length=1)
ItemsFrom1To1024 = Meta(min_length=1, max_length=1024)
ItemsFrom1To3 = Meta(min_length=1, max_length=3)
ItemsFrom1To4 = Meta(min_length=1, max_length=4)
Str1000 = Annotated[str, Meta(max_length=1000)]
Str10000 = Annotated[str, Meta(max_length=10000)]
Str128 = Annotated[str, Meta(max_length=128)]
Str16 = Annotated[str, Meta(max_length=16)]
Str20 = Annotated[str, Meta(max_length=20)]
Str25 = Annotated[str, Meta(max_length=25)]
Str2500 = Annotated[str, Meta(max_length=2500)]
Str255 = Annotated[str, Meta(max_length=255)]
Str32 = Annotated[str, Meta(max_length=32)]
Str36 = Annotated[str, Meta(max_length=36)]
Str40 = Annotated[str, Meta(max_length=40)]
Str50 = Annotated[str, Meta(max_length=50)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str5600 = Annotated[str, Meta(max_length=5600)]
Str6 = Annotated[str, Meta(max_length=6)]
Str64 = Annotated[str, Meta(max_length=64)]
Str7500 = Annotated[str, Meta(max_length=7500)]
Str8 = Annotated[str, Meta(max_length=8)]
Str800 = Annotated[str, Meta(max_length=800)]
