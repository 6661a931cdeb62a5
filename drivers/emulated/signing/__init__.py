"""Emulated meters that sign: real keys, real signatures, and each device's own way from command to record."""
