"""The configuration file: TOML, checked as a whole before anything is opened.

Every problem is reported with the file, the line and what would be right. The process then ends with
EX_CONFIG (78), which systemd does not restart from.

What the file leaves out has a default. Data then lies beside the file, but for a file under /etc in
/var/lib/chargehand-backend; relative paths count from the file's directory, so that every command finds the
same database wherever it is called.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from sqlalchemy.engine import URL

from backend.countries import ALPHA_3
from backend.db.engine import DatabaseUrlError, parse_url
from backend.rating.money import RoundingPolicy
from backend.toml_lines import line_of

STATE_DIRECTORY = Path("/var/lib/chargehand-backend")

Port = Annotated[int, msgspec.Meta(ge=0, le=65535, description="a TCP port; 0 takes any free one")]
Host = Annotated[str, msgspec.Meta(min_length=1, description='an address to listen on, such as "127.0.0.1"')]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400, description="whole seconds, at most a day")]


class ConfigError(Exception):
    """The configuration file is wrong. The message names file, line and fix."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class DatabaseSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[database]: sqlite+aiosqlite:///file or postgresql+asyncpg://user:password@host/name."""

    url: str = ""


class OcppSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[ocpp]: where charging stations connect, and what they are told."""

    host: Host = "127.0.0.1"
    port: Port = 9000
    path: Annotated[str, msgspec.Meta(pattern="^/[A-Za-z0-9/_.-]*$", description='such as "/ocpp"')] = "/ocpp"
    ping_interval_s: Seconds = 30
    call_timeout_s: Seconds = 30
    heartbeat_interval_s: Seconds = 300
    retry_interval_s: Seconds = 60
    token_cache_s: Annotated[
        int, msgspec.Meta(ge=0, le=30 * 86_400, description="how long a station may remember a token; 0: not")
    ] = 86_400
    max_frame_bytes: Annotated[
        int, msgspec.Meta(ge=4096, le=1_000_000, description="larger OCPP messages are refused")
    ] = 65_536


class ApiSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[api]: the REST interface. `token_file` is made at the first start."""

    host: Host = "127.0.0.1"
    port: Port = 9001
    token_file: str = ""


class CpoSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[cpo]: the operator, as OCPI names it. `rounding` is the contract's: mode/decimals/scope."""

    country_code: Annotated[
        str, msgspec.Meta(pattern="^[A-Z]{2}$", description='two letters of ISO 3166-1, such as "DE"')
    ]
    party_id: Annotated[
        str, msgspec.Meta(pattern="^[A-Z0-9]{3}$", description='three letters or digits, such as "CHH"')
    ]
    currency: Annotated[
        str, msgspec.Meta(pattern="^[A-Z]{3}$", description='three letters of ISO 4217, such as "EUR"')
    ]
    time_zone: Annotated[str, msgspec.Meta(description='a name of the tz database, such as "Europe/Berlin"')]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] = "Charge point operator"
    rounding: str = str(RoundingPolicy())


class LocationSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[location]: where the stations stand, as it is printed on CDRs (OCPI 2.2.1, CdrLocation).

    `country` and `time_zone` are those of the operator unless they are given.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]{1,36}$")] = "SITE-1"
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = "Charging site"
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=45)] = "not stated"
    city: Annotated[str, msgspec.Meta(min_length=1, max_length=45)] = "not stated"
    postal_code: Annotated[str, msgspec.Meta(max_length=10)] = ""
    country: Annotated[
        str, msgspec.Meta(pattern="^([A-Z]{3})?$", description='three letters of ISO 3166-1, such as "DEU"')
    ] = ""
    latitude: Annotated[
        str,
        msgspec.Meta(pattern=r"^-?[0-9]{1,2}\.[0-9]{5,7}$", description='in quotes, such as "52.520008"'),
    ] = "0.00000"
    longitude: Annotated[
        str,
        msgspec.Meta(pattern=r"^-?[0-9]{1,3}\.[0-9]{5,7}$", description='in quotes, such as "13.404954"'),
    ] = "0.00000"
    time_zone: str = ""
    connector_standard: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] = "IEC_62196_T2"
    connector_format: Annotated[Literal["CABLE", "SOCKET"], msgspec.Meta(description="CABLE or SOCKET")] = (
        "CABLE"
    )
    connector_power_type: Annotated[
        Literal["AC_1_PHASE", "AC_2_PHASE", "AC_2_PHASE_SPLIT", "AC_3_PHASE", "DC"],
        msgspec.Meta(description="AC_1_PHASE, AC_2_PHASE, AC_2_PHASE_SPLIT, AC_3_PHASE or DC"),
    ] = "AC_3_PHASE"


