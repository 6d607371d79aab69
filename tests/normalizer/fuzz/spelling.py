"""The things people write into a message, in the spellings they use: numbers, sums, days, places, heads of mails.

Each spells one thing with the chance it is given; whatever it gives may be wrong (a check digit, a 31st of Mehr), as
people are. It knows nothing of what the normalizer should make of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from normalizer.gazetteer import NAMES
from normalizer.numeral import SCALES, UNITS, VALUES
from normalizer.tracking_code import make_code

Spelling = Callable[[Random], str]
PIECES: Final[dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("pieces.toml").read_text(encoding="utf-8"))
_SCRIPTS: Final = tuple(
    {ord("0") + value: chr(zero + value) for value in range(10)} for zero in (0x30, 0x30, 0x6F0, 0x6F0, 0x660, 0xFF10)
)


def in_script(chance: Random, digits: str) -> str:
    """Digits in one script, or each in its own."""
    if chance.random() < 0.1:
        return "".join(digit.translate(chance.choice(_SCRIPTS)) for digit in digits)
    return digits.translate(chance.choice(_SCRIPTS))


def _grouped(chance: Random, digits: str) -> str:
    """Digits as they are, or cut into groups by one sign or several."""
    if chance.random() < 0.5:
        return in_script(chance, digits)
    sign, place, groups = chance.choice(PIECES["between"]), 0, []
    while place < len(digits):
        size = chance.randint(1, 5)
        groups.append(in_script(chance, digits[place : place + size]))
        place += size
    if chance.random() < 0.2:
        return "".join(group + chance.choice(PIECES["between"]) for group in groups)
    return sign.join(groups)


def _digits(chance: Random, count: int) -> str:
    return f"{chance.randrange(10**count):0{count}d}"


def phone(chance: Random) -> str:
    """A mobile or landline with any prefix, or one digit too many or few."""
    prefix = chance.choice(("0", "0", "0", "", "+98", "98", "0098", "+980", "۰۰۹۸", "(+98)", "+"))
    number = chance.choice(("9" + _digits(chance, 9), "912" + _digits(chance, 7), "21" + _digits(chance, 8), "9" * 10))
    return prefix + _grouped(chance, number[: chance.choice((10, 10, 10, 9, 11))])


def identifier(chance: Random) -> str:
    """A tracking code, an id, a card number, a plate, with what it is called, rightly or not."""
    code = make_code(chance.randrange, anonymous=chance.random() < 0.3)
    number = chance.choice((code, _digits(chance, 10), _digits(chance, 10), _digits(chance, 11), _digits(chance, 16)))
    if chance.random() < 0.1:
        number = f"{_digits(chance, 2)}{chance.choice('بدسصطق')}{_digits(chance, 3)}"
        return f"پلاک {in_script(chance, number)} ایران {in_script(chance, _digits(chance, 2))}"
    return f"{chance.choice(PIECES['labels'])} {chance.choice(('', ':', 'm', ' : '))}{_grouped(chance, number)}"


def sum_of_money(chance: Random) -> str:
    """A sum in figures, words or both."""
    words = [chance.choice((*VALUES, *SCALES)) for _ in range(chance.randint(1, 5))]
    figure = in_script(chance, str(chance.randrange(10 ** chance.randint(1, 9))))
    said = chance.choice(
        (figure, f"{figure} {words[0]}", " و ".join(words), " ".join(words), f"{figure}.5 {words[0]}", "".join(words))
    )
    before, gap = chance.choice(("", "از ", "بین ")), chance.choice((" ", "", "\u200c"))
    return before + said + gap + chance.choice((*UNITS, "", "ت", "گرم"))


def day(chance: Random) -> str:
    """A date, a day of a month or week, a day counted from today."""
    year, month, number = (in_script(chance, str(chance.randint(*ends))) for ends in ((1, 2100), (0, 14), (0, 33)))
    sign = chance.choice(("/", "-", ".", " / "))
    written = chance.choice((f"{year}{sign}{month}{sign}{number}", f"{number}{sign}{month}{sign}{year}"))
    ordinal, month_name = chance.choice((" ", "م ", "ام ")), chance.choice(PIECES["months"])
    of_month = f"{number}{ordinal}{month_name} {chance.choice(('', year, 'ماه'))}"
    return chance.choice((written, of_month, chance.choice(PIECES["days"]).format(n=number)))


def place(chance: Random) -> str:
    """A place's name with or without what it is."""
    before = chance.choice(("", "در ", "شهر ", "شهرستان ", "استان ", "خیابان ", "اهل "))
    return before + chance.choice(NAMES) + chance.choice(("", "ه", " هستم"))


def address_of_mail(chance: Random) -> str:
    """An e-mail address or the address of a licence."""
    name = "".join(chance.choice("abc.-_019") for _ in range(chance.randint(1, 5)))
    site = chance.choice(("iranianasnaf.ir", "qr.mojavez.ir", "x.ir", "guild.gov.ir"))
    return chance.choice(
        (f"{name}@{name}.ir", f"https://{site}/{name}/{_digits(chance, 10)}", f"{site}?id={_digits(chance, 10)}")
    )


def words(chance: Random) -> str:
    """A few words of complaints."""
    return " ".join(chance.choices(PIECES["words"], k=chance.randint(1, 6)))


def head(chance: Random) -> str:
    """A line programs write: of a quote, a forward, a signature, a letter."""
    return f"\n{chance.choice(PIECES['heads'])}\n"


_SPELLINGS: Final[tuple[Spelling, ...]] = (
    words, words, words, words, phone, phone, identifier, identifier, sum_of_money, day, place, address_of_mail, head,
)  # fmt: skip


def spelled(chance: Random) -> str:
    """A message put together from all of them."""
    pieces = (chance.choice(_SPELLINGS)(chance) + chance.choice(PIECES["marks"]) for _ in range(chance.randint(1, 5)))
    return "".join(pieces)
