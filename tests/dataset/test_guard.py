"""Less than a document holds, or a published value that is read no more, stops a build; an explained change does not."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from tiny import DATA, tables

from builder.dataset import compile as compiling
from builder.dataset import guard, store
from builder.dataset.rows import Provenance, Tables
from builder.faults import DatasetFault
from builder.model import Document, Holds
from builder.settings import Settings, loading, vocabulary

KEY = "east-2024-key"


def origin(table: str, record_id: str, field: str) -> Provenance:
    return Provenance(KEY, table, field, "栏目", None, None, record_id, 7, "原文")


ORIGINS = (
    origin("projects", f"{KEY}-001", "budget_yuan"),
    origin("projects", f"{KEY}-001", "goal"),
    origin("indicators", f"{KEY}-001-01", "name"),
    origin("attributes", f"{KEY}-001|1", "value"),
)


def now(*origins: Provenance) -> Tables:
    return replace(tables(), provenance=origins)


def document(holds: Holds | None) -> Document:
    return Document(KEY, "east", 2024, "题", "局", Path("a.txt"), "text/plain", "0" * 64, 1, holds=holds)


HOLDS = Holds(2, 3, 1, Decimal("1210700.55"), 4)


def test_what_a_document_holds() -> None:
    assert guard.held(now(*ORIGINS), KEY) == HOLDS
    assert guard.held(now(), "west-2024-key") == Holds(1, 1, 1, Decimal("0.1"), 0)


def test_as_much_as_before_passes() -> None:
    guard.require(now(*ORIGINS), ORIGINS, [document(HOLDS)], set())
    guard.require(now(*ORIGINS), (), [document(replace(HOLDS, forms=1, values=2))], set())
    guard.require(now(*ORIGINS), (), [document(None)], set())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"forms": 3}, "表 3 → 2"),
        ({"indicators": 4}, "指标 4 → 3"),
        ({"amounts": 2}, "金额 2 → 1"),
        ({"total_yuan": Decimal("1210700.56")}, "金额合计 1,210,700.56 → 1,210,700.55"),
        ({"values": 5}, "读出的值 5 → 4"),
    ],
)
def test_less_than_the_manifest_says_stops(more: dict[str, int], said: str) -> None:
    with pytest.raises(DatasetFault) as fault:
        guard.require(now(*ORIGINS), ORIGINS, [document(replace(HOLDS, **more))], set())
    assert said in str(fault.value)
    assert "{forms: 2, indicators: 3, amounts: 1, total_yuan: 1210700.55, values: 4, because: 原因}" in str(fault.value)


def test_a_published_value_that_is_read_no_more_stops_though_another_came() -> None:
    other = (*ORIGINS[1:], origin("projects", f"{KEY}-002", "goal"))
    with pytest.raises(DatasetFault, match=r"少了 1 个 projects\.budget_yuan（如第 7 行“原文”）"):
        guard.require(now(*other), ORIGINS, [document(HOLDS)], set())


def test_a_field_that_gets_a_column_of_its_own_is_not_lost() -> None:
    other = (*ORIGINS[:3], origin("projects", f"{KEY}-001", "basis"))
    guard.require(now(*other), ORIGINS, [document(HOLDS)], set())


def test_an_explained_loss_passes_and_only_that_one() -> None:
    explained = document(replace(HOLDS, values=3, because="原来把页码读成了预算"))
    guard.require(now(*ORIGINS[1:]), ORIGINS, [explained], set())
    with pytest.raises(DatasetFault):
        guard.require(now(*ORIGINS[2:]), ORIGINS, [explained], set())


def test_a_document_that_cannot_be_read_says_so_elsewhere() -> None:
    guard.require(now(), ORIGINS, [document(replace(HOLDS, forms=9))], {KEY})


def test_of_the_committed_dataset_only_where_values_come_from_is_read(tmp_path: Path, settings: Settings) -> None:
    assert guard.published(tmp_path, settings.schemas) == ()
    store.write(now(*ORIGINS).by_name(), settings.schemas, tmp_path / "dataset")
    for path in (tmp_path / "dataset").glob("*.csv"):
        if path.stem != "provenance":
            path.write_text("一张旧的表\n", encoding="utf-8")
    assert guard.published(tmp_path / "dataset", settings.schemas) == ORIGINS


# What the five documents print where no heading stands: an indicator, a level, an office.
PRINTED = ("年度预算执行率", "服务对象满意度", "重庆市民政局")
PLACES = (("form", "attribute"), ("form", "goal"), ("indicator", "note"), ("sections", ""))


def pasted(word: str, context: str, field: str, file: vocabulary.LabelFile, settings: Settings) -> Settings:
    """The settings with a word pasted into a list of data/labels.yml, as ``missing`` gives it for another document."""
    if context == "sections":
        return replace(settings, is_section=vocabulary.sections((*file.sections, word)))
    headings = {**getattr(file, context)}
    headings[field] = headings[field].model_copy(update={"labels": (*headings[field].labels, word)})
    return replace(settings, **{context: vocabulary.labels(context, headings)})


def test_a_word_pasted_anywhere_changes_no_value_of_another_document_unnoticed(settings: Settings) -> None:
    """Whatever heading the word is elsewhere: every published value is read as before, or the build stops."""
    file = loading.load(DATA / "labels.yml", vocabulary.LabelFile)
    published = guard.published(DATA / "dataset", settings.schemas)
    texts = {one: one.file.read_text(encoding="utf-8") for one in settings.documents}
    outcomes = Counter[str]()
    for word, (context, field) in product(PRINTED, PLACES):
        tried = pasted(word, context, field, file, settings)
        for one in (one for one, text in texts.items() if word in text):
            fixed = tuple(item for item in settings.corrections if item.record.startswith(one.document_id))
            alone = replace(tried, documents=(one,), series=(), corrections=fixed)
            made = compiling.compile_dataset(alone, lambda message: None).tables
            before = [row for row in published if row.document_id == one.document_id]
            try:
                guard.require(made, before, [one], set())
            except DatasetFault:
                outcomes["refused"] += 1
                continue
            outcomes["accepted"] += 1
            now = {(row.table, row.record_id, row.field): row.printed for row in made.provenance}
            for row in before:
                if row.table != "attributes":
                    assert now[row.table, row.record_id, row.field] == row.printed, (word, context, field)
    assert outcomes["refused"] and outcomes["accepted"]