Days = Annotated[int, msgspec.Meta(ge=1, le=3650, description="whole days, at most ten years")]


class PkiSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[pki]: certificates for stations and contracts. Without the section none are issued or checked.

    `public_url` is where the REST interface is reached from outside: it stands in certificates. `responders`
    are other people's OCSP responders that may be asked.
    """

    directory: str = "pki"
    public_url: Annotated[
        str, msgspec.Meta(pattern="^(https?://[^/]+/?)?$", description='such as "http://pki.example.com"')
    ] = ""
    station_days: Days = 365
    secc_days: Days = 90
    contract_days: Days = 730
    responders: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern="^https?://[^/]+/?$")], ...],
        msgspec.Meta(description='such as ["http://ocsp.example.com"]'),
    ] = ()
    longest_ev_answer: Annotated[
        int,
        msgspec.Meta(
            ge=5600,
            le=7500,
            description="characters; 5600 in OCPP 2.0.1 as it was published, 7500 in its schema",
        ),
    ] = 5600
    token_module: str = ""
    token_label: str = ""
    token_pin_file: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole configuration. As `load_config` returns it, every default is filled in."""

    cpo: Annotated[
        CpoSection,
        msgspec.Meta(description="add [cpo] with country_code, party_id, currency and time_zone"),
    ]
    database: DatabaseSection = DatabaseSection()
    ocpp: OcppSection = OcppSection()
    api: ApiSection = ApiSection()
    location: LocationSection = LocationSection()
    pki: PkiSection | None = None

    @property
    def rounding(self) -> RoundingPolicy:
        """The rounding of new sessions; `load_config` has checked it."""
        return RoundingPolicy.parse(self.cpo.rounding)


