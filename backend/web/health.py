"""GET /health: whether the backend works, for a load balancer or a monitor."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from backend.db.tables import charging_stations
from backend.web.service import Served

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The backend works, and so does its database."""

    status: Literal["ok"]


@router.get("/health")
async def get_health(service: Served) -> Health:
    """Whether the backend works: 200, or 503 if its database does not. Needs no token."""
    await service.database.read(lambda db: db.execute(select(charging_stations.c.id).limit(1)).first())
    return Health(status="ok")
