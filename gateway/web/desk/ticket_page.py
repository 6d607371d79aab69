"""A ticket's page, laid out for the template: where it stands, what is to be done, the facts, the whole story.

It reads what the forms offer (inspectors, tickets alike) and puts everything into words; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from channels.attachments import MAX_FILES
from gateway.views.frame import DRAWN
from gateway.views.recording import FILMS, SOUNDS
from gateway.web.desk.layout import desk_page, desks_of
from gateway.web.desk.queue_query import acted_on
from gateway.web.desk.ticket_due import due_of
from gateway.web.desk.ticket_errors import typed_lines
from gateway.web.desk.ticket_forms import ActionForm, Offered, Option, form_of, note_control
from gateway.web.desk.ticket_outlook import expected_action, last_event
from gateway.web.desk.ticket_timeline import Detail, details_of, timeline_of
from gateway.web.desk.ticket_words import Words
from gateway.web.pages.forms import FilledForm, complained
from gateway.web.render import page_language
from gateway.web.services import SERVICES, STAFF, Services
from ticketing.alike import find_alike
from ticketing.appointments import free_slots
from ticketing.assigning import may_give_back, may_take
from ticketing.attachment_looks import DIFFERS
from ticketing.business_view import MOST_OTHERS, count_others
from ticketing.citizen_actions import OBJECT
from ticketing.desk import find_visible, get_ticket
from ticketing.dispatching import list_bodies, list_inspectors
from ticketing.procedure import Action
from ticketing.staff import Staff
from ticketing.title import titled

TAKEN: Final = "taken"
GIVEN_BACK: Final = "given_back"
_TAKING: Final[Mapping[str, str]] = {TAKEN: "queue.done_taken", GIVEN_BACK: "queue.done_given_back"}
_OWN_QUERY: Final = ("done", "acted", "lang", "after", "path", "language")
"""What this page's addresses, and the makers of addresses, call their own."""
_LONGEST_WAY: Final = 500
_LONGEST_SAID: Final = 80


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: which action's, what was typed and what is wrong with it, and the id it keeps.

    `clash` is true where the ticket had changed meanwhile; `seen_event` is the last event its writer had seen.
    """

    action: str
    form: FilledForm
    form_id: str
    clash: bool = False
    seen_event: int | None = None
    files_lost: bool = False


async def see_ticket(request: web.Request, code: str) -> dict[str, Any]:
    """The ticket as this member of staff may see it. Raises `NotFound`."""
    services = request.app[SERVICES]
    return await get_ticket(services.database, services.rules, request[STAFF], code, services.now())


def way_of(request: web.Request) -> dict[str, str]:
    """The queue one came from (its filters and place), kept in addresses so that the next ticket is that queue's."""
    way = {name: value for name, value in request.query.items() if name not in _OWN_QUERY}
    return way if sum(len(name) + len(value) for name, value in way.items()) <= _LONGEST_WAY else {}


def words_for(request: web.Request, ticket: Mapping[str, Any]) -> Words:
    """The words for a page about a ticket, or about whatever else names its procedure, in the visitor's language."""
    services = request.app[SERVICES]
    procedure, told = services.rules.procedures[ticket["procedure"]], ticket.get("facts", {}).get("details", {})
    return Words(page_language(request), services.catalogue, services.rules, procedure, told)


