"""The parts of a gateway, built from its settings and handed to each other; nothing is opened or started here."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from channels import email as mail_channel
from channels.mail_out import MailSender, Relay
from channels.mail_reader import MailReader
from gateway.bots import EnabledBot, by_account, enabled_bots
from gateway.catalogue import load_catalogue
from gateway.config import Settings
from gateway.loopback import is_loopback
from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import Supervisor
from gateway.push.keys import Push, push_of
from gateway.push.sender import PushSender
from gateway.reception import Reception
from gateway.rules import build_provider, build_rules
from gateway.senders import BotSender, EmailSender, SwitchedOff
from gateway.settings import EmailOut
from gateway.sister_sender import SisterSender
from gateway.views.frame import Caps
from gateway.views.kept import KeptViews
from gateway.views.viewer import Viewer
from sms.clock import Clock
from sms.dispatcher import Dispatcher
from sms.limits import Limits
from sms.outbox import PUSH, SISTER
from sms.providers.provider import Provider
from sms.providers.sandbox import Sandbox
from sms.sender import Sender
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.vault import load_vault


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a running gateway is made of, but for its servers."""

    settings: Settings
    clock: Clock
    rules: Rules
    database: Database
    files: AttachmentStore
    views: KeptViews
    viewer: Viewer
    reception: Reception
    provider: Provider
    bots: list[EnabledBot]
    push: Push | None
    push_sender: PushSender | None
    sister_sender: SisterSender
    dispatcher: Dispatcher
    mail_reader: MailReader
    leadership: Leadership
    supervisor: Supervisor
    registry: CollectorRegistry

    @property
    def has_sandbox(self) -> bool:
        """True while texts go to the sandbox's phone, and the phone is shown."""
        return isinstance(self.provider, Sandbox) and is_loopback(self.settings.http.host)


def build_parts(settings: Settings, clock: Clock) -> Parts:
    """The parts of these settings. Makes the keys file where there is none. Raises `ConfigError`, `VaultError`."""
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    bots, provider = enabled_bots(settings), build_provider(settings, clock)
    database = Database(settings.database.url.get_secret_value())
    files = AttachmentStore(settings.storage.attachments, rules.vault)
    views = KeptViews(files, rules.vault)
    push = push_of(settings, clock.now())
    push_sender = PushSender(push, database, rules.vault, clock, load_catalogue().say) if push else None
    sister_sender = SisterSender(settings.sister.systems())
    senders: dict[str, Sender] = {
        "sms": provider,
        "bot": BotSender(by_account(bots)),
        "email": _mail_sender(settings.email_out, clock),
        SISTER: sister_sender,
        PUSH: push_sender or SwitchedOff(PUSH),
    }
    return Parts(
        settings=settings,
        clock=clock,
        rules=rules,
        database=database,
        files=files,
        views=views,
        viewer=Viewer(files, views, Caps(**settings.views.model_dump()), clock.now),
        reception=Reception(database, rules, files, clock),
        provider=provider,
        bots=bots,
        push=push,
        push_sender=push_sender,
        sister_sender=sister_sender,
        dispatcher=_dispatcher(settings, clock, rules, database, senders),
        mail_reader=MailReader(mail_channel.parse),
        leadership=Leadership(database),
        supervisor=Supervisor(clock),
        registry=CollectorRegistry(),
    )


def _dispatcher(
    settings: Settings, clock: Clock, rules: Rules, database: Database, senders: dict[str, Sender]
) -> Dispatcher:
    budgets = settings.security
    limits = Limits(budgets.sms_per_number_per_day, budgets.sms_per_prefix_per_hour)
    return Dispatcher(
        database,
        rules.vault.unseal,
        rules.vault.index,
        clock,
        senders,
        limits=limits,
        busy=lambda: database.writer.backlog > 0,
    )


def _mail_sender(table: EmailOut, clock: Clock) -> Sender:
    if not table.host:
        return SwitchedOff("email")
    relay = Relay(
        host=table.host,
        port=table.port,
        username=table.user,
        password=table.password.get_secret_value(),
        security=table.security,
        timeout_s=table.timeout_s,
    )
    return EmailSender(MailSender(relay), table.sender, clock)
