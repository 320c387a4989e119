"""Tables that are made of the dataset and the maintained files: complete, and true to both."""

from dataclasses import replace
from decimal import Decimal

from tiny import DATA, document, tables

from builder import settings as configuration
from builder.dataset.compile import Compiled
from builder.dataset.rows import group
from builder.dataset.store import Dataset
from builder.package import derived
from builder.package.datapackage import split
from builder.package.derived import PublishedTables
from builder.settings import Settings
from builder.settings.manifest import SeriesRule
from builder.settings.places import Calendar, Census, Noted
from builder.text import fold

SETTINGS = configuration.load(DATA)


def published(settings: configuration.Settings = SETTINGS) -> PublishedTables:
    made = derived.published(Dataset(tables(), SETTINGS.schemas), settings).tables
    assert isinstance(made, PublishedTables)
    return made


def test_every_rule_that_a_row_names_is_explained() -> None:
    made = published()
    explained = {(row.kind, row.code) for row in made.rules}
    assert {("finding", row.code) for row in made.findings} <= explained
    assert {("wording", row.rule) for row in made.lint} <= explained
    assert all(row.explanation and row.reader for row in made.rules)
    assert {row.severity for row in made.rules if row.kind == "finding"} == {"error", "warning", "note"}


def test_a_year_without_a_readable_document_is_told_from_one_that_has_one() -> None:
    noted = Noted(region_id="west", year=2025, status="not_found", checked_on="2025-03-01")
    settings = replace(SETTINGS, calendar=Calendar(3, {("west", 2025): noted}))
    rows = [
        (row.region_id, row.year, row.status, row.documents)
        for row in published(settings).calendar
        if row.kind == "targets"
    ]
    assert rows == [
        ("east", 2024, "published", 1),
        ("east", 2025, "published", 1),
        ("west", 2024, "published", 1),
        ("west", 2025, "not_found", 0),
    ]


def test_the_calendar_says_which_results_are_due_by_when() -> None:
    told = [(row.region_id, row.year, row.kind, row.status, row.due, row.promised) for row in published().calendar]
    assert ("east", 2024, "targets", "published", "2024-04", None) in told
    assert ("east", 2024, "self_evaluation", "awaited", "2025-10", None) in told
    assert not [row for row in told if row[2] in ("evaluation", "monitoring")]
    made = tables()
    rows = [replace(made.indicators[0], name="项目绩效评价", unit="个", target_value=Decimal(4)), *made.indicators[1:]]
    whole = derived.published(Dataset(replace(made, indicators=tuple(rows)), SETTINGS.schemas), SETTINGS).tables
    assert isinstance(whole, PublishedTables)
    promised = [(row.kind, row.status, row.promised) for row in whole.calendar if row.promised]
    assert promised == [("evaluation", "awaited", 4)]


def test_a_series_says_who_joined_it_and_why() -> None:
    assert [(row.series_id, row.projects, row.method, row.reason) for row in published().series] == [
        ("weifang", 2, "name", None)
    ]
    rule = SeriesRule(("east-2024-key-001", "east-2025-key-001"), True, "同一个工程")
    assert [(row.method, row.reason) for row in published(replace(SETTINGS, series=(rule,))).series] == [
        ("manual", "同一个工程")
    ]


def test_a_promise_says_which_indicator_it_tells_and_why_that_one() -> None:
    rows = {row.project_id: (row.promise, row.chosen, row.indicator_id) for row in published().promises}
    assert rows["east-2024-key-001"] == ("改造户数不少于 95 户", "core", "east-2024-key-001-01")
    assert rows["west-2024-key-001"] == ("改造危房", "goal", None)


def test_a_part_holds_the_calendar_of_its_year_alone() -> None:
    more = replace(tables(), documents=(*tables().documents, document("east-2024-b", "east", 2024)))
    whole = derived.published(Dataset(more, SETTINGS.schemas), SETTINGS)
    parts = {scope.name: part.tables for scope, part in split(whole).items()}
    east = parts["east-2024"]
    assert isinstance(east, PublishedTables)
    assert [(row.year, row.kind, row.documents) for row in east.calendar] == [
        (2024, "targets", 2),
        (2024, "self_evaluation", 0),
    ]
    assert [row.series_id for row in east.series] == ["weifang"]
    west = parts["west-2024"]
    assert isinstance(west, PublishedTables)
    assert west.series == () and west.rules == whole.tables.by_name()["rules"]


def test_rates_and_hits_of_the_wording_agree() -> None:
    made = published()
    assert made.lint_rates
    assert all(0 <= row.applies <= row.judged for row in made.lint_rates)
    counted = {rule: sum(row.applies for row in made.lint_rates if row.rule == rule) for rule in SETTINGS.wording.rules}
    assert counted == {rule: sum(row.rule == rule for row in made.lint) for rule in SETTINGS.wording.rules}


def test_the_forms_of_a_group_are_alike_and_each_says_where(compiled: Compiled, settings: Settings) -> None:
    made = derived.published(Dataset(compiled.tables, settings.schemas), settings).tables
    assert isinstance(made, PublishedTables)
    groups = group(made.copies, lambda row: (row.kind, row.group))
    assert all(len(rows) > 1 for rows in groups.values())
    assert {row.kind for row in made.copies} <= settings.wording.copies.keys()
    projects = {row.project_id: row for row in made.projects}
    goals = [rows for (kind, _), rows in groups.items() if kind == "goal"]
    assert goals
    for rows in goals:
        assert len({fold(projects[row.project_id].goal or "") for row in rows}) == 1
        for row in rows:
            begins = fold(compiled.lines[row.document_id][row.line - 1].text)
            assert fold(projects[row.project_id].goal or "")[:4] in begins


def test_money_per_head_is_of_the_part_that_it_is_about() -> None:
    census = Census(region_id="east", people=3, counted_on="2020-11-01", source="某公报", url="https://a.cn/")
    whole = derived.published(Dataset(tables(), SETTINGS.schemas), replace(SETTINGS, population={"east": (census,)}))
    assert isinstance(whole.tables, PublishedTables)
    # Of 2024 a budget is not known.
    assert [(row.region_id, row.year, row.people) for row in whole.tables.per_head] == [("east", 2025, 3)]
    for scope, part in split(whole).items():
        assert isinstance(part.tables, PublishedTables)
        assert {(row.region_id, row.year) for row in part.tables.per_head} <= {(scope.region_id, scope.year)}
