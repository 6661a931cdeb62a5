"""ChangeConfiguration: the backend writes a configuration key (OCPP 1.6, 5.3)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16 import phase_rotation
from agent.csms.v16.configuration import Key, entry_of, find, is_readonly
from agent.security.passwords import of_key
from agent.store.database import StoreError
from agent.variables.checks import ValueRefused, checked
from agent.variables.model import Entry
from ocppj.messages import v16

log = logging.getLogger(__name__)

_PASSWORD = "SecurityCtrlr.BasicAuthPassword"  # noqa: S105 - the variable's name

_STOP_POINT = "TxCtrlr.TxStopPoint"
_WITH_DRIVER = "Authorized"


async def handle(request: v16.ChangeConfigurationRequest, context: Context) -> Reply:
    """Write the key; it is durable before the answer says Accepted."""
    model = context.station.settings
    key = find(request.key, context.station)
    if key is None:
        return _reply("NotSupported")
    if is_readonly(key, model):
        return _reply("Rejected")
    before = model.text(_PASSWORD)
    try:
        status = await _write(key, request.value, context)
    except ValueRefused as refusal:
        log.warning("%s not set: %s", key.name, refusal)
        return _reply("Rejected")
    except StoreError as error:
        log.error("%s not set: %s", key.name, error)
        return _reply("Rejected")
    log.info("the backend set %s", key.name)
    if model.text(_PASSWORD) == before:
        return _reply(status)
    await context.security.credentials.password_changed()
    return Reply(v16.ChangeConfigurationResponse(status=status), context.reconnect)


async def _write(key: Key, value: str, context: Context) -> v16.ConfigurationStatus:
    """Write a value.

    Raises:
        ValueRefused: If it does not fit.
        StoreError: If it could not be stored.
    """
    entry = entry_of(key, context.station.settings)
    if key.form == "rotation":
        await phase_rotation.write(context.station, value)
    elif key.form == "security":
        await _raise_security(value, context)
        return "RebootRequired"
    elif entry is not None:
        if key.form == "waits":
            await _let_transactions_wait(checked(entry.variable, value), context)
        status = await _write_variable(entry, value, context)
        if key.also is not None:
            model = context.station.settings
            await model.write(model.entry(key.also), value)
        return status
    return "Accepted"


async def _write_variable(entry: Entry, value: str, context: Context) -> v16.ConfigurationStatus:
    model = context.station.settings
    if entry.variable.name == _PASSWORD:
        checked(entry.variable, value)
        is_hexadecimal = of_key(value) is not None
        await context.security.credentials.keep_password(is_hexadecimal=is_hexadecimal)
        await context.network.drop_own_password()
    await model.write(entry, value)
    return "RebootRequired" if model.awaits_restart(entry) else "Accepted"


async def _let_transactions_wait(stops_with_vehicle: str, context: Context) -> None:
    """Have transactions end with their driver: one that waits for its vehicle must not end without it.

    2.0.1 has a variable for that, 1.6 has not: there the one key says it all.
    """
    model = context.station.settings
    if stops_with_vehicle == "false" and model.text(_STOP_POINT) != _WITH_DRIVER:
        await model.write(model.entry(_STOP_POINT), _WITH_DRIVER)


async def _raise_security(value: str, context: Context) -> None:
    """Use a higher security profile from the next start on (security extension, A05)."""
    if value not in ("1", "2", "3"):
        raise ValueRefused("a security profile is 1, 2 or 3")
    refusal = await context.network.raise_security(int(value))
    if refusal is not None:
        raise ValueRefused(refusal.why)


def _reply(status: v16.ConfigurationStatus) -> Reply:
    return Reply(v16.ChangeConfigurationResponse(status=status))
