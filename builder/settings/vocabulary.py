"""``labels.yml`` and ``lookups/*.yml``: what headings and single cells mean, however they are spelt."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, model_validator

from builder.settings.loading import SOME, Entry, Expression, Line, Name, Words, compiled, load, wrong
from builder.text import fold, label_key

# A longer cell is prose: the longest heading of the vocabulary has 12 characters, the rest is room for a note in brackets.
LONGEST_LABEL = 120
LONGEST_TITLE = 80
_POINTS = re.compile(r"\d+分$")
_DIGIT = re.compile(r"\d")
# What a spelling of the file may leave open: the year, and the months that monitoring looks at.
_OPEN = {
    "{year}": r"(?:19|20)\d{2}",
    "{months}": r"(?:(?:截至|截止)?\d{1,2}月(?:底|末|份)?|\d{1,2}(?:月)?[-~—–至]\d{1,2}月(?:底|末|份)?)",
}
# What may stand before a heading without changing it: 其中：财政拨款, 1.财政拨款, （一）项目概况, *指标值, and a heading of
# several before the first of them, 1、资金来源：（1）财政拨款.
_LEAD = re.compile(
    r"^(?:[*★☆▲]+|其中:?|\(?\d{1,2}[).、]|\(?[一二三四五六七八九十]{1,3}[)、]|[^:()]{2,8}:(?=\(\d{1,2}\)))+"
)

# What a form is of may stand before any heading of it.
_OWNER = re.compile("专项资金|专项|政策|项目(?=.{2})")
_PROJECT = "项目"

# The fields that the program knows: a heading of any other would be read and never published.
FormField = Literal[
    "name", "project_code", "department", "central_department", "implementing_unit", "reporting_unit", "unit",
    "serial_no", "period", "project_type", "budget", "total", "execution_weight", "overview", "basis", "goal", "goal_overall", "longer_indicators",
    "remark", "contact_name", "contact_phone", "contact", "attribute", "funding.upper_grant", "funding.own",
    "funding.to_lower", "funding.fiscal", "funding.fiscal_part", "funding.other",
]  # fmt: skip
IndicatorField = Literal[
    "level1", "level2", "name", "comparison", "target", "unit", "weight", "is_core", "note", "ordinal"
]
CatalogueField = Literal["serial_no", "name", "department", "amount", "own", "to_lower"]
TaskField = Literal["task", "content", "total", "fiscal", "other"]
ResultField = Literal[
    "initial", "adjusted", "executed", "expected", "rate", "points", "actual", "forecast", "likelihood",
    "target", "target_adjusted", "goal",
    "score", "reason", "goal_result", "total_score", "grade", "conclusion", "problems", "measures",
    "funding.upper_grant", "funding.own", "funding.fiscal", "funding.other", "whole", "execution_score",
    "implementing_unit", "percent", "aside",
]  # fmt: skip
Key = TypeVar("Key", bound=str)
Found = TypeVar("Found")
Comparison = Literal["ge", "le", "eq", "gt", "lt", "qualitative"]
Ending = Annotated[re.Pattern[str], compiled("(?:{})$")]


@dataclass(frozen=True, slots=True)
class Label:
    """What a heading means: a field, and whether this spelling is a known misprint.

    A ``weak`` spelling means the field only where no other spelling of it stands beside it.
    """

    field: str
    kind: str
    misprint: bool
    weak: bool = False


class Remembered(dict[str, Found]):
    """What was found for each text that was asked for: a cell is asked what it is many times over. Prose, which is
    printed once, is not remembered."""

    def __init__(self, find: Callable[[str], Found]) -> None:
        self._find = find

    def __missing__(self, text: str) -> Found:
        found = self._find(text)
        if len(text) <= LONGEST_LABEL:
            self[text] = found
        return found


@dataclass(frozen=True, slots=True)
class Labels:
    """One context's headings: fixed spellings by folded key, and spellings with a year or months in them as patterns.

    ``right`` are the folded spellings of each field that are no misprints. ``find`` says what a printed heading means;
    ``None`` if the vocabulary does not know it. ``owner`` may stand before any of them. ``seen`` are its answers so far.
    """

    exact: Mapping[str, Label]
    patterns: tuple[tuple[re.Pattern[str], Label], ...]
    right: Mapping[str, tuple[str, ...]]
    owner: re.Pattern[str] | None = None
    seen: Remembered[Label | None] = field(init=False, compare=False, repr=False)
    find: Callable[[str], Label | None] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        seen = Remembered(self._find)
        object.__setattr__(self, "seen", seen)
        object.__setattr__(self, "find", seen.__getitem__)

    def _find(self, text: str) -> Label | None:
        if len(text) > LONGEST_LABEL:
            return None
        key = label_key(text)
        found = self._known(key)
        if found is None and (lead := _LEAD.match(key)):
            key = key[lead.end() :]
            found = self._known(key)
        return found if found is not None or self.owner is None else self._owned(key)

    def _owned(self, key: str) -> Label | None:
        """What a heading of the form's own kind means: 专项概况 is 项目概况, and 项目用款单位 is 用款单位."""
        owner = self.owner.match(key) if self.owner else None
        if owner is None:
            return None
        rest = key[owner.end() :]
        return self._known(f"{_PROJECT}{rest}") or self._known(rest)

    def met(self) -> list[str]:
        """The texts asked for so far that are headings."""
        return [text for text, label in self.seen.items() if label is not None]

    def unmet(self) -> list[str]:
        """The spellings that nobody has asked for so far, in the order of the file."""
        keys = [label_key(text) for text in self.met()]
        met = {*keys, *(_LEAD.sub("", key) for key in keys)}
        return [spelling for spelling in self.exact if spelling not in met]

    def _known(self, key: str) -> Label | None:
        if key in self.exact or not self.patterns or not _DIGIT.search(key):
            return self.exact.get(key)
        return next((label for pattern, label in self.patterns if pattern.fullmatch(key)), None)

    def nearest(self, field: str, text: str) -> str:
        """The spelling of a field's heading that a misprint is most likely to stand for; of several the first."""
        if (known := self.find(text)) is None or known.field != field:
            return self.right[field][0]
        key = label_key(text)
        return max(self.right[field], key=lambda word: SequenceMatcher(None, key, word).ratio())

    def cut_short(self, text: str) -> set[str]:
        """The fields one of whose headings ``text`` could be with one or two characters lost, fewer than are left:
        内容 may be cut out of anything."""
        key = label_key(text)
        return {
            field
            for field, spellings in self.right.items()
            for spelling in spellings
            if 0 < len(spelling) - len(key) <= min(2, len(key) - 1) and _is_cut_of(key, spelling)
        }


