"""Emulated hardware: the same profiles inverted, on real buses, with an electric vehicle between them.

Shares no protocol code with the drivers, so that an error in one does not hide in the other.
"""
