"""The figures of /metrics: what was taken in, what waits, what stumbles; none of them personal."""

from __future__ import annotations

from datetime import UTC, datetime

from prometheus_client import generate_latest

from channels.channel import Arrival
from gateway.app import Gateway
from gateway.figures import Figures
from tests.support.gateway import Gateways
from tests.support.mail import mail

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def figures_of(gateway: Gateway) -> Figures:
    parts = gateway.parts
    for name in list(parts.registry._collector_to_names):
        parts.registry.unregister(name)
    return Figures(parts.registry, parts.database, parts.dispatcher, parts.supervisor)


async def test_they_count_reports_by_channel_and_show_what_waits(gateways: Gateways) -> None:
    gateway = await gateways.start({"channels": {"email": {"enabled": False}}})
    figures = figures_of(gateway)
    await figures.pass_once()
    raw = mail()
    await gateway.parts.reception.keep("email", Arrival("report@124.example", raw, raw, NOW))
    await figures.pass_once()
    said = generate_latest(gateway.parts.registry).decode()
    assert 'gateway_reports_total{channel="email"} 1.0' in said
    assert 'gateway_loop_failures{loop="outbox"} 0.0' in said
    assert "gateway_writer_backlog" in said
    assert "maryam" not in said
