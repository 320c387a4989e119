"""``checks.yml``, ``findings.yml``, ``glossary.yml``, ``aliases.yml``: thresholds, and what readers are told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from builder.faults import SettingsFault
from builder.settings.loading import (
    SOME,
    Count,
    Entry,
    Expression,
    Line,
    Text,
    Words,
    exactly,
    load,
    once,
    placeholders,
    together,
)
from builder.settings.schema import Table
from builder.text import searchable

# Every finding that the program raises, with the details that it brings beside expected and actual.
FINDINGS: Mapping[str, tuple[str, ...]] = {
    "document-unreadable": ("reason",),
    "encoding-gb18030": (),
    "reader-remark": ("text",),
    "no-forms": (),
    "other-kind": ("kind", "evidence"),
    "stated-count": ("what",),
    "stated-total": ("what",),
    "catalogue-missing-form": ("name", "serial"),
    "form-missing-catalogue": ("name",),
    "catalogue-name-differs": ("serial",),
    "catalogue-amount-differs": ("serial", "name"),
    "catalogue-department-differs": ("serial", "name"),
    "catalogue-total": ("what",),
    "weight-sum": (),
    "funding-sum": (),
    "serial-missing": (),
    "source-unrecorded": ("missing",),
    "heading-typo": ("heading",),
    "label-unknown": ("label",),
    "label-repeated": ("label",),
    "cell-unread": ("text",),
    "row-ambiguous": ("text",),
    "value-unparsed": ("field", "text"),
    "field-missing": ("field",),
    "heading-missing": ("field",),
    "indicators-missing": (),
    "unit-in-value": (),
    "sign-in-value": ("text",),
    "qualitative-with-number": (),
    "quantitative-without-unit": (),
    "percent-over-100": (),
    "duplicate-indicator": ("name",),
    "text-markup": ("field", "marks"),
    "text-reused": ("field", "other"),
    "phone-malformed": (),
    "department-unmapped": ("name",),
    "policy-two-titles": ("number", "title", "other", "elsewhere"),
    "policy-two-numbers": ("number", "title", "other", "elsewhere"),
    "result-nameless": (),
    "result-department-unknown": (),
    "result-unmatched": ("name",),
    "score-sum": ("name",),
    "score-total-zero": ("name",),
    "points-sum": ("name",),
    "score-over-points": ("name",),
    "execution-rate-differs": ("name", "of"),
    "execution-score-differs": ("name",),
    "executed-over-adjusted": ("name",),
    "grade-differs": ("name", "grade"),
    "target-changed": ("name",),
    "weight-changed": ("name",),
    "indicator-dropped": ("name", "project"),
    "indicator-new": ("name", "project"),
    "missed-full-score": ("name",),
    "short-without-reason": ("name",),
    "far-above-target": ("name", "percent"),
    "reason-repeated": ("name", "count"),
}


# What may fill the words of findings that are one slip (``builder.dataset.events``).
_STEP = ("name", "amount")
EVENTS: Mapping[str, tuple[str, ...]] = {
    "exchanged": ("name", "other", "listed", "filed"),
    "of_another_unlisted": ("name", "other", "listed"),
    "of_another": ("name", "other", "listed"),
    "shifted_down": ("first", "last", "count"),
    "shifted_up": ("first", "last", "count"),
    "unit_slip": ("name", "listed", "filed", "factor"),
    "bridge": ("difference", "steps"),
    **dict.fromkeys(("bridge_unlisted", "bridge_unfiled", "bridge_differs", "bridge_rounding", "bridge_stated"), _STEP),
}


class CheckRules(Entry):
    """``phone_pattern`` is what a whole phone number matches."""

    weight_total: Count
    weight_total_without_execution: Count
    share_words: Words
    reuse_min_length: Count
    phone_pattern: Expression


class FindingCode(Entry):
    """What people are told of one kind of finding; ``message`` is filled with what ``FINDINGS`` names for it."""

    severity: Literal["error", "warning", "note"]
    group: Literal["government", "reading", "ours", "normal"]
    title: Line
    explain: Text
    reader: Text
    fix: Text
    message: Line
    message_en: Line


class EventText(Entry):
    explain: Line
    explain_en: Line


class Term(Entry):
    """A word that citizens meet, in plain words; ``field`` is its place in the dataset (table.field)."""

    term: Line
    aliases: Words
    plain: Text
    field: Line | None = None


class AliasGroup(Entry):
    words: Annotated[Words, SOME]


def codes(path: Path) -> dict[str, FindingCode]:
    """The texts of every finding, which must be those that the program raises."""
    return load(path, dict[str, FindingCode], _codes)


def _codes(found: dict[str, FindingCode]) -> None:
    exactly(found, FINDINGS)
    for code, entry in found.items():
        for key in ("message", "message_en"):
            placeholders(getattr(entry, key), ("expected", "actual", *FINDINGS[code]), code, key)


def events(path: Path) -> dict[str, EventText]:
    """How findings that are one slip are explained in a sentence."""
    return load(path, dict[str, EventText], _events)


def _events(found: dict[str, EventText]) -> None:
    exactly(found, EVENTS)
    for kind, text in found.items():
        for key, said in text:
            placeholders(said, EVENTS[kind], kind, key)


def glossary(path: Path, schemas: Mapping[str, Table]) -> tuple[Term, ...]:
    terms = load(path, tuple[Term, ...], _terms)
    known = {f"{table.name}.{field.name}" for table in schemas.values() for field in table.fields}
    faults = [
        SettingsFault(f"field「{term.field}」不是数据集里的「表.字段」", file=path, place=f"词「{term.term}」")
        for term in terms
        if term.field is not None and term.field not in known
    ]
    if faults:
        raise together(path, faults)
    return terms


def _terms(terms: tuple[Term, ...]) -> None:
    once([(word, (place,)) for place, term in enumerate(terms) for word in (term.term, *term.aliases)], "词")


def aliases(path: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of words that mean the same to who searches."""
    return tuple(group.words for group in load(path, tuple[AliasGroup, ...], _aliases, empty=()))


def _aliases(groups: tuple[AliasGroup, ...]) -> None:
    words = [
        (searchable(word), (place, "words", at))
        for place, group in enumerate(groups)
        for at, word in enumerate(group.words)
    ]
    once(words, "词")
