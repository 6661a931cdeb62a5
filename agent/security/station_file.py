"""What the station file says about security, read from the files that it names."""

from __future__ import annotations

from pathlib import Path

from agent.config.load import read_password
from agent.config.sections import Config, ConfigError, CsmsSection
from agent.network.book import NetworkBook
from agent.network.profiles import SecurityProfile
from agent.security.events import SecurityEvents
from agent.security.service import Given
from agent.system.files import why_unreadable


def given(config: Config) -> Given:
    """Return what it says.

    Raises:
        ConfigError: If a file that it names cannot be read.
    """
    serial = config.station.serial or config.station.id
    csms = config.csms
    if csms is None:
        return Given(serial=serial)
    return Given(
        serial=serial,
        password=read_password(csms),
        roots=_text(csms.ca_file, "csms.ca_file") if csms.ca_file else None,
        certificate=_text(csms.certificate_file, "csms.certificate_file"),
        key=_text(csms.key_file, "csms.key_file"),
    )


def security_profile(csms: CsmsSection) -> SecurityProfile:
    """Return the security profile that [csms] asks for, or that its address and files amount to."""
    if csms.security_profile is not None:
        return csms.security_profile
    if not csms.url.startswith("wss:"):
        return 1
    return 3 if csms.certificate_file else 2


async def refuse_lower(network: NetworkBook, csms: CsmsSection, events: SecurityEvents) -> None:
    """Refuse a station file that lowers the security of the link without saying so.

    One whose backend was replaced over OCPP by a more secure one lowers nothing: it is not tried any more.

    Raises:
        ConfigError: If it does; `allow_lower_security` says so.
    """
    asked, proven = network.least_security, network.proven_security
    if asked >= network.least_after(proven):
        return
    if not csms.allow_lower_security:
        what = (
            f"security profile {asked} is lower than {proven}, which this station has reached; "
            "if that is meant, add allow_lower_security = true to [csms]"
        )
        raise ConfigError(Path("csms"), None, what)
    await events.record("ReconfigurationOfSecurityParameters", f"security profile {asked} after {proven}")


def _text(file: str, key: str) -> str:
    if not file:
        return ""
    path = Path(file)
    try:
        return path.read_text("ascii")
    except OSError as error:
        raise ConfigError(path, None, f"{key} cannot be read: {why_unreadable(error)}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(path, None, f"{key} is no PEM file: byte {error.start} is not ASCII") from error
