"""``kinds.yml`` and ``lookups/units.yml``: what indicators, documents and units are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from builder.settings.loading import SOME, Entry, Words, load, wrong
from builder.text import fold

Kind = Literal["cost", "satisfaction", "output", "benefit"]
Dimension = Literal[
    "money", "share", "score", "people", "occasions", "count", "area", "length", "volume", "mass", "time"
]
Folded = Annotated[Words, SOME, AfterValidator(lambda words: tuple(map(fold, words)))]


class IndicatorKinds(Entry):
    """Words, folded: of printed levels by kind, in the order in which they are looked for, and of names."""

    printed: dict[Kind, Folded]
    output_endings: Folded
    benefit_words: Folded


class DocumentKinds(Entry):
    key_projects: Folded


class Kinds(Entry):
    indicators: IndicatorKinds
    documents: DocumentKinds


@dataclass(frozen=True, slots=True)
class Unit:
    """The spelling that stands for all of one unit, and what it measures."""

    canonical: str
    dimension: str


def _each_once(dimensions: dict[Dimension, dict[str, Words]]) -> dict[Dimension, dict[str, Words]]:
    seen: dict[str, str] = {}
    for dimension, units in dimensions.items():
        for canonical, spellings in units.items():
            for word in (canonical, *spellings):
                if (other := seen.setdefault(fold(word), canonical)) != canonical or fold(canonical) not in seen:
                    raise wrong(f"「{word}」既是 {other} 又是 {canonical}，请只留一处", dimension, canonical)
    return dimensions


UnitFile = Annotated[dict[Dimension, dict[str, Words]], AfterValidator(_each_once)]


def units(path: Path) -> Mapping[str, Unit]:
    """The unit that each folded spelling stands for."""
    return {
        fold(word): Unit(canonical, dimension)
        for dimension, known in load(path, UnitFile).items()
        for canonical, spellings in known.items()
        for word in (canonical, *spellings)
    }
