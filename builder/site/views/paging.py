"""A list that grows with the dataset is cut into pages of a fixed length, so that no page grows with the whole.

The first page keeps the list's own address; page 3 of ``policies/`` is ``policies/page-3/``. What looks like nothing else
on the site can stand there: ids are never called ``page-3``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.site.paths import Here
from builder.site.views.parts import Link

T = TypeVar("T")
K = TypeVar("K")

# Pages named on either side of the one that is open.
AROUND = 2


@dataclass(frozen=True, slots=True)
class Pager:
    """The way to the other pages of a list; ``current`` is not among ``links`` but stands between them."""

    said: str
    before: tuple[Link, ...]
    current: str
    after: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Finder:
    """A form that looks for a name in the search index, ``kind`` being one of the kinds of its entries."""

    action: str
    kind: str
    label: str


def cut(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Pieces of at most ``size``; one empty piece of nothing, because a list without entries has its page too."""
    return [items[at : at + size] for at in range(0, len(items), size)] or [items]


def address(base: str, number: int) -> str:
    """``policies/``, 1 → ``policies/``; 3 → ``policies/page-3/``."""
    return base if number == 1 else f"{base}page-{number}/"


def place(rank: Mapping[K, int], key: K, size: int) -> int:
    """The number of the page on which an item stands."""
    return rank[key] // size + 1


def pager(here: Here, base: str, number: int, count: int) -> Pager | None:
    """The links of page ``number`` of ``count``: its neighbours, the first and the last; none of a list of one page."""
    if count == 1:
        return None
    shown = sorted({1, count, *range(max(1, number - AROUND), min(count, number + AROUND) + 1)})
    links = {at: Link(f"第 {at} 页", here.at(address(base, at))) for at in shown}
    return Pager(
        f"第 {number} 页，共 {count} 页",
        tuple(link for at, link in links.items() if at < number),
        f"第 {number} 页",
        tuple(link for at, link in links.items() if at > number),
    )


def leaves(base: str, items: Sequence[T], size: int) -> Iterator[tuple[int, Here, Sequence[T], Pager | None]]:
    """The pages of a list: number, place, what of the list stands there, the way to the others."""
    parts = cut(items, size)
    for number, part in enumerate(parts, 1):
        here = Here(address(base, number))
        yield number, here, part, pager(here, base, number, len(parts))


def titled(title: str, number: int) -> str:
    """The title of a page of a list: no two pages of the site bear the same."""
    return title if number == 1 else f"{title}，第 {number} 页"


def finder(here: Here, kind: str, label: str) -> Finder:
    return Finder(here.at("search/"), kind, label)
