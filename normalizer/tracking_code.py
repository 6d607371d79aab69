"""Tracking codes: 12 digits, 16 when anonymous, the last one a Damm check digit, never beginning with 0 or 98.

Owns their arithmetic and how people write them (three scripts, spaces, hyphens). It knows no tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from normalizer.numbers import Run, take_runs
from normalizer.text import fold

LENGTH: Final = 12
ANONYMOUS_LENGTH: Final = 16

# H. M. Damm, "Totally anti-symmetric quasigroups for all orders n ≠ 2, 6" (2007): the standard table of order 10.
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_VALUES: Final = {str(value): value for value in range(10)}
_SEPARATORS: Final = str.maketrans("", "", " \n\t-_./")


def damm_digit(digits: str) -> str:
    """Gives the Damm check digit of ASCII digits; "0" for a number that already carries its own. KeyError else."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][_VALUES[digit]]
    return str(interim)


def is_code(digits: str) -> bool:
    """Says whether this string is a tracking code: ASCII digits only, right length, beginning and check digit."""
    if len(digits) not in (LENGTH, ANONYMOUS_LENGTH) or digits.startswith(("0", "98")):
        return False
    return digits.isascii() and digits.isdecimal() and damm_digit(digits) == "0"


def make_code(below: Callable[[int], int], *, anonymous: bool = False) -> str:
    """Draws a fresh code; `below(n)` gives a random integer in [0, n), `secrets.randbelow` in earnest."""
    size = (ANONYMOUS_LENGTH if anonymous else LENGTH) - 1
    while True:
        payload = f"{below(10**size):0{size}d}"
        if not payload.startswith(("0", "98")):
            return payload + damm_digit(payload)


def parse_code(text: str) -> str | None:
    """Reads a text that is a code and nothing else, in any script, with spaces and hyphens; None otherwise."""
    digits = fold(text).translate(_SEPARATORS)
    return digits if is_code(digits) else None


def find_codes(text: str) -> tuple[str, ...]:
    """Gives the codes a text mentions, in order, each once."""
    return tuple(dict.fromkeys(take_runs(fold(text), read_code)))


def read_code(run: Run) -> str | None:
    """Takes a run of digits for a code; a bank card is none, whatever its check digit says."""
    return run.digits if is_code(run.digits) and run.label != "card" else None
