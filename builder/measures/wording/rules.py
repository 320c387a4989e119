"""The rules: each looks at a form and yields a verdict for each indicator (or for the form) that it can judge."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial

from builder import words
from builder.dataset.kinds import has, names_cost
from builder.dataset.rows import Indicator, added
from builder.measures import terms
from builder.measures.wording.forms import Form
from builder.settings.wording import Rules, WordLists
from builder.text import fold

# Of a form, which each are compared with each: the documents have five at most.
MOST_AREAS = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule makes of an indicator, or of the form as a whole; ``details`` fill its sentence."""

    indicator: Indicator | None
    applies: bool
    details: Mapping[str, str] = field(default_factory=dict)


def unquantified(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        yield Verdict(row, not _has_number(row, rules.words))


def degree_words(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        target = fold(row.target_as_filed)
        said = fold(row.name) if target in rules.words.affirmation else target
        yield Verdict(row, not _has_number(row, rules.words) and has(said, rules.words.degree))


def core_without_number(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        if row.is_core:
            yield Verdict(row, not _has_number(row, rules.words))


def no_unit(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in form.indicators:
        if row.target_value is not None:
            yield Verdict(row, row.unit is None)


def trivially_full(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in form.indicators:
        if (target := terms.share(row, rules.words)) is not None:
            yield Verdict(row, target == terms.FULL)


def satisfaction_without_number(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in filter(partial(terms.is_satisfaction, words=rules.words), _printed(form)):
        yield Verdict(row, not _has_number(row, rules.words))


def satisfaction_without_survey(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in filter(partial(terms.is_satisfaction, words=rules.words), form.indicators):
        printed = (row.level1, row.level2, row.name, row.target_as_filed, form.notes.get(row.indicator_id))
        yield Verdict(row, not any(has(fold(text), rules.words.survey) for text in printed if text))


def target_moved(form: Form, rules: Rules, wanted: int) -> Iterator[Verdict]:
    """``wanted`` is 1 for a target that rose since the year before, -1 for one that sank, 0 for one that stayed."""
    for pair in form.pairs:
        years = {"before_year": str(form.before_year), "year": str(form.project.year)}
        applies = pair.moved == wanted
        yield Verdict(pair.now, applies, {"before": terms.target(pair.before), **years} if applies else {})


def cost_indicator_absent(form: Form, rules: Rules) -> Iterator[Verdict]:
    if form.indicators:
        found = any(_is_cost(row, rules.words) for row in form.indicators)
        yield Verdict(None, not found, {"count": str(len(form.indicators))})


def weight_concentrated(form: Form, rules: Rules) -> Iterator[Verdict]:
    """A verdict on the form, shown at its heaviest indicator."""
    weights = [row.weight for row in form.indicators if row.weight is not None]
    if not weights or len(weights) < len(form.indicators) or sum(weights) <= 0:
        return
    heaviest, total = max(weights), added(weights)
    applies = heaviest * 100 >= total * rules.numbers.concentrated_percent
    details = {"weight": words.points(heaviest), "total": words.points(total)}
    yield Verdict(form.indicators[weights.index(heaviest)], applies, details)


def name_equals_project(form: Form, rules: Rules) -> Iterator[Verdict]:
    project = _bare(form.project.name, rules.words.project_endings)
    for row in form.indicators:
        yield Verdict(row, _bare(row.name, rules.words.project_endings) == project)


def name_unit_disagrees(form: Form, rules: Rules) -> Iterator[Verdict]:
    """检测率 20 家: the name speaks of a share, the unit of something that is counted."""
    for row in form.indicators:
        name = fold(row.name)
        expected = next((one for one in rules.units if name.endswith(one.names)), None)
        if expected is not None and row.target_value is not None and row.unit is not None:
            applies = not has(fold(row.unit), expected.units)
            yield Verdict(row, applies, {"expected": expected.kind, "unit": row.unit})


def magnitude_apart(form: Form, rules: Rules) -> Iterator[Verdict]:
    """19.55 亩 beside 10.4 万亩 of the same thing: the numbers are alike, what they stand for is 5,000 times apart."""
    areas = [
        (row, row.target_value, row.base_value or row.target_value)
        for row in form.indicators
        if row.target_value and (row.base_unit or row.unit) in rules.words.area_units
    ][:MOST_AREAS]
    for small, printed, value in areas:
        for large, printed_large, value_large in areas:
            if small.base_unit is None and large.base_unit == small.unit:
                alike = _longest_shared(fold(small.name), fold(large.name)) >= rules.numbers.alike_characters
                near = max(printed, printed_large) < 10 * min(printed, printed_large)
                apart = abs(value_large) >= rules.numbers.apart_times * abs(value)
                details = {"other": large.name, "other_target": terms.target(large)}
                yield Verdict(small, alike and near and apart, details)


RULES: Mapping[str, Callable[[Form, Rules], Iterator[Verdict]]] = {
    "unquantified": unquantified,
    "degree-words": degree_words,
    "core-without-number": core_without_number,
    "no-unit": no_unit,
    "trivially-full": trivially_full,
    "satisfaction-without-number": satisfaction_without_number,
    "satisfaction-without-survey": satisfaction_without_survey,
    "target-equals-last-year": partial(target_moved, wanted=0),
    "target-raised": partial(target_moved, wanted=1),
    "target-lowered": partial(target_moved, wanted=-1),
    "cost-indicator-absent": cost_indicator_absent,
    "weight-concentrated": weight_concentrated,
    "name-equals-project": name_equals_project,
    "name-unit-disagrees": name_unit_disagrees,
    "magnitude-apart": magnitude_apart,
}


def _printed(form: Form) -> Iterator[Indicator]:
    """The indicators that print a target; one that prints none is silent, which is not the same as without a number."""
    return (row for row in form.indicators if row.target_as_filed is not None)


def _has_number(row: Indicator, words: WordLists) -> bool:
    """A number was read, or stands somewhere in the text (每月20日前), or the text says as much without one (无, 全天)."""
    if row.target_value is not None:
        return True
    target = fold(row.target_as_filed)
    digits = any(character.isdecimal() for character in target)
    return digits or target in words.zero or has(target, words.definite)


def _is_cost(row: Indicator, words: WordLists) -> bool:
    levels = (fold(level or "") for level in (row.level1, row.level2))
    return names_cost(fold(row.name), row.unit, words) or any(has(level, words.cost) for level in levels)


def _bare(name: str, endings: Sequence[str]) -> str:
    """The folded name without its ending; a name that is nothing but an ending keeps it."""
    folded = fold(name)
    for ending in endings:
        if folded.endswith(ending) and folded != ending:
            return folded.removesuffix(ending)
    return folded


def _longest_shared(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
