"""Traces of what this process does, for a collector of OpenTelemetry; off unless one is named.

OpenTelemetry's own variables name it (``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_SERVICE_NAME``,
``OTEL_TRACES_SAMPLER`` and the others); the extra ``otel`` is needed. Without them nothing is
imported. No name, address, number or sum of a person goes into a span: routes, kinds of jobs,
hosts, statuses and the shop's id alone; of an error its type and not what it says.
Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/,
https://opentelemetry.io/docs/specs/semconv/http/http-spans/, read 2026-11-23.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache, wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")
ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
Value = str | int


class Kind(StrEnum):
    """Which side of a conversation a span tells of."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"


class Told:
    """A span that is under way; where traces are off, nothing listens."""

    def __init__(self, live: Any = None) -> None:
        self._live = live

    def name(self, text: str) -> None:
        """Call it so after all."""
        if self._live is not None:
            self._live.update_name(text)

    def say(self, **attributes: Value) -> None:
        """Add attributes; ``__`` in a name stands for a full stop."""
        if self._live is not None:
            for name, value in attributes.items():
                self._live.set_attribute(name.replace("__", "."), value)

    def failed(self, kind: str) -> None:
        """Mark it as an error of this type."""
        if self._live is not None:
            status = import_module("opentelemetry.trace").StatusCode.ERROR
            self._live.set_status(status)
            self.say(error__type=kind)


NOTHING = Told()


def are_wanted() -> bool:
    """Whether the host has named a collector."""
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not is_off and any(os.environ.get(name) for name in ADDRESSES)


@cache
def can_be_sent() -> bool:
    """Whether the extra ``otel`` is installed."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None


@contextmanager
def span(name: str, kind: Kind, **attributes: Value) -> Iterator[Told]:
    """Tell of what happens inside. What is raised passes; its type marks the span."""
    tracer = _tracer()
    if tracer is None:
        yield NOTHING
        return
    with tracer.start_as_current_span(
        name,
        kind=import_module("opentelemetry.trace").SpanKind[kind.value],
        record_exception=False,
        set_status_on_exception=False,
    ) as live:
        told = Told(live)
        told.say(**attributes)
        before = sys.exception()
        try:
            yield told
        finally:
            problem = sys.exception()
            if problem is not None and problem is not before:
                told.failed(type(problem).__name__)


def carried(function: Callable[..., T]) -> Callable[..., T]:
    """``function`` for another thread, as a part of the span that is under way here."""
    if _tracer() is None:
        return function
    context = import_module("opentelemetry.context")
    here = context.get_current()

    @wraps(function)
    def inside(*arguments: Any, **named: Any) -> T:
        token = context.attach(here)
        try:
            return function(*arguments, **named)
        finally:
            context.detach(token)

    return inside


def hand_over() -> None:
    """Send what waits, at the end of a process."""
    provider = _provider()
    if provider is not None:
        provider.force_flush()


def _tracer() -> Any:
    provider = _provider()
    return None if provider is None else provider.get_tracer("rebond")


def _provider() -> Any:
    """What collects spans in this process; None where traces are off."""
    return _made(os.getpid()) if are_wanted() and can_be_sent() else None


@cache
def _made(_process: int) -> Any:
    """One for each process: threads that send do not outlive a fork."""
    sdk = import_module("opentelemetry.sdk.trace")
    exporting = import_module("opentelemetry.sdk.trace.export")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resources = import_module("opentelemetry.sdk.resources")
    name = os.environ.get("OTEL_SERVICE_NAME") or "rebond"
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": name}))
    provider.add_span_processor(exporting.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    return provider