async def ticket_page(
    request: web.Request,
    ticket: Mapping[str, Any],
    *,
    status: int = 200,
    sent: Sent | None = None,
    done: str = "",
    complaint: str = "",
    revealed: Mapping[str, str | None] | None = None,
) -> web.Response:
    """The page of a ticket as `view` pictures it.

    `done` is the action just done, or `TAKEN` or `GIVEN_BACK`; `revealed` whom it revealed; `complaint` a sentence
    about what was refused, where no form says it.
    """
    services, member = request.app[SERVICES], request[STAFF]
    words = words_for(request, ticket)
    forms = await _forms(services, member, words, ticket, sent)
    return desk_page(
        request,
        "desk/ticket.html",
        status=status,
        ticket=ticket,
        w=words,
        forms=forms,
        note=note_control,
        sent=sent,
        summary=sent.form if sent is not None else complained({}, complaint) if complaint else FilledForm(),
        done=done,
        said=_said(words, done),
        acted=acted_on(request),
        revealed=revealed,
        due=due_of(words, ticket, services.now()),
        timeline=timeline_of(words, ticket, _recordings(services, ticket), _seen(sent)),
        typed=_typed_lines(words, ticket, sent),
        its_others=await _others(services, member, words, ticket),
        taking={"may_take": may_take(member, ticket), "may_give_back": may_give_back(member, ticket)},
        objection=_objection(words, ticket),
        judged=_judged(words, ticket),
        finding=_last(words, ticket, "inspect"),
        other_licences=_other_licences(ticket),
        verdict=_last(words, ticket, "verdict"),
        last_event=len(ticket["timeline"]),
        way=way_of(request),
        has_queue=any(desk.code == "queue" for desk in desks_of(member.role)),
        drawn=DRAWN,
        sounds=SOUNDS,
        films=FILMS,
        blind_roles=_blind_roles(words),
        most_files=MAX_FILES,
        max_megabytes=services.settings.storage.max_attachment_mb,
    )


def _blind_roles(words: Words) -> str:
    """Who works on tickets of this procedure and must not learn who complains, in words; "" for nobody."""
    return words.say("comma").join(words.role(code) for code, role in words.procedure.roles.items() if role.blind)


async def _others(services: Services, member: Staff, words: Words, ticket: Mapping[str, Any]) -> str:
    """How many other tickets there are about the same business, in words; "" where there is none to lead to."""
    business_id = ticket["facts"]["business"]["id"]
    count = await count_others(services.database.read, member, int(business_id)) if business_id else 0
    if not count:
        return ""
    return words.say("others_of_business_more" if count >= MOST_OTHERS else "others_of_business", count=count)


def _said(words: Words, done: str) -> str:
    if done in _TAKING:
        return words.catalogue.say(words.language, _TAKING[done])
    return words.say("done", action=words.action(done)) if done else ""


def _seen(sent: Sent | None) -> int | None:
    """The last event the writer of a form had seen, where others have happened since."""
    return sent.seen_event if sent is not None and sent.clash else None


def _recordings(services: Services, ticket: Mapping[str, Any]) -> str:
    """The address of calls' recordings: a voice is identity, so for those it may be revealed to; "" for others."""
    may_hear = "reveal" in ticket["allowed_actions"]
    return services.settings.channels.phone.recording_url if may_hear else ""


async def _forms(
    services: Services, member: Staff, words: Words, ticket: Mapping[str, Any], sent: Sent | None
) -> list[ActionForm]:
    """The forms of what may be done now, the expected one first; one that came back stands open with what it held."""
    expected = expected_action(words.procedure, ticket)
    offered = await offered_for(services, member, words, ticket)
    forms = []
    for code in ticket["allowed_actions"]:
        if _has_nothing_to_name(words.procedure.actions[code], offered):
            continue
        form = form_of(words, words.procedure.actions[code], ticket, offered, uuid4().hex)
        if sent is not None and sent.action == code:
            form = replace(form, form=sent.form, form_id=sent.form_id, is_refused=True)
        forms.append(replace(form, is_expected=code == expected))
    return sorted(forms, key=lambda form: (not form.is_refused, not form.is_expected))


def _has_nothing_to_name(action: Action, offered: Offered) -> bool:
    """True for an action on a report of the ticket where it has none of that kind."""
    return any(rule.type == "report" for rule in action.fields.values()) and not offered.by_type["report"]


