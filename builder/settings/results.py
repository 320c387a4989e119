"""``scoring.yml`` and ``matches.yml``: how results are scored, read and joined to what was promised."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, model_validator
from pydantic import Field as Is

from builder.settings.loading import (
    SOME,
    Entry,
    Flag,
    Line,
    Text,
    Whole,
    Words,
    exactly,
    load,
    once,
    placeholders,
    wrong,
)
from builder.settings.places import Year
from builder.text import fold

Points = Annotated[Whole, Is(ge=0, le=100)]
Attainment = Literal["met", "partly", "missed"]
RESULT_KINDS = ("self_evaluation", "evaluation", "monitoring")
Likelihood = Literal["certain", "possible", "impossible"]


class ScoringRule(Entry):
    """How points are given in a region, or in all of them (``region_id`` empty), from ``first_year`` on.

    ``of_departments`` rules are those for sheets of a whole department, where they are others. ``grades`` maps each grade
    to the lowest score that earns it. A reason is asked for where less than ``reason_below_percent`` was reached.
    """

    region_id: Line | None = None
    first_year: Year
    points_total: Points
    execution_points: Points
    execution_by_rate: Flag
    of_departments: Flag = False
    reason_below_percent: Annotated[Whole, Is(ge=1, le=100)] = 100
    grades: dict[Line, Points]
    source: Text


Code = TypeVar("Code", Attainment, Likelihood)


def _one_meaning_each(words: dict[Code, Words]) -> dict[Code, Words]:
    once([(fold(word), (code, at)) for code, found in words.items() for at, word in enumerate(found)], "写法")
    return words


class Evaluations(Entry):
    """How an indicator is known that promises evaluations: how its name ends, and the units in which it counts them."""

    ends: Annotated[Words, SOME]
    units: Annotated[Words, SOME]


class ResultRules(Entry):
    """``words`` are what cells print of an indicator's outcome, by what it means; the limits are per cent, and counts.

    ``tells_of_all`` are the kinds that speak of every indicator promised, ``tells_of_none_else`` those of no other.
    ``judges`` says to readers who makes each kind of results; ``due``, ``how_to_ask`` and ``letter`` are what a page
    says as long as there are none.
    """

    rules: Annotated[tuple[ScoringRule, ...], SOME]
    words: Annotated[dict[Attainment, Words], AfterValidator(_one_meaning_each)]
    likelihood: Annotated[dict[Likelihood, Words], AfterValidator(_one_meaning_each)]
    evaluation_levels: dict[str, Words]
    far_above_percent: Annotated[Whole, Is(ge=1)]
    alike_percent: Annotated[Whole, Is(ge=1, le=100)]
    opposites: Words
    whole_department: Annotated[Words, SOME]
    title_words: Annotated[Words, SOME]
    reason_repeated: Annotated[Whole, Is(ge=2)]
    reason_min_length: Annotated[Whole, Is(ge=1)]
    tells_of_all: Words
    tells_of_none_else: Words
    judges: dict[str, Line]
    evaluations: Evaluations
    due: Line
    how_to_ask: Line
    letter: Text

    @model_validator(mode="after")
    def _texts_can_be_filled(self) -> Self:
        placeholders(self.due, ("year", "due", "month"), "due")
        placeholders(self.how_to_ask, ("department", "year"), "how_to_ask")
        placeholders(self.letter, ("place", "year"), "letter")
        exactly(self.judges, RESULT_KINDS, "judges")
        for name, kinds in (("tells_of_all", self.tells_of_all), ("tells_of_none_else", self.tells_of_none_else)):
            if unknown := sorted({*kinds} - {*RESULT_KINDS}):
                raise wrong(f"没有这种结果：{'、'.join(unknown)}；有 {'、'.join(RESULT_KINDS)}", name)
        exactly(self.evaluation_levels, ("level1", "level2"), "evaluation_levels")
        return self

    @property
    def outcomes(self) -> Mapping[str, str]:
        """What each folded spelling means."""
        return {fold(word): code for code, words in self.words.items() for word in words}

    @property
    def likelihoods(self) -> Mapping[str, str]:
        """What each folded spelling of a likelihood means."""
        return {fold(word): code for code, words in self.likelihood.items() for word in words}

    def rule(self, regions: Sequence[str], year: int, of_department: bool = False) -> ScoringRule | None:
        """The rule of a year: of the smallest of ``regions`` (largest first) that has one, else that of all; the latest.

        A sheet of a whole department goes by the rule for those where its place has one.
        """
        held = [one for one in self.rules if one.first_year <= year and (of_department or not one.of_departments)]
        for region_id in (*reversed(regions), None):
            if own := [one for one in held if one.region_id == region_id]:
                return max(own, key=lambda one: (one.of_departments, one.first_year))
        return None


class Match(Entry):
    """What a person joined: a result to a project, or a scored indicator to an indicator; empty says that there is none."""

    result: Line | None = None
    project: Line | None = None
    score: Line | None = None
    indicator: Line | None = None
    reason: Line

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (
            (self.result is None) == (self.score is None)
            or (self.project and self.score)
            or (self.indicator and self.result)
        ):
            raise wrong("要写 result 和 project，或者 score 和 indicator")
        return self


def matches(path: Path) -> tuple[Match, ...]:
    return load(path, tuple[Match, ...], _matches, empty=())


def _matches(found: tuple[Match, ...]) -> None:
    once([(one.result or one.score or "", (place,)) for place, one in enumerate(found)], "编号")