def _is_cut_of(short: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in short)


class Title(Entry):
    pattern: Expression
    form_type: Literal["special_fund", "project", "department_overall"]


class OtherKind(Entry):
    """A kind of document that is no target form: how its titles end, and the headings that only it has."""

    kind: Name
    name: Line
    titles: tuple[Ending, ...]
    columns: tuple[Expression, ...]


class Statement(Entry):
    figure: Literal["projects", "total", "own", "to_lower"]
    pattern: Expression

    @model_validator(mode="after")
    def _has_its_groups(self) -> Self:
        needed = {"value"} if self.figure == "projects" else {"value", "unit"}
        if missing := sorted(needed - self.pattern.groupindex.keys()):
            raise wrong(f"缺少 {'、'.join(f'(?P<{name}>…)' for name in missing)}", "pattern")
        return self


class Heading(Entry):
    labels: Annotated[Words, SOME]
    otherwise: Words = ()
    misprints: Words = ()
    kind: Literal["text", "name", "unit", "money", "number", "person", "phone", "contact"] = "text"


class LabelFile(Entry):
    titles: Annotated[tuple[Title, ...], SOME]
    other_kinds: tuple[OtherKind, ...]
    form: dict[FormField, Heading]
    sections: Words
    indicator: dict[IndicatorField, Heading]
    catalogue: dict[CatalogueField, Heading]
    task: dict[TaskField, Heading]
    result: dict[ResultField, Heading]
    several_years: tuple[Expression, ...]
    catalogue_totals: Words
    furniture: tuple[Expression, ...]
    statements: tuple[Statement, ...]

    @property
    def any_title(self) -> re.Pattern[str]:
        """What a row ends with that is a title of any kind."""
        return _any([rf"(?:{title.pattern.pattern})$" for title in self.titles])

    @property
    def any_other_title(self) -> re.Pattern[str]:
        """What a row ends with that is a title of any other kind of document."""
        return _any([title.pattern for kind in self.other_kinds for title in kind.titles])

    @property
    def any_other_column(self) -> re.Pattern[str]:
        """The headings of any other kind of document."""
        return _any([column.pattern for kind in self.other_kinds for column in kind.columns])

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for context in ("form", "indicator", "catalogue", "task", "result"):
            labels(context, getattr(self, context))
        for name, part in (
            ("titles", "any_title"),
            ("other_kinds", "any_other_title"),
            ("other_kinds", "any_other_column"),
        ):
            try:
                getattr(self, part)
            except re.error as error:
                raise wrong(f"合在一起不是有效的正则表达式（{error}）", name) from None
        return self


