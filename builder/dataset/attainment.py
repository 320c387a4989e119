"""Whether an indicator reached its target: by the word that is printed, else by the figures, else not to be told.

The word decides where the cell is nothing else (``data/scoring.yml`` ``words``). Figures decide where target and outcome
are one number each of the same unit. Nothing else is judged: a sentence is for people to read.
"""

from collections.abc import Mapping
from decimal import Decimal

from builder.settings import Settings
from builder.settings.kinds import Unit
from builder.text import base, fold

# Why a target without a sign that is not met exactly says nothing: more may be better, or worse.
UPWARDS = frozenset({"output", "benefit", "satisfaction"})
TIME = frozenset({"time", "money"})


def judged(
    target: str | None,
    comparison: str | None,
    wanted: tuple[Decimal | None, str | None],
    actual: str | None,
    reached: tuple[Decimal | None, str | None],
    kind: str,
    settings: Settings,
) -> tuple[str, str | None]:
    """``met``, ``partly``, ``missed`` or ``unreadable``, and how it was decided: ``printed``, ``computed``, or nothing.

    ``wanted`` and ``reached`` are value and unit. ``kind`` is the indicator's, as in the table of indicators.

        target ≥95 %, outcome 96.5%          met, computed
        target 有效提升, outcome 部分完成      partly, printed
        target 200 户, outcome 210 户         unreadable: no sign says that more will do
    """
    if actual is None:
        return "unreadable", None
    said = settings.results.outcomes.get(fold(actual).rstrip("。.;；,，"))
    if said is not None:
        return said, "printed"
    if wanted[0] is None and target is not None and fold(target) == fold(actual):
        return "met", "computed"
    pair = same_measure(wanted, reached, settings.units)
    if pair is None:
        return "unreadable", None
    aim, got = pair
    held = {"ge": got >= aim, "le": got <= aim, "gt": got > aim, "lt": got < aim}.get(comparison or "")
    if held is None:
        known = settings.units.get(fold(base(aim, wanted[1] or "")[1] or ""))
        falls_short = got < aim and kind in UPWARDS and (known is None or known.dimension not in TIME)
        held = True if got == aim else False if falls_short else None
    return ("unreadable", None) if held is None else ("met" if held else "missed", "computed")


def same_measure(
    wanted: tuple[Decimal | None, str | None], reached: tuple[Decimal | None, str | None], units: Mapping[str, Unit]
) -> tuple[Decimal, Decimal] | None:
    """Both figures in one unit; ``None`` where they are not of one. A figure without a unit has the other's, but a
    fraction beside a percentage (``0.98`` beside ``≥95%``) may be either."""
    if wanted[0] is None or reached[0] is None:
        return None
    unit = wanted[1] or reached[1] or ""
    if reached[1] is None and unit == "%" and reached[0] <= 1 < wanted[0]:
        return None
    (aim, aims), (got, gots) = base(wanted[0], wanted[1] or unit), base(reached[0], reached[1] or unit)
    names = [found.canonical if (found := units.get(fold(name or ""))) else name for name in (aims, gots)]
    return (aim, got) if names[0] == names[1] else None
