from __future__ import annotations

import os
import re
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.config.hardware import device_address, lock_address, watchdog_s
from agent.config.load import load_config, read_password, variable_overrides
from agent.config.sections import Config, ConfigError
from agent.iso15118.section import spoken
from tests.unit.agent.station_file import RIGHT, SECOND, write


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def loaded(directory: Path, text: str = RIGHT) -> Config:
    return load_config(write(directory, text))


def error_of(directory: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as found:
        loaded(directory, text)
    return found.value


def test_a_meter_that_is_to_sign_must_be_able_to(tmp_path: Path) -> None:
    signed = RIGHT.replace("max_current_a = 16", "max_current_a = 16\nsigned = true")
    with pytest.raises(
        ConfigError, match=r"evse\[0\]\.meter\.profile: eastron-sdm630 has no scripts for signed"
    ):
        loaded(tmp_path, signed)
    bsm = signed.replace("eastron-sdm630", "bauer-bsm-ws36a")
    assert loaded(tmp_path, bsm).evse[0].signed


def test_a_point_that_no_device_can_see_is_refused(tmp_path: Path) -> None:
    def points(value: str, base: str = RIGHT) -> str:
        return base.replace("[[evse]]", f'[variables]\n"TxCtrlr.TxStartPoint" = "{value}"\n\n[[evse]]')

    with pytest.raises(ConfigError, match=r"EVSE 1 has no bay_sensor to see who parks"):
        loaded(tmp_path, points("EVConnected,ParkingBayOccupancy"))
    sensor = RIGHT + '\n[evse.bay_sensor]\nprofile = "waveshare-modbus-rtu-io-8ch"\nhost = "127.0.0.3"\n'
    assert loaded(tmp_path, points("ParkingBayOccupancy", sensor)).evse[0].bay_sensor is not None
    with pytest.raises(ConfigError, match="the meter of EVSE 1 signs no beginning"):
        loaded(tmp_path, points("DataSigned"))
    signed = RIGHT.replace("max_current_a = 16", "max_current_a = 16\nsigned = true")
    bsm = signed.replace("eastron-sdm630", "bauer-bsm-ws36a")
    assert loaded(tmp_path, points("DataSigned", bsm)).evse[0].signed
    with pytest.raises(ConfigError, match="the meter of EVSE 1 signs no beginning"):
        loaded(tmp_path, points("DataSigned", bsm.replace("bauer-bsm-ws36a", "carlo-gavazzi-em580")))


def test_phases_are_switched_by_what_can(tmp_path: Path) -> None:
    switch = RIGHT.replace("max_current_a = 16", "max_current_a = 16\nphase_switch = true")
    with pytest.raises(ConfigError, match=r"evse\[0\]\.controller\.profile: .* no point with role 'phases'"):
        loaded(tmp_path, switch)
    able = switch.replace("phoenix-em-cp-pp-eth", "mennekes-amtron-compact")
    assert loaded(tmp_path, able).evse[0].phase_switch is True
    with pytest.raises(ConfigError, match="an EVSE of one phase has none to switch"):
        loaded(tmp_path, able.replace("phase_switch", "phases = 1\nphase_switch"))


def test_a_device_that_sees_no_bay_is_refused(tmp_path: Path) -> None:
    meter = RIGHT + '\n[evse.bay_sensor]\nprofile = "abb-b23"\nhost = "127.0.0.3"\n'
    with pytest.raises(
        ConfigError, match=r"evse\[0\]\.bay_sensor\.profile: .* no point with role 'occupied'"
    ):
        loaded(tmp_path, meter)


_LINK = '\n[evse.iso15118]\ninterface = "eth1"\nevse_id = "DE*ABC*E1234*1"\n'


def test_an_evse_speaks_with_vehicles_by_a_modem(tmp_path: Path) -> None:
    link = loaded(tmp_path, RIGHT + _LINK).evse[0].iso15118
    assert link is not None
    assert (link.interface, link.tls, link.plug_and_charge) == ("eth1", "offered", False)
    assert spoken(link, is_dc=False) == ("ISO 15118-20", "ISO 15118-2")
    assert spoken(link, is_dc=True)[-1] == "DIN 70121"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('interface = "a/b"', r"interface: expected the name of a network interface"),
        ('interface = "much-too-long-for-linux"', r"interface: expected the name of a network interface"),
        ('evse_id = "1234"', r"evse_id: expected an EVSE ID"),
        (f'evse_id = "DE*ABC*E{"1" * 31}"', r"evse_id: expected an EVSE ID .* to 37 characters"),
        ("protocols = []", r"protocols"),
        ('protocols = ["DIN 70121"]', r"protocols: DIN 70121 is for direct current"),
        ('protocols = ["ISO 15118-2", "ISO 15118-2"]', r"protocols: a protocol is named twice"),
        ('protocols = ["ISO 15118-3"]', r"choose from ISO 15118-20, ISO 15118-2, DIN 70121"),
        ('tls = "off"\nplug_and_charge = true', r"plug_and_charge: contracts are for TLS only"),
        ('tls = "off"\nprotocols = ["ISO 15118-20"]', r"tls: ISO 15118-20 is spoken over TLS only"),
        ("contract_installation = true", r"contract_installation: it needs plug_and_charge"),
        ("receipts = true", r"receipts: .* it needs plug_and_charge"),
    ],
)
def test_what_is_wrong_with_a_vehicle_link_is_said(tmp_path: Path, more: str, problem: str) -> None:
    keys = {line.partition(" =")[0] for line in more.splitlines()}
    kept = [line for line in _LINK.splitlines() if line.partition(" =")[0] not in keys]
    error = error_of(tmp_path, RIGHT + "\n".join([*kept, more, ""]))
    assert re.search(problem, str(error))


