"""Polls meters and turns readings into samples."""