def headed(pattern: re.Pattern[str]) -> Remembered[bool]:
    """Whether a cell is a heading that the pattern matches whole."""
    return Remembered(lambda text: len(text) <= LONGEST_LABEL and pattern.fullmatch(label_key(text)) is not None)


def titled(pattern: re.Pattern[str]) -> Remembered[bool]:
    """Whether a line ends as a title does."""
    return Remembered(lambda text: len(key := label_key(text)) <= LONGEST_TITLE and pattern.search(key) is not None)


def sections(words: Words) -> Remembered[bool]:
    """Whether a cell is a heading that only groups others. It may tell what they count for: 预算执行情况10分."""
    known = frozenset(map(label_key, words))

    def is_section(text: str) -> bool:
        key = label_key(text) if len(text) <= LONGEST_LABEL else ""
        return key in known or (key.endswith("分") and _POINTS.sub("", key) in known)

    return Remembered(is_section)


def declared(patterns: Sequence[re.Pattern[str]]) -> Remembered[bool]:
    """Whether a line is declared not to be content."""
    return Remembered(lambda text: any(pattern.fullmatch(key) for key in (fold(text),) for pattern in patterns))


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def labels(context: str, headings: Mapping[Key, Heading]) -> Labels:
    """The headings of a context by spelling. Raises where one spelling means two fields."""
    exact: dict[str, Label] = {}
    patterns: list[tuple[re.Pattern[str], Label]] = []
    for name, heading in headings.items():
        for list_name in ("labels", "otherwise", "misprints"):
            for at, word in enumerate(getattr(heading, list_name)):
                label = Label(name, heading.kind, list_name == "misprints", list_name == "otherwise")
                if (gap := _gap(word)) is not None:
                    before, _, after = word.partition(gap)
                    found = re.escape(label_key(before)) + _OPEN[gap] + re.escape(fold(after))
                    patterns.append((re.compile(found), label))
                elif (known := exact.setdefault(label_key(word), label)) is not label:
                    said = f"的「{word}」已经是 {context}.{known.field} 的写法，请只留一处"
                    raise wrong(said, context, name, list_name, at)
    right: dict[str, tuple[str, ...]] = {
        name: tuple(label_key(word) for word in (*heading.labels, *heading.otherwise) if _gap(word) is None)
        for name, heading in headings.items()
    }
    return Labels(exact, tuple(patterns), right, _OWNER if context == "form" else None)


def _gap(word: str) -> str | None:
    """What a spelling leaves open, if anything."""
    return next((gap for gap in _OPEN if gap in word), None)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Closed vocabularies of single cells, folded spelling → code."""

    comparison: Mapping[str, str]
    suffix: Mapping[str, str]
    yes_no: Mapping[str, str]
    no_unit: Set[str]
    level1: Set[str]
    level2: Set[str]
    execution_rate: Set[str]


def spellings(codes: Mapping[Key, Words]) -> dict[str, str]:
    """Folded spelling → code. Raises where one spelling has two codes."""
    found: dict[str, str] = {}
    for code, words in codes.items():
        for at, word in enumerate(words):
            if found.setdefault(fold(word), code) != code:
                raise wrong(f"「{word}」既是 {found[fold(word)]} 又是 {code}，请只留一处", code, at)
    return found


def _one_code_each(codes: dict[Key, Words]) -> dict[Key, Words]:
    spellings(codes)
    return codes


_PROVED = AfterValidator(_one_code_each)
Codes = Annotated[dict[Comparison, Words], _PROVED]


class TokenFile(Entry):
    comparison: Codes
    suffix: Codes
    yes_no: Annotated[dict[Literal["true", "false"], Words], _PROVED]
    no_unit: Words
    level1: Words
    level2: Words
    execution_rate: Words


def tokens(path: Path) -> Tokens:
    file = load(path, TokenFile)
    closed = {
        name: frozenset(map(fold, getattr(file, name))) for name in ("no_unit", "level1", "level2", "execution_rate")
    }
    return Tokens(spellings(file.comparison), spellings(file.suffix), spellings(file.yes_no), **closed)


def departments(path: Path) -> dict[str, str]:
    """Folded spelling of a department's name → its full name."""
    return spellings(load(path, dict[Line, Words], spellings, empty={}))
