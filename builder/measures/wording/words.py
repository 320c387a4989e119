"""The nouns of data/lint.yml: what readers are told of each rule, and the words and numbers that rules go by."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of ``words`` in data/lint.yml, folded."""

    satisfaction: tuple[str, ...]
    satisfaction_not: tuple[str, ...]
    survey: tuple[str, ...]
    zero: tuple[str, ...]
    definite: tuple[str, ...]
    degree: tuple[str, ...]
    affirmation: tuple[str, ...]
    growth: tuple[str, ...]
    cost: tuple[str, ...]
    cost_in_money: tuple[str, ...]
    project_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ``numbers`` of data/lint.yml; ``shortest_text``, how many characters a text has before sameness counts as
    copied, is that of data/checks.yml."""

    concentrated_percent: int
    fewest_indicators: int
    shortest_text: int


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
class CopyKind:
    """What readers are told of one kind of sameness (``builder.measures.copies`` finds it)."""

    title: str
    judged: str
    rule: str
    normal: str


@dataclass(frozen=True, slots=True)
class Rules:
    rules: Mapping[str, Rule]
    copies: Mapping[str, CopyKind]
    words: Words
    numbers: Numbers
