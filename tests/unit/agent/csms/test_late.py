from __future__ import annotations

import subprocess
import sys
from inspect import iscoroutinefunction, signature

import pytest

from agent.csms.dialect import Dialect
from agent.csms.late import Late, late
from agent.csms.v16.dialect import Dialect16
from agent.csms.v21.dialect import Dialect21
from agent.csms.v201.dialect import Dialect201
from agent.csms.v201.reservation_status_update import message

DIALECTS = (Dialect16(), Dialect201(), Dialect21())


def test_it_is_the_function_that_it_names() -> None:
    assert late("v201.reservation_status_update.message").function is message


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.version.value)
def test_every_function_that_a_dialect_names_is_there(dialect: Dialect) -> None:
    for action, handler in dialect.handlers.items():
        function = handler.function if isinstance(handler, Late) else handler
        assert iscoroutinefunction(function), action
        assert len(signature(function).parameters) == 2, action
    pairs = [function for both in dialect.questions.values() for function in both]
    for one in [*dialect.notices.values(), *pairs]:
        function = one.function if isinstance(one, Late) else one
        assert len(signature(function).parameters) == 1, one


@pytest.mark.parametrize("version", ["v16", "v201", "v21"])
def test_what_is_not_called_is_not_loaded(version: str) -> None:
    script = f"""
import sys
import agent.csms.{version}.dialect
loaded = [name for name in sys.modules if name.endswith((".reset", ".send_local_list", ".get_tariffs"))]
assert loaded == [], loaded
"""
    subprocess.run([sys.executable, "-c", script], check=True)
