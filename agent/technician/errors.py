"""What stops a technician's command."""

from __future__ import annotations


class TechnicianError(Exception):
    """The command cannot be carried out; the message says what to do."""
