"""``wording.yml``: what readers are told of each rule of wording and each kind of copy, and the words and numbers they go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field as Is
from pydantic import model_validator

from builder.settings.kinds import Folded
from builder.settings.loading import SOME, Entry, Line, Text, Whole, Words, load, placeholders, wrong
from builder.text import fold

# The rules that the program knows, and what may fill the sentence of each. Those of ``_OF_TWO_YEARS`` may tell the
# ``direction`` of a change.
_OF_AN_INDICATOR = ("name", "target")
_OF_TWO_YEARS = (*_OF_AN_INDICATOR, "year", "before", "before_year")
RULES: Mapping[str, tuple[str, ...]] = {
    "unquantified": _OF_AN_INDICATOR,
    "degree-words": _OF_AN_INDICATOR,
    "core-without-number": _OF_AN_INDICATOR,
    "no-unit": _OF_AN_INDICATOR,
    "trivially-full": _OF_AN_INDICATOR,
    "satisfaction-without-number": _OF_AN_INDICATOR,
    "satisfaction-without-survey": _OF_AN_INDICATOR,
    "target-equals-last-year": _OF_TWO_YEARS,
    "target-raised": _OF_TWO_YEARS,
    "target-lowered": _OF_TWO_YEARS,
    "cost-indicator-absent": ("count",),
    "weight-concentrated": (*_OF_AN_INDICATOR, "weight", "total"),
    "name-equals-project": _OF_AN_INDICATOR,
    "name-unit-disagrees": (*_OF_AN_INDICATOR, "expected", "unit"),
    "magnitude-apart": (*_OF_AN_INDICATOR, "other", "other_target"),
}
COPY_KINDS = (
    "indicators",
    "indicators-but-targets",
    "goal",
    "goal-but-numbers",
    "overview",
    "overview-but-numbers",
    "sentences",
)
Compared = Literal["ge", "gt", "le", "lt", "eq"]
Count = Annotated[Whole, Is(ge=1)]


class WordLists(Entry):
    """The lists of ``words``, as written."""

    satisfaction: Words
    satisfaction_not: Words
    survey: Words
    zero: Words
    definite: Words
    degree: Words
    affirmation: Words
    growth: Words
    cost: Words
    cost_in_money: Words
    project_endings: Words
    area_units: Words


class Thresholds(Entry):
    concentrated_percent: Count
    fewest_indicators: Count
    apart_times: Count
    alike_characters: Count


class NameUnits(Entry):
    """Names that end with one of ``names`` are of ``kind``, and their unit has one of ``units`` in it; folded."""

    kind: Line
    names: Folded
    units: Folded


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ``numbers`` of data/wording.yml; ``shortest_text``, how many characters a text has before sameness counts as
    copied, is that of data/checks.yml."""

    concentrated_percent: int
    fewest_indicators: int
    apart_times: int
    alike_characters: int
    shortest_text: int


class RuleText(Entry):
    title: Line
    judged: Line
    meaning: Text
    matters: Text
    normal: Text
    shows: tuple[str, ...]
    direction: dict[Compared, Line] | None = None
    text: Line


class CopyKind(Entry):
    """What readers are told of one kind of sameness (``builder.measures.copies`` finds it)."""

    title: Line
    judged: Line
    rule: Text
    normal: Text


class WordingFile(Entry):
    numbers: Thresholds
    words: WordLists
    units: Annotated[tuple[NameUnits, ...], SOME]
    rules: dict[str, RuleText]
    copies: dict[str, CopyKind]

    @model_validator(mode="after")
    def _fits_the_program(self) -> Self:
        for key, held, known in (("rules", self.rules, RULES), ("copies", self.copies, COPY_KINDS)):
            if missing := [name for name in known if name not in held]:
                raise wrong(f"缺少 {'、'.join(missing)}", key)
            if unknown := [name for name in held if name not in known]:
                raise wrong(f"不是程序的规则；有的是 {'、'.join(known)}", key, unknown[0])
        for rule_id, rule in self.rules.items():
            if unknown := [name for name in rule.shows if name not in WordLists.model_fields]:
                raise wrong(f"words 里没有 {'、'.join(unknown)}", "rules", rule_id, "shows")
            allowed = RULES[rule_id]
            if rule.direction is not None:
                if allowed != _OF_TWO_YEARS:
                    raise wrong("不比较两年的规则没有 direction", "rules", rule_id, "direction")
                if missing := [sign for sign in ("ge", "gt", "le", "lt", "eq") if sign not in rule.direction]:
                    raise wrong(f"缺少 {'、'.join(missing)}", "rules", rule_id, "direction")
                allowed = (*allowed, "direction")
            for name in ("title", "judged", "meaning", "matters", "normal", "text"):
                placeholders(getattr(rule, name), allowed if name == "text" else (), "rules", rule_id, name)
        for kind, copied in self.copies.items():
            for name in CopyKind.model_fields:
                placeholders(getattr(copied, name), ("shortest", "fewest"), "copies", kind, name)
        return self


@dataclass(frozen=True, slots=True)
class Rule:
    """What readers are told of a rule. ``judged`` names what it counts, beginning with the counter word (项, 张);
    ``shown`` are the words that it goes by."""

    rule_id: str
    title: str
    judged: str
    meaning: str
    matters: str
    normal: str
    text: str
    direction: Mapping[str, str]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """``words`` are folded; ``copies`` say how long a text and how many indicators are compared."""

    rules: Mapping[str, Rule]
    copies: Mapping[str, CopyKind]
    words: WordLists
    numbers: Numbers
    units: tuple[NameUnits, ...]


def wording(path: Path, shortest_text: int) -> Rules:
    """``wording.yml``, proved against the rules that there are. ``shortest_text`` is ``reuse_min_length`` of checks.yml."""
    file = load(path, WordingFile)
    filled = {"shortest": shortest_text, "fewest": file.numbers.fewest_indicators}
    return Rules(
        rules={
            rule_id: Rule(
                rule_id,
                **text.model_dump(exclude={"shows", "direction"}),
                direction={str(sign): said for sign, said in (text.direction or {}).items()},
                shown=tuple(word for name in text.shows for word in getattr(file.words, name)),
            )
            for rule_id, text in file.rules.items()
        },
        copies={
            kind: CopyKind(**{name: text.format_map(filled) for name, text in copied})
            for kind, copied in file.copies.items()
        },
        words=WordLists(**{name: tuple(map(fold, words)) for name, words in file.words}),
        numbers=Numbers(**file.numbers.model_dump(), shortest_text=shortest_text),
        units=file.units,
    )
