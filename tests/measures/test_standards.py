"""What a form prints as a standard is quoted as it stands, with its line; a total is none."""

import time
from decimal import Decimal

import pytest
from tiny import indicator, project

from builder.measures import standards
from builder.model import Line

FORM = project(1, "east-2024-key", "east", 2024, "1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("按每人每月100元发放", ["按每人每月100元"]),
        ("党龄40年，补助100元/人/月、120元/人/月。", ["补助100元/人/月", "120元/人/月"]),
        ("物业费\t劳务费14人*4500元/月", ["劳务费14人*4500元/月"]),
        ("成本 10780 元／套以内", ["成本 10780 元／套"]),
        ("全年安排 320 万元/年，共 5000 元", []),
        ("", []),
    ],
)
def test_standards_are_quoted_with_what_they_are_for(text: str, found: list[str]) -> None:
    assert standards.of(FORM, (), [Line(7, text)]) == tuple(standards.Standard(one, 7) for one in found)


def test_an_indicator_in_yuan_a_head_is_a_standard_once() -> None:
    row = indicator(FORM.project_id, 1, "补助标准", "10", target_as_filed="16", target_value=Decimal(16), unit="元/亩")
    lines = [Line(5, "补助标准\t≥\t16\t元/亩\t16元/亩")]
    assert standards.of(FORM, [row], lines) == (standards.Standard("补助标准 ≥ 16 元/亩", 5),)


def test_a_long_line_takes_no_time_by_the_square() -> None:
    """10,000 standards in one line, each once: the clauses before each were looked for from the line's beginning."""
    start = time.process_time()
    assert standards.of(FORM, (), [Line(1, "每户10元，" * 10_000)]) == (standards.Standard("每户10元", 1),)
    assert time.process_time() - start < 2


def test_there_is_an_end_to_quoting() -> None:
    lines = [Line(at, f"第{at}档{at}00元/户") for at in range(1, 9)]
    assert len(standards.of(FORM, (), lines)) == standards.MOST
