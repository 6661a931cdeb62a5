"""Signed meter readings as text: taken apart, put together and verified, but never written anew."""
