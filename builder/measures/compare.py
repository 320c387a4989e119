"""One project in two years: what moved, by what the forms themselves print. Nothing is guessed: an indicator is the
same when its name is the same after folding, a target is compared only where both years give a number in one unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from builder import words
from builder.dataset.rows import Indicator
from builder.measures import terms
from builder.text import fold

# The characters of one text by those of the other: the longest goal of the documents has 391.
MOST_COMPARED = 10_000_000


@dataclass(frozen=True, slots=True)
class Shift:
    """An indicator in both years; ``kind`` is the word for what happened to it."""

    name: str
    kind: Literal["新增", "取消", "调整", "不变"]
    before: str
    after: str
    remark: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both years, only in the later (``ins``), only in the earlier (``del``)."""

    kind: Literal["same", "ins", "del"]
    text: str


def shifts(before: Iterable[Indicator], after: Iterable[Indicator]) -> tuple[Shift, ...]:
    """Indicators of two years side by side: those of the later year in its order, then the ones dropped."""
    waiting: dict[str, list[Indicator]] = {}
    for row in before:
        waiting.setdefault(fold(row.name), []).append(row)
    found = []
    for row in after:
        twins = waiting.get(fold(row.name))
        if twins:
            found.append(_shift(twins.pop(0), row))
        else:
            found.append(Shift(row.name, "新增", "", _state(row), ""))
    found.extend(Shift(row.name, "取消", _state(row), "", "") for rows in waiting.values() for row in rows)
    return tuple(found)


def _state(row: Indicator) -> str:
    return f"{terms.target(row)}（{'权重未公开' if row.weight is None else words.points(row.weight)}）"


def _shift(before: Indicator, after: Indicator) -> Shift:
    remarks = []
    if before.weight != after.weight:
        if before.weight is None or after.weight is None:
            remarks.append("权重只有一年公开")
        else:
            remarks.append("权重提高" if after.weight > before.weight else "权重降低")
    if _target(before) != _target(after):
        old, new = before.target_value, after.target_value
        if old is None or new is None or (before.comparison, before.unit) != (after.comparison, after.unit):
            remarks.append("目标写法改变")
        else:
            remarks.append("目标值提高" if new > old else "目标值降低")
    return Shift(after.name, "调整" if remarks else "不变", _state(before), _state(after), "，".join(remarks))


def _target(row: Indicator) -> tuple[object, ...]:
    value = row.target_value
    return (row.comparison, row.unit, fold(row.target_as_filed or "") if value is None else value)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what it dropped and added, run by run; runs shorter than two characters are not kept apart,
    so that a rewritten sentence reads as rewritten instead of as confetti. Of texts that are too long to compare, all is."""
    if len(before) * len(after) > MOST_COMPARED:
        return Piece("del", before), Piece("ins", after)
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            if i2 - i1 < 2 and found:
                found += [Piece("del", before[i1:i2]), Piece("ins", after[j1:j2])]
            else:
                found.append(Piece("same", before[i1:i2]))
            continue
        if i2 > i1:
            found.append(Piece("del", before[i1:i2]))
        if j2 > j1:
            found.append(Piece("ins", after[j1:j2]))
    return _joined(found)


def _joined(found: list[Piece]) -> tuple[Piece, ...]:
    """Between two kept runs one deletion and one insertion, in that order."""
    result: list[Piece] = []
    dropped = added = ""
    for piece in [*found, Piece("same", "")]:
        if piece.kind == "del":
            dropped += piece.text
        elif piece.kind == "ins":
            added += piece.text
        else:
            result += [Piece("del", dropped)] if dropped else []
            result += [Piece("ins", added)] if added else []
            result += [piece] if piece.text else []
            dropped = added = ""
    return tuple(result)
