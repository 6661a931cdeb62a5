"""Tariff and charging periods to priced lines (OCPI 2.2.1). Pure: Decimal only, no database, no web."""
