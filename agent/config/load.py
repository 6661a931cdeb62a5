"""Reads the station file: TOML, checked as a whole before anything is opened.

Every problem is reported with the file, the line and what would be right. The process then ends with
EX_CONFIG (78), which systemd does not restart from.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from agent.config.checks import Problem, as_text, check
from agent.config.sections import Config, ConfigError, CsmsSection
from agent.config.toml_lines import line_of
from agent.config.words import hint, key_path, toml_error
from agent.system.files import why_unreadable
from agent.variables.checks import checked
from agent.variables.declared import declared


def load_config(path: Path) -> Config:
    """Read and check a station file.

    Raises:
        ConfigError: If it cannot be read, is no TOML, or anything in it is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, f"the station file cannot be read: {why_unreadable(error)}") from error
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, problem = toml_error(text, str(error))
        raise ConfigError(path, line, f"not TOML: {problem}") from error
    try:
        config = msgspec.convert(data, Config)
        check(config)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at ")
        place = where.strip("`") or "$"
        at = "" if place == "$" else f"{place.removeprefix('$.')}: "
        line = line_of(text, key_path(place, problem))
        raise ConfigError(path, line, f"{at}{problem}{hint(place, problem, Config)}") from error
    except Problem as problem_found:
        raise ConfigError(
            path, line_of(text, problem_found.path), f"{problem_found.path}: {problem_found}"
        ) from problem_found
    return config


def variable_overrides(config: Config) -> dict[str, str]:
    """Return [variables] as the device model takes it; `load_config` has checked the values."""
    by_name = {variable.name: variable for variable in declared()}
    return {name: checked(by_name[name], as_text(value)) for name, value in config.variables.items()}


def read_password(csms: CsmsSection) -> str:
    """Return the station's password for HTTP Basic authentication, "" for none.

    Raises:
        ConfigError: If the password file cannot be read.
    """
    if not csms.password_file:
        return csms.password
    path = Path(csms.password_file)
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, f"the password file cannot be read: {why_unreadable(error)}") from error
