"""`gateway serve`: runs the gateway until it is told to stop (Ctrl-C, SIGTERM)."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal

from gateway import migrations
from gateway.app import Gateway, open_gateway
from gateway.commands.command import Command, Say
from gateway.config import Settings, hidden_of
from gateway.demonstration.demonstrate import demonstrate, require_loopback, tell_sign_ins
from gateway.event_loop import new_loop
from gateway.logs import configure_logs


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="migrate, then add demonstration staff and tickets with well-known passwords; on a loopback host only",
    )


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    logs = settings.logs
    configure_logs(level=logs.level, form=logs.format, secrets=hidden_of(settings), for_good=True)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve(settings, say, demonstration=arguments.demonstration))


async def _serve(settings: Settings, say: Say, *, demonstration: bool) -> None:
    stop = _stop_signal()
    if demonstration:
        require_loopback(settings)
        await migrations.upgrade(settings.database.url.get_secret_value())
    async with open_gateway(settings, prepare=demonstrate if demonstration else None) as gateway:
        _set_aside_what_stays()
        _tell_addresses(gateway, say)
        if demonstration:
            tell_sign_ins(gateway.url, say)
        await stop.wait()
        say("Stopping …")
    say("Stopped.")


def _set_aside_what_stays() -> None:
    """Modules, statements and settings live as long as the process: to look through them for garbage holds up everyone
    for a tenth of a second each time, and finds none."""
    gc.collect()
    gc.freeze()


def _stop_signal() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process as it would any other."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        stop.set()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, on_signal)
    return stop


def _tell_addresses(gateway: Gateway, say: Say) -> None:
    settings, url = gateway.parts.settings, gateway.url
    say("Gateway 124 is running.")
    if settings.channels.web.enabled:
        say(f"  report a matter   {url}/")
    say(f"  track a report    {url}/track")
    say(f"  API               {url}/api/v1/openapi.json")
    if gateway.smtp_port:
        mail = settings.channels.email
        say(f"  mail (SMTP)       {mail.host}:{gateway.smtp_port} for {', '.join(mail.addresses)}")
    for bot in gateway.parts.bots:
        say(f"  bot               {bot.code}, by {'polling' if bot.is_polled else 'hook'}")
    say(f"  health            {url}/readyz and {url}/metrics")
    if gateway.parts.has_sandbox:
        say(f"  SMS sandbox       {url}/sandbox")


COMMAND = Command(_declare, _run)