class _Problem(Exception):
    """A rule that msgspec cannot state is broken at `path`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(problem)
        self.path = path


def load_config(path: Path) -> Config:
    """Read and check a configuration file, and fill in what it leaves out.

    Raises:
        ConfigError: If it cannot be read, is no TOML, or anything in it is wrong.
    """
    text = _read(path)
    try:
        config = _complete(msgspec.convert(tomllib.loads(text), Config), path)
    except tomllib.TOMLDecodeError as error:
        problem, _, where = str(error).partition(" (at line ")
        number = where.partition(",")[0]
        raise ConfigError(path, int(number) if number.isdigit() else None, f"not TOML: {problem}") from error
    except msgspec.ValidationError as error:
        place, problem = _explain(str(error))
        raise ConfigError(path, line_of(text, place), problem) from error
    except _Problem as error:
        raise ConfigError(path, line_of(text, error.path), f"{error.path}: {error}") from error
    return config


def sqlite_file(config: Config) -> Path | None:
    """Return the file that the database is, or None if a server keeps it."""
    url = parse_url(config.database.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def shown_url(config: Config) -> str:
    """Return the database URL without its password."""
    return parse_url(config.database.url).render_as_string(hide_password=True)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            path, None, f"no such file; to write one and make its database: init --config {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, f"the configuration cannot be read: {error}") from error


def _complete(config: Config, path: Path) -> Config:
    """Fill in the defaults that depend on other values, and check what spans them."""
    here = path.resolve().parent
    data = STATE_DIRECTORY if here.is_relative_to("/etc") else here
    _check_time_zone("cpo.time_zone", config.cpo.time_zone)
    _check_rounding(config.cpo.rounding)
    token_file = here / config.api.token_file if config.api.token_file else data / "api-token"
    return replace(
        config,
        database=DatabaseSection(url=_database_url(config.database.url, here, data)),
        api=replace(config.api, token_file=str(token_file)),
        location=_location(config),
        pki=None if config.pki is None else _pki(config.pki, here, data),
    )


def _pki(pki: PkiSection, here: Path, data: Path) -> PkiSection:
    """Fill in where things are, and check that a token is named as a whole."""
    is_named = [bool(each) for each in (pki.token_module, pki.token_label, pki.token_pin_file)]
    if any(is_named) and not all(is_named):
        raise _Problem(
            "pki.token_module", "a token needs token_module, token_label and token_pin_file together"
        )
    base = here if pki.directory != PkiSection().directory else data
    return replace(
        pki,
        directory=str(base / pki.directory),
        token_pin_file=str(here / pki.token_pin_file) if pki.token_pin_file else "",
    )


def _database_url(text: str, here: Path, data: Path) -> str:
    if not text:
        return URL.create("sqlite+aiosqlite", database=str(data / "chargehand.db")).render_as_string()
    try:
        url = parse_url(text)
    except DatabaseUrlError as error:
        raise _Problem("database.url", str(error)) from error
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(here / url.database))
    return url.render_as_string(hide_password=False)


def _location(config: Config) -> LocationSection:
    location = config.location
    country = location.country or ALPHA_3.get(config.cpo.country_code, "")
    if not country:
        raise _Problem("location.country", "add the three letters of ISO 3166-1 for where the stations stand")
    if location.time_zone:
        _check_time_zone("location.time_zone", location.time_zone)
    return replace(location, country=country, time_zone=location.time_zone or config.cpo.time_zone)


def _check_time_zone(path: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise _Problem(
            path, f'no time zone {name!r}; use a name such as "Europe/Berlin" (and install tzdata if missing)'
        ) from None


def _check_rounding(text: str) -> None:
    try:
        RoundingPolicy.parse(text)
    except ValueError:
        raise _Problem(
            "cpo.rounding", f'{text!r} is no rounding; use HALF_UP or HALF_EVEN, such as "HALF_UP/2/TOTAL"'
        ) from None


def _explain(message: str) -> tuple[str, str]:
    """Turn msgspec's message into the path it is about and a message with the fix."""
    problem, _, where = message.partition(" - at ")
    path = where.strip("`").removeprefix("$").removeprefix(".").partition("[")[0]
    subject = path
    if problem.startswith(("Object missing", "Object contains unknown")):
        name = problem.split("`")[1]
        subject = f"{path}.{name}" if path else name
        missing = problem.startswith("Object missing")
        problem = "is missing" if missing else f"unknown; known here: {', '.join(_fields(path))}"
    hint = _description(subject)
    return subject, f"{subject}: {problem}; {hint}" if hint else f"{subject}: {problem}"


def _fields(path: str) -> dict[str, msgspec.inspect.Type]:
    """Return the keys of a table and what they take."""
    known: Any = msgspec.inspect.type_info(Config)
    for name in path.split(".") if path else ():
        known = {field.name: field.type for field in known.fields}[name]
        if isinstance(known, msgspec.inspect.Metadata):
            known = known.type
        if isinstance(known, msgspec.inspect.UnionType):  # a section that may be left out
            known = known.types[0]
    return {field.name: field.type for field in known.fields}


def _description(path: str) -> str:
    table, _, name = path.rpartition(".")
    kind = _fields(table).get(name)
    schema = kind.extra_json_schema if isinstance(kind, msgspec.inspect.Metadata) else None
    return str((schema or {}).get("description", ""))
