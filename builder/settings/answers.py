"""``promises.yml``: how a project's promise is told in one line."""

from typing import Annotated, Self

from pydantic import Field as Is
from pydantic import model_validator

from builder.settings.kinds import Dimension, Folded
from builder.settings.loading import SOME, Entry, Line, Whole, Words, once


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
