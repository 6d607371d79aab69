"""Where the texts come from that the normalizer is tried on: one function a kind, each given its own chance.

The same kind, number and seed always give the same text, whichever process asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from tests.normalizer.fuzz.spelling import PIECES, head, in_script, phone, spelled
from tests.normalizer.labelled import DATA
from tests.normalizer.messages import load_messages

LONGEST: Final = 65_536
_SWAPPED: Final = str.maketrans("یکهاوگ0123456789 ،.", "يكةأؤڱ۰١۲٣۴٥۶٧۸٩\u200c,\n")
# Blocks of Unicode that reach us by keyboards, fonts, jokes and attacks.
_BLOCKS: Final = (
    (0x20, 0x7E), (0x600, 0x6FF), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
    (0x300, 0x36F), (0x2000, 0x206F), (0x2070, 0x209F), (0x2150, 0x218F), (0x2460, 0x24FF), (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF), (0xD800, 0xDFFF), (0x1F300, 0x1FAFF), (0xE0000, 0xE01EF), (0x370, 0x52F), (0x590, 0x5FF),
    (0x0, 0x1F), (0x80, 0x24F), (0x1EE00, 0x1EEFF), (0x3300, 0x33FF), (0x0, 0x10FFFF),
)  # fmt: skip


@cache
def labelled_texts() -> tuple[str, ...]:
    """What people wrote: the dev and train files and the hand-written messages; never the test files."""
    paths: list[Path] = sorted((*DATA.glob("messages-dev-*.jsonl"), *DATA.glob("train-*.jsonl")))
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return (*(json.loads(line)["text"] for line in lines), *(message.text for message in load_messages()))


def mutated(chance: Random) -> str:
    """A labelled message, or a few words of it, after one to four changes."""
    text = chance.choice(labelled_texts())
    if chance.random() < 0.7:
        start = _place(text, chance)
        text = text[start : start + chance.randint(10, 60)]
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(_CHANGES)(text, chance)
    return text


def _cut(text: str, chance: Random) -> str:
    start, end = sorted((_place(text, chance), _place(text, chance)))
    return text[:start] + text[end:] if chance.random() < 0.5 else text[start:end]


def _repeated(text: str, chance: Random) -> str:
    start, end = sorted((_place(text, chance), _place(text, chance)))
    return text[:end] + text[start:end][:40] * chance.randint(1, 6) + text[end:]


def _spliced(text: str, chance: Random) -> str:
    other = chance.choice(labelled_texts())
    return text[: _place(text, chance)] + other[_place(other, chance) :]


def _stirred(text: str, chance: Random) -> str:
    words = text.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def _respelled(text: str, chance: Random) -> str:
    return "".join(sign.translate(_SWAPPED) if chance.random() < 0.3 else sign for sign in text)


def _redigited(text: str, chance: Random) -> str:
    return "".join(in_script(chance, str(chance.randrange(10))) if "0" <= sign <= "9" else sign for sign in text)


def _strewn(text: str, chance: Random) -> str:
    sign = _sign(chance) if chance.random() < 0.5 else chance.choice((*PIECES["entities"], " ", "\u200c", "\n"))
    return "".join(letter + sign if chance.random() < 0.1 else letter for letter in text)


def _with_phone(text: str, chance: Random) -> str:
    place = _place(text, chance)
    return f"{text[:place]} {phone(chance)} {text[place:]}"


def _place(text: str, chance: Random) -> int:
    return chance.randint(0, len(text))


_CHANGES: Final = (_cut, _repeated, _spliced, _stirred, _respelled, _redigited, _strewn, _with_phone, _cut)


def _sign(chance: Random) -> str:
    return chr(chance.randint(*chance.choice(_BLOCKS)))


def noise(chance: Random) -> str:
    """Signs of one to four blocks of Unicode."""
    blocks = chance.sample(_BLOCKS, chance.randint(1, 4))
    return "".join(chr(chance.randint(*chance.choice(blocks))) for _ in range(chance.randint(0, 40)))


def junk(chance: Random) -> str:
    """What mail programs make of a message: quoted, passed on, in HTML, signed."""
    text = chance.choice((spelled, mutated))(chance)[:300]
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.4:
            text = "\n".join(chance.choice((">", "> ", ">> ", " > ", "")) + line for line in text.split("\n"))
        place = _place(text, chance)
        text = text[:place] + chance.choice((head(chance), chance.choice(PIECES["entities"]))) + text[place:]
    return text


def long(chance: Random) -> str:
    """Up to 64 KB of one to three pieces over and over, or of messages on end."""
    length = chance.choice((4_000, 16_000, LONGEST, LONGEST))
    if chance.random() < 0.2:
        texts = chance.choices(labelled_texts(), k=length // 40)
        return chance.choice(("\n", " ", "")).join(texts)[:length]
    piece = "".join(chance.choices((*PIECES["hurtful"], _sign(chance)), k=chance.randint(1, 3)))
    filled = piece * (length // len(piece) + 1)
    return chance.choice(("", spelled(chance))) + filled[: length - 200] + chance.choice(("", phone(chance)))


Generator = Callable[[Random], str]
GENERATORS: Final[dict[str, Generator]] = {each.__name__: each for each in (mutated, spelled, noise, junk, long)}
# Of ten thousand inputs. A long one takes as much time as some hundred others.
SHARES: Final = {"mutated": 3_500, "spelled": 3_500, "noise": 2_500, "junk": 498, "long": 2}


def text_of(name: str, seed: int, number: int) -> str:
    """The text of that number a generator gives under a seed."""
    return GENERATORS[name](Random(f"{seed}:{name}:{number}"))
