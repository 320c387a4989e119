"""Findings worth a look → slips: what one mistake explains is one slip, told once, the most money first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from builder.dataset.rows import FindingRow, group
from builder.measures import terms

YUAN = "yuan"


@dataclass(frozen=True, slots=True)
class Slip:
    """``findings`` say the facts; ``explanation`` is what the numbers themselves prove, None where nothing is proved.
    ``yuan`` is how much is at stake: the largest difference, or the amount that one side alone prints."""

    slip_id: str
    document_id: str
    findings: tuple[FindingRow, ...]
    yuan: Decimal | None
    explanation: str | None


def find(findings: Iterable[FindingRow]) -> tuple[Slip, ...]:
    """Slips by money at stake, then in the order of the documents; those without money last.

    Three findings of one event, one of them without numbers, are one slip with the largest of their differences; so are
    those of one kind on one line, such as all promises that one sheet of results leaves out.
    """
    doubted = [row for row in findings if row.severity != terms.NOTE]
    slips = (_slip(rows[0].event_id or rows[0].finding_id, rows) for rows in group(doubted, _together).values())
    return tuple(sorted(slips, key=lambda slip: -(slip.yuan or Decimal(0))))


def _together(row: FindingRow) -> object:
    return row.event_id or (row.finding_id if row.line is None else (row.document_id, row.code, row.line))


def _slip(slip_id: str, rows: tuple[FindingRow, ...]) -> Slip:
    known = [amount for row in rows if (amount := at_stake(row)) is not None]
    explanation = next((row.explanation for row in rows if row.explanation), None)
    return Slip(slip_id, rows[0].document_id, rows, max(known, default=None), explanation)


def at_stake(row: FindingRow) -> Decimal | None:
    """The money that a finding is about: the difference, else the one amount that is printed."""
    if row.value_unit != YUAN:
        return None
    amount = next(
        (value for value in (row.difference, row.expected_value, row.actual_value) if value is not None), None
    )
    return None if amount is None else abs(amount)
