"""What an indicator, a unit, a document is: as printed first, by its words else, and never guessed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tiny import DATA, indicator, project

from builder import settings as configuration
from builder.dataset import kinds
from builder.dataset.compile import Compiled
from builder.dataset.rows import UnitRow
from builder.model import Document

SETTINGS = configuration.load(DATA)


@pytest.mark.parametrize(
    ("level1", "level2", "name", "unit", "expected"),
    [
        (None, None, "群众满意度", "%", ("satisfaction", "by_name")),
        (None, None, "满意度调查报告数", "份", ("other", "by_name")),
        ("产出指标", "数量指标", "群众满意度", "%", ("output", "printed")),
        ("成本指标", None, "补助人数", "人", ("cost", "printed")),
        ("绩效指标", "社会效益", "就业", "人", ("benefit", "printed")),
        (None, None, "伙食费标准", "元/人", ("cost", "by_name")),
        (None, None, "伙食费标准", "个", ("other", "by_name")),
        (None, None, "工程完成率", "%", ("output", "by_name")),
        (None, None, "居民收入增长", "%", ("benefit", "by_name")),
        (None, None, "部门整体评价", None, ("other", "by_name")),
    ],
)
def test_the_kind_of_an_indicator(
    level1: str | None, level2: str | None, name: str, unit: str | None, expected: tuple[str, str]
) -> None:
    row = indicator("p", 1, name, "10", level1=level1, level2=level2, unit=unit)
    assert kinds.kind(row, SETTINGS.kinds.indicators, SETTINGS.wording.words) == expected


def test_spellings_of_a_unit_and_its_multiples() -> None:
    printed = ["万人（次）", "人/次", "亿元", "万元/个", "场 (次)", "咕噜", "万", "人/次"]
    assert kinds.units(printed, SETTINGS.units) == (
        UnitRow("万", "万", None, Decimal(1)),
        UnitRow("万人（次）", "人次", "occasions", Decimal(10_000)),
        UnitRow("万元/个", "元/个", "ratio", Decimal(10_000)),
        UnitRow("人/次", "人次", "occasions", Decimal(1)),
        UnitRow("亿元", "元", "money", Decimal(100_000_000)),
        UnitRow("咕噜", "咕噜", None, Decimal(1)),
        UnitRow("场 (次)", "场次", "occasions", Decimal(1)),
    )


def manifest(title: str, **given: str) -> Document:
    return Document("d", "east", 2024, title, "", DATA / "d.txt", given.pop("media_type", "text/plain"), "", 1, **given)


def test_what_a_document_covers() -> None:
    one = project(1, "d", "east", 2024, "1")
    other = replace(one, department_id="east-other")
    nobody = replace(one, department_id=None)
    rules = SETTINGS.kinds
    assert kinds.scope(manifest("某局项目"), [one, one, nobody], rules) == "one_department"
    assert kinds.scope(manifest("2024年重点专项"), [one, other], rules) == "key_projects"
    assert kinds.scope(manifest("2024年项目"), [one, other], rules) == "several_departments"
    assert kinds.scope(manifest("2024年重点专项"), [nobody], rules) == "unknown"
    assert kinds.scope(manifest("2024年重点专项", scope="unknown"), [one, other], rules) == "unknown"


def test_what_we_hold_of_a_document() -> None:
    assert kinds.obtained_as(manifest("甲")) == "text_of_original"
    assert kinds.obtained_as(manifest("甲", media_type="application/pdf")) == "original"
    assert kinds.obtained_as(manifest("甲", obtained_as="original")) == "original"


def test_the_five_documents_are_texts_of_originals(compiled: Compiled) -> None:
    rows = compiled.tables.documents
    assert {row.obtained_as for row in rows} == {"text_of_original"}


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("造林面积（万亩）", "万亩"),
        ("护林员补助（元/人·年）", "元/人·年"),
        ("主体数量（累计）", None),  # no known unit
        ("（亩）造林面积", None),
        ("造林面积", None),
    ],
)
def test_a_unit_in_brackets_at_the_end_of_a_name(name: str, unit: str | None) -> None:
    assert kinds.unit_at_end(name, SETTINGS.units) == unit
