"""The catalogue of texts: which there are, what each may say, and how one is filled in.

Wording belongs to the operator's settings; this module holds only the rules it must keep, and refuses a
catalogue that breaks one by the key of the first wrong entry: every text in both languages, only known
placeholders, the code wherever a person must be able to name their ticket, and at most two segments (more where the
list says so) with the longest values, together with the question that may follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from sms.digits import to_persian
from sms.segments import segments
from sms.wording import written

LANGUAGES = ("fa", "en")
MAX_SEGMENTS = 2

LONGEST = {
    "code": "8" * 16,
    "business": "گ" * 30,
    "county": "گ" * 20,
    "body": "گ" * 40,
    "step": "گ" * 32,
    "due": "1405/08/20",
    "earlier": "گ" * 20,
    "official": "گ" * 28,
    "when": "گ" * 26,
    "place": "گ" * 30,
    "count": "8" * 5,
    "case": "8888-888888",
    "venue": "گ" * 120,
    "reason": "گ" * 80,
    "amount": "8,888,888,888",
    "account": "8" * 24,
    "form": "گ" * 60,
    "address": "a" * 80,
}
"""The longest value of each placeholder; a longer one is cut. Sixteen digits is an anonymous ticket's code."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What one text must and may contain, what it is sent after in the same text, and how many segments it may take."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    after: tuple[str, ...] = ()
    most: int = MAX_SEGMENTS


_PLAIN = Wording()
_CODE = Wording(required=frozenset({"code"}))
_ACKNOWLEDGED = ("contacted", "ask_again")
_ASKED = (*_ACKNOWLEDGED, "reminder")
_QUESTION = Wording(optional=frozenset({"code"}), after=_ASKED)

TEXTS: Mapping[str, Wording] = {
    # questions, put alone, after the acknowledgement, after the reminder, or once more
    **dict.fromkeys(("ask_category", "ask_business", "ask_place", "ask_phone"), _QUESTION),
    "ask_fee": Wording(frozenset({"amount", "account"}), frozenset({"code"}), _ASKED, most=3),
    "ask_respondent": _QUESTION,
    "ask_same_matter": Wording(required=frozenset({"earlier"}), optional=frozenset({"code"}), after=_ACKNOWLEDGED),
    "ask_satisfied": Wording(optional=frozenset({"code"}), after=("ask_again",)),
    "ask_appointment": Wording(frozenset({"when"}), frozenset({"code", "official", "place"})),
    "ask_again": _PLAIN,
    "call_back": _PLAIN,
    "reminder": _CODE,
    # how a matter that is closed was handled: asked, reminded of, and asked no more
    "ask_rating": Wording(optional=frozenset({"code"}), after=("survey_reminder",)),
    **dict.fromkeys(("survey_reminder", "surveys_refused", "surveys_wanted"), _PLAIN),
    # the words of a ticket about how another one was handled, which its citizen rated low; sent to nobody
    "grievance": Wording(frozenset({"code"}), frozenset({"count"})),
    # to the inspector
    "dispatch": Wording(required=frozenset({"code"}), optional=frozenset({"business", "county"})),
    "dispatch_cancelled": _CODE,
    # formally, to every side of a case
    "summons": Wording(frozenset({"case", "when", "venue", "reason"}), most=6),
    "summons_terms": Wording(most=8),
    "hearing_tomorrow": Wording(frozenset({"case", "when", "venue"}), most=4),
    "expert_fee": Wording(frozenset({"case", "amount", "account"}), most=3),
    **dict.fromkeys(("summons_title", "served", "served_title", "expert_fee_title"), Wording(frozenset({"case"}))),
    # to an organisation's staff who have unread messages on the board
    "board_unread": Wording(required=frozenset({"count"})),
    # to the people of a body, and to the citizen whose ticket it was
    **dict.fromkeys(
        ("climbed", "climbed_from", "climbed_to", "body_late"), Wording(frozenset({"code"}), frozenset({"body"}))
    ),
    # to whoever has a ticket
    "warning": Wording(required=frozenset({"code", "due"})),
    # about an appointment
    **dict.fromkeys(
        ("appointment_confirmed", "appointment_reminder", "appointment_cancelled"),
        Wording(frozenset({"code", "when"}), frozenset({"official", "place"})),
    ),
    # replies
    "status": Wording(required=frozenset({"code", "step"})),
    "status_due": Wording(required=frozenset({"code", "step", "due"})),
    "unknown_code": _PLAIN,
    "added": _CODE,
    "withdrawn": _CODE,
    "objected": _CODE,
    "not_understood": _PLAIN,
    "elsewhere": _PLAIN,
    "file_here": Wording(frozenset({"form", "address"}), most=3),
    "file_on_site": Wording(frozenset({"form"})),
    "thanks": _PLAIN,
    "start": _PLAIN,
    "which_ticket": _PLAIN,
    # hints on a citizen's own device: without the code, for they show on locked screens
    "push_step": Wording(required=frozenset({"step"})),
    **dict.fromkeys(("push_question", "push_closed"), _PLAIN),
    # buttons, where the medium has them
    **dict.fromkeys(("yes", "no", "same_complaint", "new_complaint", "share_contact", "share_location"), _PLAIN),
    **dict.fromkeys(("comes", "other_time", "gives_up"), _PLAIN),
}


