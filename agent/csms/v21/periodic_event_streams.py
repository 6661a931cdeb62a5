"""Periodic event streams: the station opens and closes them, the backend asks for and adjusts them (N11)."""

from __future__ import annotations

import logging
from typing import cast

from agent.csms.dialect import Context, Handler, Reply
from agent.monitoring.records import StreamRate
from agent.monitoring.streams import Batch, Stream
from agent.store.database import StoreError
from ocppj.messages import v21
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)

_LONGEST_VALUE = 2500


class Words:
    """Implements `agent.csms.stream_words.StreamWords`."""

    def open(self, stream: Stream) -> v21.OpenPeriodicEventStreamRequest:
        """Return OpenPeriodicEventStream."""
        return v21.OpenPeriodicEventStreamRequest(constant_stream_data=_data(stream))

    def is_opened(self, response: Payload) -> bool:
        """Read OpenPeriodicEventStreamResponse."""
        return cast("v21.OpenPeriodicEventStreamResponse", response).status == "Accepted"

    def close(self, number: int) -> v21.ClosePeriodicEventStreamRequest:
        """Return ClosePeriodicEventStream."""
        return v21.ClosePeriodicEventStreamRequest(id=number)

    def values(self, batch: Batch) -> v21.NotifyPeriodicEventStream:
        """Return NotifyPeriodicEventStream: times count from that of the first value."""
        base = batch.values[0].at
        return v21.NotifyPeriodicEventStream(
            id=batch.id,
            pending=batch.pending,
            basetime=base,
            data=tuple(
                v21.StreamDataElementType(
                    t=round((value.at - base).total_seconds(), 3), v=value.text[:_LONGEST_VALUE]
                )
                for value in batch.values
            ),
        )


def rate(params: v21.PeriodicEventStreamParamsType) -> StreamRate:
    """Return how values are to be told together."""
    return StreamRate(interval_s=params.interval or 0, values=params.values or 0)


async def get(request: v21.GetPeriodicEventStreamRequest, context: Context) -> Reply:
    """Answer with every stream that is open (N12)."""
    found = tuple(map(_data, context.monitoring.streams.open))
    return Reply(v21.GetPeriodicEventStreamResponse(constant_stream_data=found or None))


async def adjust(request: v21.AdjustPeriodicEventStreamRequest, context: Context) -> Reply:
    """Tell a stream at another rate (N14)."""
    try:
        is_known = await context.monitoring.adjust_stream(request.id, rate(request.params))
    except StoreError as error:
        log.error("stream %d not adjusted: %s", request.id, error)
        return _refused("InternalError", "it cannot be stored")
    if not is_known:
        return _refused("NotFound", f"there is no stream {request.id}")
    return Reply(v21.AdjustPeriodicEventStreamResponse(status="Accepted"))


def settling(handler: Handler) -> Handler:
    """Have streams opened and closed after what changes monitors was answered (N11, N13)."""

    async def handle(request: Payload, context: Context) -> Reply:
        reply = await handler(request, context)

        async def after() -> None:
            if reply.after is not None:
                await reply.after()
            context.monitoring.settle_streams()

        return Reply(reply.response, after)

    return handle


def _refused(reason: str, why: str) -> Reply:
    info = v21.StatusInfoType(reason_code=reason, additional_info=why)
    return Reply(v21.AdjustPeriodicEventStreamResponse(status="Rejected", status_info=info))


def _data(stream: Stream) -> v21.ConstantStreamDataType:
    given = v21.PeriodicEventStreamParamsType(
        interval=stream.rate.interval_s or None, values=stream.rate.values or None
    )
    return v21.ConstantStreamDataType(id=stream.id, params=given, variable_monitoring_id=stream.id)
