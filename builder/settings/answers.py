"""``promises.yml``, ``themes.yml``: how a promise is told in one line, and which themes of life there are."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field as Is
from pydantic import model_validator

from builder.settings.kinds import Dimension, Folded
from builder.settings.loading import SOME, Entry, Line, Slug, Whole, Words, load, once


class Override(Entry):
    """An indicator that tells its project's promise better than the rule's choice."""

    indicator: Line
    reason: Line


class PromiseRules(Entry):
    """``people`` are units, ``units`` dimensions that can be counted, the telling ones first; ``not_`` are folded words
    of names."""

    people: Annotated[Words, SOME]
    units: Annotated[tuple[Dimension, ...], SOME]
    endings: Folded
    not_: Annotated[Folded, Is(alias="not")]
    longest_goal: Annotated[Whole, Is(ge=10)]
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