def test_contracts_for_vehicles_come_from_a_backend(tmp_path: Path) -> None:
    head, rest = RIGHT.split("[csms]")
    alone = head + "[" + rest.split("[", 1)[1]
    wish = _LINK + "plug_and_charge = true\ncontract_installation = true\n"
    assert loaded(tmp_path, RIGHT + wish).evse[0].iso15118 is not None
    with pytest.raises(ConfigError, match=r"contract_installation: contracts come from a backend"):
        loaded(tmp_path, alone + wish)


def test_two_evses_do_not_share_a_modem(tmp_path: Path) -> None:
    other = _LINK.replace("eth1", "eth2").replace("1234*1", "1234*2")
    assert len(loaded(tmp_path, RIGHT + _LINK + SECOND + other).evse) == 2
    with pytest.raises(ConfigError, match=r"evse\[1\]\.iso15118\.evse_id: EVSE 1 has this id"):
        loaded(tmp_path, RIGHT + _LINK + SECOND + _LINK.replace("eth1", "eth2"))
    with pytest.raises(ConfigError, match=r"evse\[1\]\.iso15118\.interface: EVSE 1 has this interface"):
        loaded(tmp_path, RIGHT + _LINK + SECOND + _LINK)


def test_payments_need_a_backend(tmp_path: Path) -> None:
    head, rest = RIGHT.split("[csms]")
    alone = head + '[payment]\nterminal = "emulated"\n[' + rest.split("[", 1)[1]
    with pytest.raises(ConfigError, match=r"payment: payments need a backend: add \[csms\]"):
        loaded(tmp_path, alone)


def test_a_station_file_becomes_frozen_values(tmp_path: Path) -> None:
    config = loaded(tmp_path, RIGHT + SECOND)
    assert config.station.id == "CH-1"
    assert [evse.id for evse in config.evse] == [1, 2]
    assert config.evse[0].connector.has_fixed_cable
    assert config.evse[1].meter.unit == 2