async def offered_for(services: Services, member: Staff, words: Words, ticket: Mapping[str, Any]) -> Offered:
    """Whom one may send and what one may join, read only where an action that is open asks for it."""
    open_now = [words.procedure.actions[code] for code in ticket["allowed_actions"]]
    asked = {rule.type for action in open_now for rule in action.fields.values()}
    options = {"report": [_report_option(words, each) for each in ticket["reports"] if each["may_leave"]]}
    read = services.database.read
    if "username" in asked:
        inspectors = await list_inspectors(read, ticket["organisation"])
        options["username"] = [
            Option(each.username, each.username, words.say("load", load=each.load)) for each in inspectors
        ]
    if "code" in asked:
        options["code"] = [Option(each, each) for each in await list_bodies(read, ticket["organisation"])]
    if "slot" in asked:
        free = await free_slots(read, member, services.now())
        options["slot"] = [Option(str(each["id"]), _slot_title(words, each)) for each in free]
    if "tracking_code" in asked:
        row = await find_visible(read, services.rules, member, ticket["tracking_code"])
        alike = await find_alike(read, services.rules, member, row) if row is not None else []
        options["tracking_code"] = [
            Option(each.code, words.code(each.code), _likeness(words, each), link=each.code) for each in alike
        ]
    return Offered(options)


def _slot_title(words: Words, slot: Mapping[str, Any]) -> str:
    said = (words.moment(slot["starts_at"].isoformat()), f"{slot['post']} {slot['name']}", slot["place"])
    return words.say("comma").join(said)


def _report_option(words: Words, report: Mapping[str, Any]) -> Option:
    said = report["text"] if len(report["text"]) <= _LONGEST_SAID else f"{report['text'][:_LONGEST_SAID]}…"
    title = f"{words.channel(report['channel'])}{words.say('comma')}{words.moment(report['received_at'])}"
    return Option(report["id"], title, said)


def _likeness(words: Words, alike: Any) -> str:
    reasons = [words.named("alike", reason) for reason in alike.reasons]
    named = [alike.business] if alike.business else []
    return words.say("comma").join((*reasons, *named, words.day(alike.opened_at.isoformat())))


@dataclass(frozen=True, slots=True)
class Told:
    """The last event of its kind, spread out."""

    at: str
    who: str
    details: tuple[Detail, ...]
    place: tuple[float, float] | None = None


def _judged(words: Words, ticket: Mapping[str, Any]) -> tuple[str, Told] | None:
    """What this member is to decide on, under its title: the last answer, where they are to verify it."""
    for judges in (words.procedure.actions[code].judges for code in ticket["allowed_actions"]):
        told = _last(words, ticket, judges.action) if judges is not None else None
        if judges is not None and told is not None:
            return titled(judges.title, words.language), told
    return None


def _objection(words: Words, ticket: Mapping[str, Any]) -> Told | None:
    """Why the citizen did not accept the last close, where the ticket is open again because of that."""
    news = last_event(ticket, OBJECT, "closed")
    return _told(words, news) if news is not None and news["kind"] == OBJECT else None


def _other_licences(ticket: Mapping[str, Any]) -> list[str]:
    """The guild ids read on photos that are not the ticket's."""
    read = dict.fromkeys(event["data"]["guild_id"] for event in ticket["timeline"] if event["kind"] == DIFFERS)
    return [guild_id for guild_id in read if guild_id != ticket["facts"]["business"]["guild_id"]]


def _last(words: Words, ticket: Mapping[str, Any], kind: str) -> Told | None:
    event = last_event(ticket, kind)
    return _told(words, event) if event is not None else None


def _told(words: Words, event: Mapping[str, Any]) -> Told:
    data = event["data"]
    place = (data["lat"], data["lon"]) if "lat" in data and "lon" in data else None
    said = {name: value for name, value in data.items() if name not in ("lat", "lon")}
    return Told(event["at"], words.actor(event["actor"]), tuple(details_of(words, event["kind"], said)), place)


def _typed_lines(words: Words, ticket: Mapping[str, Any], sent: Sent | None) -> list[tuple[str, str]]:
    """What was typed, to stand beside a ticket that has changed, or where its form can be sent no more."""
    if sent is None or sent.action not in words.procedure.actions:
        return []
    if not sent.clash and sent.action in ticket["allowed_actions"]:
        return []
    return typed_lines(words, sent.action, sent.form.typed)
