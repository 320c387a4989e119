"""``kinds.yml``, ``lookups/units.yml``, ``lookups/issuers.yml``: what indicators, documents, units and policies are."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from builder.settings.loading import SOME, Entry, Line, Words, load, wrong
from builder.text import fold

Kind = Literal["cost", "satisfaction", "output", "benefit"]
Dimension = Literal[
    "money", "share", "score", "people", "occasions", "count", "area", "length", "volume", "mass", "time"
]
NATIONAL = "national"
Folded = Annotated[Words, SOME, AfterValidator(lambda words: tuple(map(fold, words)))]


class IndicatorKinds(Entry):
    """Words, folded: of printed levels by kind, in the order in which they are looked for, and of names."""

    printed: dict[Kind, Folded]
    output_endings: Folded
    benefit_words: Folded


class DocumentKinds(Entry):
    key_projects: Folded


class PolicyKinds(Entry):
    """Endings, folded: of what stands in 《》 and is no policy, and of the offices that a title may begin with."""

    not_endings: Folded
    issuer_endings: Folded


class Kinds(Entry):
    indicators: IndicatorKinds
    documents: DocumentKinds
    policies: PolicyKinds


@dataclass(frozen=True, slots=True)
class Unit:
    """The spelling that stands for all of one unit, and what it measures."""

    canonical: str
    dimension: str


# The offices by the signs of their documents' numbers, by region, or ``national``.
Issuers = Mapping[str, Mapping[str, str]]


def issuers(path: Path, regions: Container[str]) -> Issuers:
    """Raises ``SettingsFault`` for a region that is not known."""

    def proved(found: dict[str, dict[Line, Line]]) -> None:
        for region_id in found:
            if region_id != NATIONAL and region_id not in regions:
                raise wrong(f"没有地区 {region_id}", region_id)

    return load(path, dict[str, dict[Line, Line]], proved)


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
