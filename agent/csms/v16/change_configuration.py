"""ChangeConfiguration: the backend writes a configuration key (OCPP 1.6, 5.3)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16.configuration import entry_of, is_readonly, keys
from agent.store.database import StoreError
from agent.variables.checks import ValueRefused
from ocppj.messages import v16

log = logging.getLogger(__name__)

_PASSWORD = "SecurityCtrlr.BasicAuthPassword"  # noqa: S105 - the variable's name


async def handle(request: v16.ChangeConfigurationRequest, context: Context) -> Reply:
    """Write the key; it is durable before the answer says Accepted."""
    model = context.station.settings
    key = keys().get(request.key.casefold())
    if key is None:
        return _reply("NotSupported")
    entry = entry_of(key, model)
    if entry is None or is_readonly(key, model):
        return _reply("Rejected")
    before = model.text(_PASSWORD)
    try:
        await model.write(entry, request.value)
    except ValueRefused as refusal:
        log.warning("%s not set: %s", key.name, refusal)
        return _reply("Rejected")
    except StoreError as error:
        log.error("%s not set: %s", key.name, error)
        return _reply("Rejected")
    log.info("the backend set %s", key.name)
    is_new_password = model.text(_PASSWORD) != before
    return Reply(
        v16.ChangeConfigurationResponse(status="Accepted"), context.reconnect if is_new_password else None
    )


def _reply(status: v16.ConfigurationStatus) -> Reply:
    return Reply(v16.ChangeConfigurationResponse(status=status))