@pytest.mark.parametrize(
    ("right", "wrong", "part", "problem"),
    [
        ('vendor = "chargehand"', "vendor = 7", "vendor", "station.vendor: Expected `str`, got `int`"),
        ('model = "Unit"', 'modell = "Unit"', "modell", "unknown field `modell`"),
        ('model = "Unit"', "", "[station]", "missing required field `model`"),
        ('id = "CH-1"', 'id = "CH 1"', 'id = "CH 1"', "station.id"),
        ('id = "CH-1"', 'id = "CH:1"', 'id = "CH:1"', "has no colon"),
        ("ws://127.0.0.1:9/ocpp", "http://127.0.0.1", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", "ws://127.0.0.1:99999/", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", "ws://[::1/", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", "ws://user:secret@host/", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", "ws://host/with space", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", "ws://host/ocpp?x=1", "url", "expected ws://host:port/path"),
        ("ws://127.0.0.1:9/ocpp", f"ws://{'a' * 64}.example/", "url", "expected ws://host:port/path"),
        (
            'password = "a-password-of-16-or-more"',
            'password = "x"\npassword_file = "y"',
            "password_file",
            "either password or password_file",
        ),
        (
            'password = "a-password-of-16-or-more"',
            'ca_file = "/etc/ca.pem"',
            "ca_file",
            "with a wss:// address only",
        ),
        ("DIRECTORY/agent.sock", "/" + "x" * 120, "control_socket", "at most 107 bytes"),
        ("max_current_a = 16", "max_current_a = 5", "max_current_a", "evse[0].max_current_a"),
        ("max_current_a = 16", "max_current_a = 100", "max_current_a", "cannot be set to 100 A"),
        ("id = 1\n", "id = 2\n", "id = 2", "must be 1 to 1 here, without gaps"),
        ('profile = "eastron-sdm630"', 'profile = "nonesuch"', '"nonesuch"', "evse[0].meter.profile"),
        (
            'profile = "phoenix-em-cp-pp-eth"\n',
            'profile = "eastron-sdm630" # a meter\n',
            "# a meter",
            "not a charge-controller",
        ),
        ('port = "/dev/ttyCH0"', "", "[evse.meter]", 'give one of port = "/dev/..."'),
        ('port = "/dev/ttyCH0"', 'port = "/dev/ttyCH0"\nhost = "h"', "[evse.meter]", "give one of port"),
        ('port = "/dev/ttyCH0"', 'port = "/dev/ttyCH0"\nbaud = 9', "baud", "evse[0].meter.baud"),
        ('port = "/dev/ttyCH0"', 'port = "/dev/ttyCH0"\nunit = 0', "unit", "unit"),
        ('port = "/dev/ttyCH0"', 'port = "/dev/tty\\u0000"', "port", "without control characters"),
        ('host = "127.0.0.1"', "host = 7", "host", "evse[0].controller.host"),
        (
            "[csms]",
            '[csms]\nversions = ["2.1", "1.6", "2.1"]',
            "versions",
            "csms.versions: 2.1 is there twice; name each version once",
        ),
        ("[csms]", "[csms", "[csms", "not TOML"),
        ("[csms]", '[variables]\n"Nope.Nope" = 1\n[csms]', "Nope", "`chargehand-agent variables` lists them"),
        (
            "[csms]",
            '[variables]\n"TxCtrlr.TxStartPoint" = "Bay"\n[csms]',
            "TxStartPoint",
            "takes ParkingBayOccupancy, EVConnected",
        ),
        (
            "[csms]",
            '[variables]\n"TxCtrlr.EVConnectionTimeOut" = 1.5\n[csms]',
            "EVConnectionTimeOut",
            "takes a text, a whole number, true or false",
        ),
        ("[csms]", "[surprise]\n[csms]", "[surprise]", "unknown field `surprise`"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_would_be_right(
    tmp_path: Path, right: str, wrong: str, part: str, problem: str
) -> None:
    assert RIGHT.count(right) >= 1
    text = RIGHT.replace(right, wrong, 1)
    error = error_of(tmp_path, text)
    assert error.line == line_with(text, part), error
    assert problem in str(error)
    assert str(error).startswith(f"{tmp_path}/station.toml:{error.line}: ")


def test_an_evse_that_is_described_twice(tmp_path: Path) -> None:
    text = RIGHT + SECOND.replace("id = 2", "id = 1")
    error = error_of(tmp_path, text)
    assert "EVSE 1 is described twice" in str(error)
    assert error.line == len(RIGHT.splitlines()) + 3


def test_devices_on_one_line_must_agree_on_it(tmp_path: Path) -> None:
    text = RIGHT + SECOND.replace("unit = 2", "unit = 2\nbaud = 19200")
    error = error_of(tmp_path, text)
    assert "/dev/ttyCH0 is already driven at" in str(error)
    assert error.line is not None
    assert "/dev/ttyCH0" in text.splitlines()[error.line - 1]


def test_two_devices_cannot_have_one_address_unless_they_are_of_one_kind(tmp_path: Path) -> None:
    text = RIGHT.replace('host = "127.0.0.1"', 'host = "127.0.0.1"\nunit = 1').replace(
        'port = "/dev/ttyCH0"', 'host = "127.0.0.1"\nunit = 1'
    )
    assert "is already a" in str(error_of(tmp_path, text))


def test_two_evses_cannot_have_one_controller(tmp_path: Path) -> None:
    """Copied and not changed: the second driver's energy would be switched and billed as the first one's."""
    copied = RIGHT.partition("[[evse]]")[2].replace("id = 1", "id = 2")
    error = error_of(tmp_path, f"{RIGHT}\n[[evse]]{copied}")
    assert "EVSE 1 has this controller" in str(error)
    assert error.line is not None
    assert error.line > len(RIGHT.splitlines())


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
    (tmp_path / "station.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "station.toml")


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "1" * 5000, "a = 2026-13-01", ""])
def test_toml_that_nobody_would_write_on_purpose(tmp_path: Path, text: str) -> None:
    assert error_of(tmp_path, text)


def test_the_variables_of_the_station_file(tmp_path: Path) -> None:
    variables = '[variables]\n"TxCtrlr.StopTxOnInvalidId" = false\n"OCPPCommCtrlr.OfflineThreshold" = 30\n'
    config = loaded(tmp_path, RIGHT.replace("[csms]", f"{variables}[csms]"))
    assert variable_overrides(config) == {
        "TxCtrlr.StopTxOnInvalidId": "false",
        "OCPPCommCtrlr.OfflineThreshold": "30",
    }


def test_the_password_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    text = RIGHT.replace('password = "a-password-of-16-or-more"', f'password_file = "{secret}"')
    csms = loaded(tmp_path, text).csms
    assert csms is not None
    assert read_password(csms) == "from-a-file"
    secret.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="secret: the password file cannot be read"):
        read_password(csms)
    secret.unlink()
    with pytest.raises(ConfigError, match="secret: the password file cannot be read"):
        read_password(csms)
    plain = loaded(tmp_path).csms
    assert plain is not None
    assert read_password(plain) == "a-password-of-16-or-more"


quoted = st.text(string.printable, max_size=20).map(lambda text: "'" + text.replace("'", "") + "'")
scraps = st.sampled_from(
    ["[", "]", "[[evse]]", "=", "\n", "id", '"', "'", "1", "true", "{}", ".", "evse", "port", "\x00", "é"]
)
values = st.one_of(
    quoted,
    st.text(max_size=20).map(lambda text: f'"{text}"'),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["true", "{}", "[]", "[1]", "2026-01-01", "1e400", '"\\u0000"', '"' + "x" * 5000 + '"']),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_station_file_is_a_config_error_and_nothing_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    """Any value replaced by any other, any line dropped or doubled, any scrap put in."""
    lines = (RIGHT + SECOND).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        key, _, _ = lines[number].partition("=")
        lines[number : number + 1] = data.draw(
            st.one_of(
                values.map(lambda value, key=key: [f"{key}= {value}"]),  # type: ignore[misc]  # bound now
                st.just([]),
                st.just([lines[number]] * 2),
                scraps.map(lambda scrap, line=lines[number]: [scrap + line]),  # type: ignore[misc]  # bound now
            )
        ) or [""]
    path = tmp_path / "station.toml"
    path.write_text("\n".join(lines).replace("DIRECTORY", "/tmp"), "utf-8", errors="replace")
    with suppress(ConfigError):
        load_config(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_config_error_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "station.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError):
        load_config(path)


def test_errors_name_the_file_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "x = 1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^station\.toml"):
        load_config(Path("station.toml"))
    assert os.fspath(tmp_path) not in os.environ.get("CHARGEHAND_STATION", "")


OPENEVSE = RIGHT.replace(
    'profile = "phoenix-em-cp-pp-eth"\nhost = "127.0.0.1"', 'profile = "openevse-rapi"\nport = "/dev/ttyS1"'
)


def test_an_openevse_controller_may_be_the_meter_too(tmp_path: Path) -> None:
    text = OPENEVSE.replace(
        'profile = "eastron-sdm630"\nport = "/dev/ttyCH0"', 'profile = "openevse-rapi"\nport = "/dev/ttyS1"'
    )
    config = loaded(tmp_path, text)
    assert watchdog_s(config, config.evse[0]) == 30


def test_an_openevse_controller_cannot_be_set_to_everything(tmp_path: Path) -> None:
    error = error_of(tmp_path, OPENEVSE.replace("max_current_a = 16", "max_current_a = 81"))
    assert error.problem == "evse[0].max_current_a: openevse-rapi cannot be set to 81 A"


READER = '[[reader]]\nprofile = "nxp-pn532-hsu"\nport = "/dev/ttyRFID"\n'


def test_readers_of_the_station_and_of_one_evse(tmp_path: Path) -> None:
    second = READER.replace("ttyRFID", "ttyRFID2") + "evse = 1\n"
    config = loaded(tmp_path, RIGHT + READER + second)
    assert [(reader.port, reader.evse) for reader in config.reader] == [
        ("/dev/ttyRFID", None),
        ("/dev/ttyRFID2", 1),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('profile = "nxp-pn532-hsu"', 'profile = "pn533"', "reader[0].profile: no profile 'pn533'"),
        (
            'profile = "nxp-pn532-hsu"',
            'profile = "abb-b23"',
            "reader[0].profile: abb-b23 is a meter, not a reader",
        ),
        ('port = "/dev/ttyRFID"', "", "missing required field `port`"),
        ('port = "/dev/ttyRFID"', 'port = ""', "reader[0].port: expected a name"),
        (
            'port = "/dev/ttyRFID"',
            'port = "/dev/ttyCH0"',
            "reader[0].port: /dev/ttyCH0 is a Modbus line already",
        ),
        ('port = "/dev/ttyRFID"', 'port = "/dev/ttyRFID"\nunit = 1', "unknown field `unit`"),
        ('port = "/dev/ttyRFID"', 'port = "/dev/ttyRFID"\nevse = 2', "reader[0].evse: there is no EVSE 2"),
        (READER, READER * 2, "reader[1].port: this reader is described twice"),
    ],
)
def test_mistakes_in_readers(tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    error = error_of(tmp_path, RIGHT + READER.replace(right, wrong))
    assert problem in error.problem
    assert error.line is not None
    assert error.line >= line_with(RIGHT + READER, "[[reader]]")


DISPLAY = '[[display]]\nprofile = "openevse-rapi"\nport = "/dev/ttyEVSE"\n'


def test_a_display_may_be_the_charge_controllers(tmp_path: Path) -> None:
    config = loaded(tmp_path, RIGHT + DISPLAY + "evse = 1\n")
    assert [(display.port, display.evse) for display in config.display] == [("/dev/ttyEVSE", 1)]


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('"openevse-rapi"', '"nxp-pn532-hsu"', "display[0].profile: nxp-pn532-hsu has no display"),
        ('port = "/dev/ttyEVSE"', 'port = ""', "display[0].port: expected a name"),
        ('port = "/dev/ttyEVSE"', 'port = "/dev/ttyEVSE"\nevse = 2', "display[0].evse: there is no EVSE 2"),
    ],
)
def test_mistakes_in_displays(tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    error = error_of(tmp_path, RIGHT + DISPLAY.replace(right, wrong))
    assert problem in error.problem


def charx(*instances: int) -> str:
    """Return a station file with an EVSE for each of these connectors of one charger."""
    head, _, evse = RIGHT.partition("[[evse]]")
    for number, instance in enumerate(instances, start=1):
        one = evse.replace("id = 1", f"id = {number}").replace("ttyCH0", f"ttyCH{number}")
        head += "[[evse]]" + one.replace("phoenix-em-cp-pp-eth", "phoenix-charx-sec")
        head += f"instance = {instance}\n"
    return head


def test_two_evses_may_be_two_connectors_of_one_charger(tmp_path: Path) -> None:
    config = loaded(tmp_path, charx(1, 2))
    assert [evse.controller.instance for evse in config.evse] == [1, 2]
    assert "EVSE 1 has this controller" in str(error_of(tmp_path, charx(2, 2)))


def test_a_connector_that_the_charger_has_not_is_told(tmp_path: Path) -> None:
    error = error_of(tmp_path, charx(49))
    assert "evse[0].controller.instance: phoenix-charx-sec has 48, so 49 is none of them" in str(error)


def test_a_limit_is_checked_against_every_variant(tmp_path: Path) -> None:
    text = RIGHT.replace('profile = "phoenix-em-cp-pp-eth"', 'profile = "evracing-evse-din"')
    loaded(tmp_path, text)
    assert "cannot be set to 100 A" in str(
        error_of(tmp_path, text.replace("max_current_a = 16", "max_current_a = 100"))
    )


def test_a_key_that_is_nearly_right_is_told_what_it_may_have_been(tmp_path: Path) -> None:
    assert "did you mean max_current_a?" in str(
        error_of(tmp_path, RIGHT.replace("max_current_a", "max_curent_a"))
    )
    variable = '\n[variables]\n"SampledDataCtrlr.TxUpdatedIntervall" = 30\n'
    assert "did you mean SampledDataCtrlr.TxUpdatedInterval?" in str(error_of(tmp_path, RIGHT + variable))


def test_a_directory_of_profiles_must_be_there(tmp_path: Path) -> None:
    text = f'profiles_directory = "{tmp_path / "nowhere"}"\n{RIGHT}'
    error = error_of(tmp_path, text)
    assert (error.line, error.problem) == (
        1,
        f"profiles_directory: there is no directory {tmp_path / 'nowhere'}",
    )


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"station\.toml: the station file cannot be read: No such file"):
        load_config(tmp_path / "station.toml")
    (tmp_path / "latin.toml").write_bytes(b'[station]\nid = "\xe4"\n')
    with pytest.raises(ConfigError, match="cannot be read: byte 16 is not UTF-8"):
        load_config(tmp_path / "latin.toml")


