"""Lengths and ranges of OCPP 2.1. Generated: do not edit."""

from typing import Annotated

from msgspec import Meta

FloatFrom0To100 = Annotated[float, Meta(ge=0.0, le=100.0)]
FloatTo0 = Annotated[float, Meta(le=0.0)]
IntFrom0 = Annotated[int, Meta(ge=0, le=9223372036854775807)]
IntFrom0To100 = Annotated[int, Meta(ge=0, le=100)]
IntFrom0To3 = Annotated[int, Meta(ge=0, le=3)]
IntFrom1 = Annotated[int, Meta(ge=1, le=9223372036854775807)]
ItemsFrom1 = Meta(min_length=1)
ItemsFrom1To10 = Meta(min_length=1, max_length=10)
ItemsFrom1To100 = Meta(min_length=1, max_length=100)
ItemsFrom1To1024 = Meta(min_length=1, max_length=1024)
ItemsFrom1To20 = Meta(min_length=1, max_length=20)
ItemsFrom1To24 = Meta(min_length=1, max_length=24)
ItemsFrom1To3 = Meta(min_length=1, max_length=3)
ItemsFrom1To4 = Meta(min_length=1, max_length=4)
ItemsFrom1To5 = Meta(min_length=1, max_length=5)
ItemsFrom1To7 = Meta(min_length=1, max_length=7)
ItemsFrom1To8 = Meta(min_length=1, max_length=8)
Str100 = Annotated[str, Meta(max_length=100)]
Str1000 = Annotated[str, Meta(max_length=1000)]
Str10000 = Annotated[str, Meta(max_length=10000)]
Str1024 = Annotated[str, Meta(max_length=1024)]
Str11000 = Annotated[str, Meta(max_length=11000)]
Str128 = Annotated[str, Meta(max_length=128)]
Str16 = Annotated[str, Meta(max_length=16)]
Str160 = Annotated[str, Meta(max_length=160)]
Str17000 = Annotated[str, Meta(max_length=17000)]
Str18000 = Annotated[str, Meta(max_length=18000)]
Str20 = Annotated[str, Meta(max_length=20)]
Str200 = Annotated[str, Meta(max_length=200)]
Str2000 = Annotated[str, Meta(max_length=2000)]
Str25 = Annotated[str, Meta(max_length=25)]
Str2500 = Annotated[str, Meta(max_length=2500)]
Str255 = Annotated[str, Meta(max_length=255)]
Str256 = Annotated[str, Meta(max_length=256)]
Str3 = Annotated[str, Meta(max_length=3)]
Str32 = Annotated[str, Meta(max_length=32)]
Str32768 = Annotated[str, Meta(max_length=32768)]
Str36 = Annotated[str, Meta(max_length=36)]
Str40 = Annotated[str, Meta(max_length=40)]
Str48 = Annotated[str, Meta(max_length=48)]
Str50 = Annotated[str, Meta(max_length=50)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str6 = Annotated[str, Meta(max_length=6)]
Str60 = Annotated[str, Meta(max_length=60)]
Str64 = Annotated[str, Meta(max_length=64)]
Str8 = Annotated[str, Meta(max_length=8)]
Str80 = Annotated[str, Meta(max_length=80)]
Str800 = Annotated[str, Meta(max_length=800)]
Str88 = Annotated[str, Meta(max_length=88)]
