"""``promises.yml``, ``themes.yml``, ``headlines.yml``, ``tiles.yml``: what pages say first, and in which words."""

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field as Is
from pydantic import model_validator

from builder.settings.kinds import Dimension, Folded
from builder.settings.loading import SOME, Entry, Line, Slug, Whole, Words, load, once, placeholders, wrong


class Override(Entry):
    """An indicator that tells its project's promise better than the rule's choice."""

    indicator: Line
    reason: Line


class Carrying(Entry):
    """When money may be divided by a count (``builder.measures.promise.carrier``): ``shared`` characters of the names
    are the same, ``generic`` words apart; ``fewest`` are counted."""

    shared: Annotated[Whole, Is(ge=2)]
    fewest: Annotated[Whole, Is(ge=2)]
    generic: Annotated[Folded, SOME]
    vague: Words
    enumerations: Words


class PromiseRules(Entry):
    """``people`` are units, ``units`` dimensions that can be counted, the telling ones first; ``not_`` are folded words
    of names."""

    people: Annotated[Words, SOME]
    units: Annotated[tuple[Dimension, ...], SOME]
    endings: Folded
    not_: Annotated[Folded, Is(alias="not")]
    longest_goal: Annotated[Whole, Is(ge=10)]
    carries: Carrying
    overrides: tuple[Override, ...] = ()

    @model_validator(mode="after")
    def _each_override_once(self) -> Self:
        once([(override.indicator, ("overrides", at)) for at, override in enumerate(self.overrides)], "指标")
        return self


class Theme(Entry):
    """A theme of life. ``words`` and ``not_`` are folded; ``also`` is what people type who look for it."""

    theme_id: Slug
    name: Line
    words: Folded
    not_: Annotated[Folded, Is(alias="not")] = ()
    also: Words = ()


def themes(path: Path) -> tuple[Theme, ...]:
    """The themes in the order in which pages show them."""
    return load(path, tuple[Theme, ...], _themes, empty=())


def _themes(found: tuple[Theme, ...]) -> None:
    once([(theme.theme_id, (at, "theme_id")) for at, theme in enumerate(found)], "主题")
    once([(theme.name, (at, "name")) for at, theme in enumerate(found)], "主题")


# What may fill the sentence of each kind of headline (``builder.site.views.headlines``).
HEADLINES: Mapping[str, tuple[str, ...]] = {
    "satisfaction": ("total", "count", "first", "second"),
    "survey": ("total", "count"),
    "explained": ("name", "listed", "filed", "explanation"),
    "raised": ("name", "indicator", "before", "after"),
    "theme": ("money", "name", "promise", "place", "forms", "rank"),
}


class HeadlineRule(Entry):
    """A sentence on the home page; it is left out where fewer than ``least`` are counted."""

    kind: Literal["satisfaction", "survey", "explained", "raised", "theme"]
    text: Line
    least: Whole = 1
    theme: Slug | None = None

    @model_validator(mode="after")
    def _can_be_filled(self) -> Self:
        placeholders(self.text, HEADLINES[self.kind], "text")
        if (self.kind == "theme") != (self.theme is not None):
            raise wrong("kind 是 theme 的要写，别的不写", "theme")
        return self


def headlines(path: Path, known: Sequence[Theme]) -> tuple[HeadlineRule, ...]:
    """The sentences in the order in which the home page shows them; each theme is one of ``known``."""
    names = {theme.theme_id for theme in known}

    def proved(found: tuple[HeadlineRule, ...]) -> None:
        for at, rule in enumerate(found):
            if rule.theme is not None and rule.theme not in names:
                raise wrong(f"data/themes.yml 里没有主题 {rule.theme}", at, "theme")

    return load(path, tuple[HeadlineRule, ...], proved, empty=())


Tile = tuple[Annotated[Whole, Is(ge=1, le=30)], Annotated[Whole, Is(ge=1, le=12)]]


def tiles(path: Path, regions: Container[str]) -> dict[str, Tile]:
    """The row and column of each region in the tile map, from 1; no two stand in one place."""

    def proved(found: dict[str, Tile]) -> None:
        taken: dict[Tile, str] = {}
        for region_id, place in found.items():
            if region_id not in regions:
                raise wrong(f"没有地区 {region_id}", region_id)
            if (other := taken.setdefault(place, region_id)) != region_id:
                raise wrong(f"这一格已经是 {other}", region_id)

    return load(path, dict[str, Tile], proved, empty={})