class TextError(ValueError):
    """A text that breaks a rule; `key` is its place in the settings, e.g. `steps.contacted.fa`.

    `code` says which rule, `about` the placeholder, the other text or the number of segments it is about.
    """

    def __init__(self, key: str, problem: str, code: str, about: str = "") -> None:
        super().__init__(f"{key}: {problem}")
        self.key, self.problem, self.code, self.about = key, problem, code, about


Parts = tuple[tuple[str, str | None], ...]
"""A text taken apart: (words with their language's digits, name of the placeholder that follows them or None)."""


@dataclass(frozen=True, slots=True)
class Told:
    """The texts that depend on which procedures there are: one for each step, one for each early close."""

    steps: tuple[str, ...]
    closes: tuple[str, ...]


class Texts:
    """A catalogue that has been checked. `steps` and `texts` are the settings' two sections, {name: {"fa", "en"}}."""

    def __init__(
        self, steps: Mapping[str, Mapping[str, str]], texts: Mapping[str, Mapping[str, str]], told: Told
    ) -> None:
        """Raise `TextError` naming the first wrong key."""
        self._parts: dict[tuple[str, str], Parts] = {}
        self.wordings: Mapping[str, Wording] = {**dict.fromkeys((*told.steps, *told.closes), _CODE), **TEXTS}
        self.names: Mapping[str, tuple[str, ...]] = {"steps": told.steps, "texts": (*TEXTS, *told.closes)}
        self._read("steps", self.names["steps"], steps)
        self._read("texts", self.names["texts"], texts)
        for name, wording in TEXTS.items():
            for language in LANGUAGES:
                self._check_together(name, wording, language)

    def render(self, name: str, language: str, **values: str) -> str:
        """The text `name` filled in; an unknown language is Persian. Raises KeyError for a name or value that lacks."""
        language = language if language in LANGUAGES else LANGUAGES[0]
        pieces: list[str] = []
        for words, placeholder in self._parts[name, language]:
            pieces.append(words)
            if placeholder is not None:
                pieces.append(written(placeholder, values[placeholder], language, len(LONGEST[placeholder])))
        return "".join(pieces)

    def _read(self, section: str, names: tuple[str, ...], given: Mapping[str, Mapping[str, str]]) -> None:
        for name in names:
            for language in LANGUAGES:
                key = f"{section}.{name}.{language}"
                text = given.get(name, {}).get(language)
                if not isinstance(text, str) or not text.strip():
                    raise TextError(key, "the text is missing", "missing")
                self._parts[name, language] = _taken_apart(key, text, self.wordings[name], language)
                self._check_length(key, name, language)
        unknown = [f"{section}.{name}" for name in given if name not in names]
        unknown += [f"{section}.{name}.{part}" for name in names for part in given[name] if part not in LANGUAGES]
        if unknown:
            raise TextError(unknown[0], "there is no such text", "unknown")

    def _check_length(self, key: str, name: str, language: str) -> None:
        parts, most = segments(self.render(name, language, **LONGEST)), self.wordings[name].most
        if parts > most:
            problem = f"takes {parts} SMS segments at its longest, {most} are allowed"
            raise TextError(key, problem, "too_long", str(parts))

    def _check_together(self, name: str, wording: Wording, language: str) -> None:
        for first in wording.after:
            whole = compose(self.render(first, language, **LONGEST), self.render(name, language, **LONGEST))
            if segments(whole) > wording.most:
                problem = f"takes {segments(whole)} SMS segments after {first}, {wording.most} are allowed"
                raise TextError(f"texts.{name}.{language}", problem, "too_long_after", first)


def compose(first: str, second: str = "") -> str:
    """One text out of two: a statement and the question that goes with it."""
    return f"{first} {second}" if second else first


def _taken_apart(key: str, text: str, wording: Wording, language: str) -> Parts:
    try:
        parts = tuple(_placeholders(text))
    except ValueError as error:
        raise TextError(key, "a brace is not closed, or does not hold a plain name", "brace") from error
    used = {name for _, name in parts if name is not None}
    for name in sorted(used - wording.required - wording.optional):
        raise TextError(key, f"the placeholder {{{name}}} is not known here", "placeholder_unknown", name)
    for name in sorted(wording.required - used):
        raise TextError(key, f"the placeholder {{{name}}} is missing", "placeholder_missing", name)
    return tuple((to_persian(words), name) for words, name in parts) if language == "fa" else parts


def _placeholders(text: str) -> Iterator[tuple[str, str | None]]:
    for words, name, layout, conversion in Formatter().parse(text):
        if layout or conversion or (name is not None and not name.isidentifier()):
            raise ValueError("only plain names stand in braces")
        yield words, name
