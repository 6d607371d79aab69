"""Small counts kept out of a table that is published, so that no sums or differences of the others give them back.

The table has a total for each row and each column. A cell that is hidden can be worked out from the others exactly
where it alone ties its row to its column: hidden cells are edges between rows and columns, and such a one is a bridge
(Gusfield, "A graph theoretic approach to statistical data security", 1988). So whatever is a bridge gets company,
until none is. Zero is no small count, and never hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Final

TOTAL: Final = ""
"""The row and the column of totals."""
Cell = tuple[str, str]


def published(counts: Mapping[Cell, int], smallest: int, rest: str = "") -> dict[Cell, int | None]:
    """Every cell of the table and its totals by (row, column); None where it is hidden.

    Hidden are counts below `smallest`, and what would tell them. Where a `rest` column is named, a row's other columns
    together count as one more figure: a small one is not told by the total without the rest either.
    """
    table = _with_totals(counts)
    hidden = {cell for cell, count in table.items() if 0 < count < smallest}
    if rest:
        hidden |= {(row, rest) for row in _rows(table) if 0 < table[row, TOTAL] - table[row, rest] < smallest}
        hidden = {cell for cell in hidden if table[cell]}
    while bridge := _bridge(hidden):
        company = _company(table, hidden, bridge)
        hidden |= company or {cell for cell, count in table.items() if count}
        if not company:
            break  # too little is there to publish anything but zeros
    return {cell: None if cell in hidden else count for cell, count in table.items()}


def _with_totals(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    table: dict[Cell, int] = {}
    for (row, column), count in counts.items():
        for cell in product((row, TOTAL), (column, TOTAL)):
            table[cell] = table.get(cell, 0) + count
    rows, columns = ({cell[place] for cell in table} | {TOTAL} for place in (0, 1))
    return {(row, column): table.get((row, column), 0) for row in sorted(rows) for column in sorted(columns)}


def _rows(table: Mapping[Cell, int]) -> list[str]:
    return list(dict.fromkeys(row for row, _ in table))


def _company(table: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell) -> set[Cell]:
    """The cells that close a ring with this one at the least loss; none where there is no such ring."""
    row, column = cell
    rings = (
        {(row, other_column), (other_row, column), (other_row, other_column)} - set(hidden)
        for other_row, other_column in table
        if other_row != row and other_column != column
    )
    filled = [ring for ring in rings if ring and all(table[each] for each in ring)]
    return min(filled, key=lambda ring: (sum(table[each] for each in ring), sorted(ring)), default=set())


def _bridge(hidden: Collection[Cell]) -> Cell | None:
    """A hidden cell that alone ties its row to its column, the first of them in order."""
    return min(_bridges(hidden), default=None)


def _bridges(hidden: Collection[Cell]) -> Iterator[Cell]:
    """Tarjan's: an edge is a bridge where nothing beneath it leads back above it."""
    ties: dict[Cell, list[tuple[Cell, Cell]]] = {}
    for cell in sorted(hidden):
        ends = [("row", cell[0]), ("column", cell[1])]
        for here, there in (ends, ends[::-1]):
            ties.setdefault(here, []).append((there, cell))
    reached: dict[Cell, int] = {}
    lowest: dict[Cell, int] = {}

    def visit(vertex: Cell, by: Cell | None) -> Iterator[Cell]:
        reached[vertex] = lowest[vertex] = len(reached)
        for other, cell in ties[vertex]:
            if cell == by:
                continue
            if other not in reached:
                yield from visit(other, cell)
                if lowest[other] > reached[vertex]:
                    yield cell
            lowest[vertex] = min(lowest[vertex], lowest[other])

    for vertex in ties:
        if vertex not in reached:
            yield from visit(vertex, None)
