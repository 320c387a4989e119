"""Ruled lines on a page → the grids of cells that they draw.

Coordinates are points, x to the right and y down. A table is a set of touching horizontal and vertical lines; its
cells are the smallest fields between them, joined where the line between two fields is missing. An outer border that
is not drawn (statistical tables are open at the sides, tables cut by a page break have no last line) is taken to stand
where the lines that meet it end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# Double rules and the two edges of a thick one lie within 3 points; no printed row or column is that narrow.
SNAP = 3.0
SHORTEST = 5.0
# A side is open when lines run on past the last crossing line by more than the stub of a rounded corner.
OPEN_SIDE = 6.0
COVERED = 0.6


@dataclass(frozen=True, slots=True)
class Stroke:
    """A horizontal or vertical line: at ``at`` on the other axis, from ``start`` to ``end`` on its own."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: ``xs`` and ``ys`` bound its columns and rows; ``owners[row][column]`` is the top-left field of the cell
    which that field belongs to."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: tuple[tuple[tuple[int, int], ...], ...]

    def locate(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell at a point, by its top-left field; ``None`` outside of the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.owners[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]

    def span(self, owner: tuple[int, int]) -> tuple[float, float]:
        """The left and right edge of a cell."""
        row, column = owner
        last = column
        while last + 1 < len(self.xs) - 1 and self.owners[row][last + 1] == owner:
            last += 1
        return self.xs[column], self.xs[last + 1]

    def encloses(self, owner: tuple[int, int], box: tuple[float, float, float, float]) -> bool:
        """Whether a box (left, top, right, bottom) lies in a cell, give or take the width of its border."""
        left, right = self.span(owner)
        row, column = owner
        last = row
        while last + 1 < len(self.ys) - 1 and self.owners[last + 1][column] == owner:
            last += 1
        return (
            left - SNAP <= box[0]
            and box[2] <= right + SNAP
            and self.ys[row] - SNAP <= box[1]
            and box[3] <= self.ys[last + 1] + SNAP
        )

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])


def grids(horizontal: Sequence[Stroke], vertical: Sequence[Stroke]) -> list[Grid]:
    """The tables that ``joined`` lines draw, from the top. Boxes of one cell or one column are frames, not tables."""
    found = []
    for rules, posts in _touching(horizontal, vertical):
        grid = _grid(rules, posts)
        if len(grid.xs) > 2 and len({owner for row in grid.owners for owner in row}) > 1:
            found.append(grid)
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0]))


def joined(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Lines within ``SNAP`` of each other brought to one place, and pieces of one line joined."""
    pieces: list[Stroke] = []
    bundle: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (s.at, s.start)):
        if bundle and stroke.at - bundle[0].at > SNAP:
            pieces += _merged(bundle)
            bundle = []
        bundle.append(stroke)
    return [stroke for stroke in pieces + _merged(bundle) if stroke.end - stroke.start >= SHORTEST]


def _merged(bundle: Sequence[Stroke]) -> list[Stroke]:
    if not bundle:
        return []
    at = sum(stroke.at for stroke in bundle) / len(bundle)
    merged: list[Stroke] = []
    for stroke in sorted(bundle, key=lambda s: s.start):
        if merged and stroke.start <= merged[-1].end + SNAP:
            merged[-1] = Stroke(at, merged[-1].start, max(merged[-1].end, stroke.end))
        else:
            merged.append(Stroke(at, stroke.start, stroke.end))
    return merged


def _touching(across: Sequence[Stroke], down: Sequence[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Lines grouped by touching, directly or through others; groups without a crossing are underlines and left out."""
    leader = list(range(len(across) + len(down)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    places = [post.at for post in down]
    for index, rule in enumerate(across):
        first, last = bisect_left(places, rule.start - SNAP), bisect_right(places, rule.end + SNAP)
        for number in range(first, last):
            post = down[number]
            if post.start - SNAP <= rule.at <= post.end + SNAP:
                leader[find(len(across) + number)] = find(index)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for index, rule in enumerate(across):
        groups.setdefault(find(index), ([], []))[0].append(rule)
    for number, post in enumerate(down):
        groups.setdefault(find(len(across) + number), ([], []))[1].append(post)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(rules: Sequence[Stroke], posts: Sequence[Stroke]) -> Grid:
    xs = _bounds(posts, rules)
    ys = _bounds(rules, posts)
    columns, rows = len(xs) - 1, len(ys) - 1
    above, beside = _by_place(rules), _by_place(posts)
    owners = [[(row, column) for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if row and not _covered(above[ys[row]], xs[column], xs[column + 1]):
                owners[row][column] = owners[row - 1][column]
            elif column and not _covered(beside[xs[column]], ys[row], ys[row + 1]):
                owners[row][column] = owners[row][column - 1]
    return Grid(xs, ys, tuple(map(tuple, _rectangular(owners))))


def _bounds(lines: Sequence[Stroke], crossing: Sequence[Stroke]) -> tuple[float, ...]:
    bounds = sorted({line.at for line in lines})
    lowest, highest = min(line.start for line in crossing), max(line.end for line in crossing)
    if bounds[0] - lowest > OPEN_SIDE:
        bounds.insert(0, lowest)
    if highest - bounds[-1] > OPEN_SIDE:
        bounds.append(highest)
    return tuple(bounds)


def _by_place(lines: Sequence[Stroke]) -> dict[float, list[Stroke]]:
    places: dict[float, list[Stroke]] = {}
    for line in lines:
        places.setdefault(line.at, []).append(line)
    return places


def _covered(lines: Sequence[Stroke], start: float, end: float) -> bool:
    """Whether the lines at one place are drawn along most of the way from ``start`` to ``end``."""
    drawn = sum(max(0.0, min(line.end, end) - max(line.start, start)) for line in lines)
    return drawn >= COVERED * (end - start)


def _rectangular(owners: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Joined fields that make no rectangle (a missing piece of a line) are parted again into the rows they lie in."""
    fields: dict[tuple[int, int], dict[tuple[int, int], None]] = {}
    for row, line in enumerate(owners):
        for column, owner in enumerate(line):
            fields.setdefault(owner, {})[row, column] = None
    for owner, members in fields.items():
        height = max(row for row, _ in members) - owner[0] + 1
        width = max(column for _, column in members) - min(column for _, column in members) + 1
        if height * width == len(members):
            continue
        for row, column in members:
            goes_on = (row, column - 1) in members and owners[row][column - 1][0] == row
            owners[row][column] = owners[row][column - 1] if goes_on else (row, column)
    return owners
