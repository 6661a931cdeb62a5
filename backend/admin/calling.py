"""Ask the backend that is running, over its REST interface: it is the one that chargers are connected to."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any

from backend.admin.errors import AdminError
from backend.config import Config

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not listened on
_TIMEOUT_S = 60.0


def call(config: Config, method: str, path: str, body: Any = None) -> Any:
    """Return what the REST interface answers to a request below /api/v1/.

    Raises:
        AdminError: If no backend runs with this configuration, or it refuses; with what it says.
    """
    host = _ANY.get(config.api.host, config.api.host)
    try:
        token = Path(config.api.token_file).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise AdminError(f"{config.api.token_file} cannot be read: {why}; it is made by: serve") from error
    connection = http.client.HTTPConnection(host, config.api.port, timeout=_TIMEOUT_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1/{path}", text, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AdminError(
            f"no backend answers at {host} port {config.api.port} ({error}); start it with: serve"
        ) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise AdminError(str(answer.get("detail", response.reason)))
    return answer
