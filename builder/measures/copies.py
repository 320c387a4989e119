"""Goals, overviews and whole indicator sets that stand word for word on several forms.

What counts as the same is an exact rule each, stated for readers in data/wording.yml (``copies``); nothing is measured by
likeness, so no two texts are called alike that a reader could not check by eye.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.dataset.rows import Indicator, Project, Tables, group
from builder.measures import terms
from builder.text import fold, plain

TEXTS: Mapping[str, Callable[[Project], str | None]] = {
    "goal": lambda project: project.goal,
    "overview": lambda project: project.overview,
}
BUT_NUMBERS = "-but-numbers"
SETS, SETS_BUT_TARGETS, SENTENCES = "indicators", "indicators-but-targets", "sentences"

# How much of a sentence finds its place: less than one line holds.
OPENING = 12

# A number with its separators is one: 1,234.5.
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
SENTENCE_END = re.compile(r"[。；;！!？?\n]")
# The number of a point is no part of what it says: 1. （2） 一、 第三， 四是
POINT = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|\d{1,2}[.、](?!\d)|第?[一二三四五六七八九十]{1,3}[、，是])\s*"
)


@dataclass(frozen=True, slots=True)
class Same:
    """Projects that share something, the earliest year first; ``texts`` are it as filed on the first of them, none
    where it is the indicators."""

    projects: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """All groups of one kind (a key of ``copies`` in data/wording.yml), the largest first, among ``judged``."""

    kind: str
    judged: int
    groups: tuple[Same, ...]


def find(tables: Tables, fewest: int, shortest: int) -> tuple[Kind, ...]:
    """Every group of every kind, among projects with at least ``fewest`` indicators and texts of ``shortest`` characters.

    The cost is linear in the rows and the length of their texts.
    """
    projects = {row.project_id: row for row in tables.projects}
    sets = group(terms.own(tables.indicators), lambda row: row.project_id)
    return (
        *_indicator_sets(projects, {key: rows for key, rows in sets.items() if len(rows) >= fewest}),
        *(kind for name in TEXTS for kind in _whole_texts(projects, name, shortest)),
        _sentences(projects, shortest),
    )


def _indicator_sets(projects: Mapping[str, Project], sets: Mapping[str, Sequence[Indicator]]) -> Iterator[Kind]:
    whole = {key: str(sorted(_measure(row) + _target(row) for row in rows)) for key, rows in sets.items()}
    measures = {key: str(sorted(_measure(row) for row in rows)) for key, rows in sets.items()}
    return _exact_and_near(projects, SETS, SETS_BUT_TARGETS, whole, measures, lambda key: ())


def _measure(row: Indicator) -> tuple[str, ...]:
    return fold(row.name), row.comparison or "", fold(row.unit or "")


def _target(row: Indicator) -> tuple[str, ...]:
    printed = row.target_as_filed if row.target_value is None else plain(row.target_value)
    return fold(printed or ""), "" if row.weight is None else plain(row.weight)


def _whole_texts(projects: Mapping[str, Project], name: str, shortest: int) -> Iterator[Kind]:
    whole = {key: text for key, row in projects.items() if len(text := fold(TEXTS[name](row) or "")) >= shortest}
    bare = {key: text for key in whole if len(text := NUMBER.sub("", whole[key])) >= shortest}
    return _exact_and_near(
        projects, name, f"{name}{BUT_NUMBERS}", whole, bare, lambda key: (TEXTS[name](projects[key]) or "",)
    )


def _exact_and_near(
    projects: Mapping[str, Project],
    exact_kind: str,
    near_kind: str,
    exact: Mapping[str, str],
    near: Mapping[str, str],
    texts: Callable[[str], tuple[str, ...]],
) -> Iterator[Kind]:
    """Groups of one key, and those of the wider key whose members differ in the first."""
    for kind, keys, least in ((exact_kind, exact, 1), (near_kind, near, 2)):
        found = (
            _in_order(projects, members)
            for members in group(keys, keys.__getitem__).values()
            if len(members) > 1 and len({exact[member] for member in members}) >= least
        )
        yield Kind(kind, len(keys), _largest_first(Same(members, texts(members[0])) for members in found))


def _sentences(projects: Mapping[str, Project], shortest: int) -> Kind:
    """Sentences of texts that differ by more than numbers; sentences with the same bearers make one group."""
    bearers: dict[str, dict[str, str]] = defaultdict(dict)
    wholes: dict[str, set[str]] = defaultdict(set)
    for project_id, row in projects.items():
        for text in (read(row) or "" for read in TEXTS.values()):
            whole = NUMBER.sub("", fold(text))
            for printed in SENTENCE_END.split(text):
                point = POINT.match(printed)
                sentence = printed[point.end() if point else 0 :].strip()
                if len(key := fold(sentence)) >= shortest:
                    bearers[key].setdefault(project_id, sentence)
                    wholes[key].add(whole)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, printed_by in bearers.items():
        if len(printed_by) > 1 and len(wholes[key]) > 1:
            groups[tuple(printed_by)].append(key)
    found = ((_in_order(projects, members), keys) for members, keys in groups.items())
    return Kind(
        SENTENCES,
        len(bearers),
        _largest_first(Same(members, tuple(bearers[key][members[0]] for key in keys)) for members, keys in found),
    )


def column(kind: str, group: Same, project: Project) -> str:
    """The column of a project that holds what it shares with its group; ``indicators`` where that is its indicators."""
    if not group.texts:
        return SETS
    if kind != SENTENCES:
        return kind.removesuffix(BUT_NUMBERS)
    opening = fold(group.texts[0])[:OPENING]
    return next((name for name, text in TEXTS.items() if opening in fold(text(project) or "")), "goal")


def _in_order(projects: Mapping[str, Project], members: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(members, key=lambda key: (projects[key].year, key)))


def _largest_first(groups: Iterable[Same]) -> tuple[Same, ...]:
    return tuple(sorted(groups, key=lambda group: (-len(group.projects), group.projects)))