SOCKET = """
[evse.connector]
type = "sType2"
lock = true
"""


def test_a_socket_may_have_a_lock_of_the_controllers_or_of_its_own(tmp_path: Path) -> None:
    text = RIGHT.replace("phoenix-em-cp-pp-eth", "phoenix-ev-cc-ac1")
    own = loaded(tmp_path, text + SOCKET)
    assert lock_address(own.evse[0]) == device_address(own.evse[0].controller)
    apart = SOCKET.replace("lock = true", 'lock = {profile = "phoenix-ev-cc-ac1", host = "192.0.2.9"}')
    address = lock_address(loaded(tmp_path, RIGHT + apart).evse[0])
    assert address is not None
    assert address.host == "192.0.2.9"
    assert lock_address(loaded(tmp_path).evse[0]) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (RIGHT + SOCKET, r"controller\.profile: profile phoenix-em-cp-pp-eth has no point with role 'lock'"),
        (RIGHT + SOCKET.replace("sType2", "cType2"), r"connector\.lock: a cType2 has its cable attached"),
        (
            RIGHT + SOCKET.replace("true", '{profile = "phoenix-ev-cc-ac1"}'),
            r"connector\.lock: give one of port",
        ),
    ],
)
def test_mistakes_in_locks(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        loaded(tmp_path, text)
