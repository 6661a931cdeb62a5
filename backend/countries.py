"""ISO 3166-1 codes: OCPI names parties by two letters and places by three."""

from __future__ import annotations

_CODES = """
AD:AND AL:ALB AT:AUT AU:AUS BA:BIH BE:BEL BG:BGR CA:CAN CH:CHE CY:CYP CZ:CZE DE:DEU DK:DNK EE:EST
ES:ESP FI:FIN FO:FRO FR:FRA GB:GBR GI:GIB GR:GRC HR:HRV HU:HUN IE:IRL IL:ISR IN:IND IS:ISL IT:ITA
JP:JPN KR:KOR LI:LIE LT:LTU LU:LUX LV:LVA MC:MCO MD:MDA ME:MNE MK:MKD MT:MLT NL:NLD NO:NOR NZ:NZL
PL:POL PT:PRT RO:ROU RS:SRB SE:SWE SI:SVN SK:SVK SM:SMR TR:TUR UA:UKR US:USA ZA:ZAF
"""

ALPHA_3: dict[str, str] = dict(code.split(":") for code in _CODES.split())
"""Where chargers are most likely to stand; elsewhere the operator states the code."""
