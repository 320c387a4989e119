"""Which projects elsewhere are of a kind: an inverted index over the telling words of names and over indicator names.

A word is telling where few sectors use it: 老党员 is, 发展 and 专项 are not, and no list of such words need be kept. Words
that hundreds of projects share are left out, which keeps the cost of a page flat. The result is a hint for reading side
by side, never a ranking.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.dataset.rows import Indicator, Project
from builder.measures import terms

MOST_BEARERS = 200
SHOWN = 5
INDICATOR_SHARE = 0.5
SAME_SECTOR = 1.25
CLOSE_ENOUGH = 0.3
# A pair of characters is worth naming to a reader when at most this share of the sectors uses it.
TELLING_SHARE = 0.25

Feature = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """``shared_words`` is the longest telling run of the name that the other bears too; empty where there is none."""

    project_id: str
    shared_words: str
    shared_indicators: tuple[str, ...]
    same_sector: bool


def nearest(
    projects: Sequence[Project],
    indicators: Mapping[str, Sequence[Indicator]],
    sector_of: Mapping[str | None, str | None],
) -> dict[str, tuple[Neighbour, ...]]:
    """For each project up to five of other regions, nearest first, the latest year of each series standing for it.

    ``sector_of`` gives the sector of a department. Forms of a whole department are left out.
    """
    rows = {row.project_id: row for row in projects if row.form_type != terms.WHOLE_DEPARTMENT}
    sectors = {key: sector_of.get(row.department_id) for key, row in rows.items()}
    measures = {key: {i.name for i in indicators.get(key, ()) if not i.is_execution_rate} for key in rows}
    features: dict[str, dict[Feature, float]] = {
        key: {
            **{("name", pair): 1.0 for pair in _pairs(row.name)},
            **{("indicator", name): INDICATOR_SHARE for name in measures[key]},
        }
        for key, row in rows.items()
    }
    bearers: dict[Feature, list[str]] = defaultdict(list)
    users: dict[Feature, set[str | None]] = defaultdict(set)
    latest = {row.series_id: key for key, row in sorted(rows.items(), key=lambda item: (item[1].year, item[0]))}
    for key, own in features.items():
        for feature in own:
            users[feature].add(sectors[key])
    for key in latest.values():
        for feature in features[key]:
            bearers[feature].append(key)
    all_sectors = len(set(sectors.values()))
    telling = {
        feature: math.log(all_sectors / len(users[feature]))
        for feature, keys in bearers.items()
        if len(keys) <= MOST_BEARERS and len(users[feature]) < all_sectors
    }
    norm = {
        key: math.sqrt(sum(telling[feature] ** 2 for feature in own if feature[0] == "name" and feature in telling))
        for key, own in features.items()
    }
    result = {}
    for key, own in features.items():
        scores: dict[str, float] = defaultdict(float)
        for feature, weight in own.items():
            if feature in telling:
                for other in bearers[feature]:
                    if rows[other].region_id != rows[key].region_id:
                        scores[other] += (weight * telling[feature]) ** 2
        ranked = []
        for other, score in scores.items():
            same = sectors[key] is not None and sectors[key] == sectors[other]
            closeness = score / max(norm[key] * norm[other], 1.0) * (SAME_SECTOR if same else 1.0)
            if closeness >= CLOSE_ENOUGH:
                ranked.append((-closeness, other, same))
        result[key] = tuple(
            Neighbour(
                other,
                _shared_words(rows[key].name, rows[other].name, telling, math.log(1 / TELLING_SHARE)),
                tuple(sorted(measures[key] & measures[other])),
                same,
            )
            for _, other, same in sorted(ranked)[:SHOWN]
        )
    return result


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}


def _shared_words(name: str, other: str, telling: Mapping[Feature, float], least: float) -> str:
    """The longest run of telling pairs of both names. Where a common word follows, the run's last character is taken
    for that word's first: of 污染防治专|项 remains 污染防治."""

    def is_telling(pair: str) -> bool:
        return telling.get(("name", pair), 0.0) >= least

    shared = {pair for pair in _pairs(other) if is_telling(pair)}
    best = run = ""
    for at in range(len(name) - 1):
        pair = name[at : at + 2]
        if pair in shared:
            run = run + pair[1] if run else pair
            continue
        best = max(best, run if is_telling(pair) else run[:-1], key=len)
        run = ""
    best = max(best, run, key=len)
    return best if len(best) > 1 else ""
