"""Small counts in what is published: never shown, and never to be worked out from what is."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ticketing.suppression import TOTAL, Cell, published

SMALLEST = 5
COLUMNS = ("upheld", "rejected", "open")
TABLES = st.integers(1, 5).flatmap(
    lambda rows: st.fixed_dictionaries(
        {
            (str(row), column): st.one_of(st.integers(0, 8), st.integers(0, 90))
            for row in range(rows)
            for column in COLUMNS
        }
    )
)


def test_a_small_count_takes_company_in_its_row_and_its_column() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 40, ("b", "x"): 9, ("b", "y"): 50, ("c", "x"): 60, ("c", "y"): 70}
    shown = published(counts, SMALLEST)
    assert {cell for cell, count in shown.items() if count is None} == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert shown[TOTAL, TOTAL] == 231


def test_where_nothing_is_small_everything_is_shown() -> None:
    shown = published({("a", "x"): 5, ("a", "y"): 0, ("b", "x"): 30, ("b", "y"): 6}, SMALLEST)
    assert None not in shown.values()
    assert (shown["a", TOTAL], shown[TOTAL, "x"]) == (5, 35)


@given(TABLES)
def test_no_small_count_is_shown_and_no_sums_of_what_is_shown_tell_a_hidden_one(counts: dict[Cell, int]) -> None:
    shown = published(counts, SMALLEST, rest="open")
    assert not [count for count in shown.values() if count is not None and 0 < count < SMALLEST]
    hidden = sorted(cell for cell, count in shown.items() if count is None)
    assert not [cell for cell in hidden if is_told(cell, hidden, shown)]
    for row in {row for row, _ in counts}:
        total, rest = shown[row, TOTAL], shown[row, "open"]
        if total is not None and rest is not None:
            assert not 0 < total - rest < SMALLEST


def is_told(cell: Cell, hidden: list[Cell], shown: dict[Cell, int | None]) -> bool:
    """Whether the sums of rows and columns have one solution for this cell: plain elimination, no graphs."""
    ordered = [each for each in hidden if each != cell] + [cell]
    matrix = [
        [Fraction((-1 if each[1 - place] == TOTAL else 1) if each[place] == name else 0) for each in ordered]
        for place in (0, 1)
        for name in sorted({key[place] for key in shown})
    ]
    return any(not any(row[:-1]) and row[-1] for row in reduced(matrix))


def reduced(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    done = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((row for row in range(done, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        for row in range(len(matrix)):
            if row != done and matrix[row][column]:
                factor = matrix[row][column] / matrix[done][column]
                matrix[row] = [each - factor * other for each, other in zip(matrix[row], matrix[done], strict=True)]
        done += 1
    return matrix
