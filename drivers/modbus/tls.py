"""TLS as Modbus uses it (Modbus/TCP Security): who we believe, and who we are if the device asks."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from drivers.modbus.link import LinkError


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """Files in PEM. Without `ca_file` the system's authorities are believed."""

    ca_file: Path | None = None
    certificate: Path | None = None
    """Our own, with the chain, for devices that ask for one; needed where devices dial in."""
    key: Path | None = None
    """Its private key, if that is not in the same file."""
    server_name: str | None = None
    """The name in the device's certificate, if it is not the host that is dialled."""
    check_hostname: bool = True
    """Devices on a local network often have certificates without a useful name."""


def client_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return how to connect to a device.

    Raises:
        LinkError: If a file cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        context.check_hostname = settings.check_hostname
        if settings.certificate:
            context.load_cert_chain(settings.certificate, settings.key)
    except OSError as error:  # ssl.SSLError is one
        raise LinkError(_unusable(settings, error)) from error
    return context


def server_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return how to be connected to by a device; with a `ca_file` the device must show a certificate.

    Raises:
        LinkError: If a file cannot be used.
    """
    if settings.certificate is None:
        raise LinkError("TLS for a device that dials in needs a certificate of our own")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(settings.certificate, settings.key)
        if settings.ca_file:
            context.load_verify_locations(settings.ca_file)
            context.verify_mode = ssl.CERT_REQUIRED
    except OSError as error:
        raise LinkError(_unusable(settings, error)) from error
    return context


def _unusable(settings: TlsSettings, error: OSError) -> str:
    files = [path for path in (settings.ca_file, settings.certificate, settings.key) if path]
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        return f"no such file: {', '.join(missing)}"
    return f"TLS cannot be set up from {', '.join(map(str, files)) or 'the system certificates'}: {error}"
