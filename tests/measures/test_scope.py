"""What a sum is a sum of is said in one phrase."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tiny import document, project, tables

from builder.dataset.rows import Tables
from builder.measures import scope
from builder.settings.places import Census

KEY = document("east-2024-key", "east", 2024)
FORMS = [
    project(1, "east-2024-key", "east", 2024, "1"),
    project(2, "east-2024-key", "east", 2024, "1", department_id="east-jiaoyu"),
    project(3, "east-2024-key", "east", 2024, "1", form_type="department_overall"),
]


def of(kind: str, forms: list[object] | None = None) -> scope.Scope:
    names = {"east-zhujian": "住建委", "east-jiaoyu": "教委"}
    return scope.of("东区", [replace(KEY, scope=kind)], FORMS if forms is None else [], names.__getitem__)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("key_projects", "2 个重点专项"),
        ("one_department", "只有教委一家"),
        ("several_departments", "2 个部门的 2 个项目"),
        ("unknown", "2 个项目，收了哪些部门不明"),
    ],
)
def test_a_scope_is_said_in_one_phrase(kind: str, text: str) -> None:
    assert of(kind).text == text
    assert text in of(kind).caution


def test_two_documents_of_a_year_are_both_named() -> None:
    other = replace(KEY, document_id="east-2024-finance", scope="one_department")
    forms = [*FORMS, project(1, "east-2024-finance", "east", 2024, "1")]
    both = scope.of("东区", [KEY, other], forms, lambda key: key.removeprefix("east-"))
    assert both.text == "2 个重点专项；只有zhujian一家"
    assert both.kind == (("key_projects", ""), ("one_department", "east-zhujian"))
    assert of("unknown").kind is None
    assert of("several_departments").kind == (("several_departments", "east-jiaoyu|east-zhujian"),)


def test_results_are_of_no_scope_wherever_they_stand() -> None:
    told = replace(KEY, document_id="east-2024-told", kind="self_evaluation")
    assert scope.of("东区", [told, KEY], FORMS, str) == scope.of("东区", [KEY], FORMS, str)
    alone = scope.of("东区", [told], FORMS, str)
    assert (alone.text, alone.kind) == ("只有结果，没有年初的目标", None)
    assert alone.caution == "东区这一年年初的绩效目标还没有收录。"


# Per head


def census(counted_on: str = "2020-11-01", people: int = 300_000, region_id: str = "east") -> Census:
    return Census(region_id=region_id, people=people, counted_on=counted_on, source="某公报", url="https://a.cn/")


def made(*forms: object, kind: str = "key_projects") -> Tables:
    return replace(tables(), documents=(replace(KEY, scope=kind),), projects=forms)


TWO = (project(1, "east-2024-key", "east", 2024, "1000000"), project(2, "east-2024-key", "east", 2024, "1"))


def test_money_by_the_residents_of_a_census_rounded_to_the_fen() -> None:
    [found] = scope.per_head(made(*TWO), {"east": (census(),)})
    assert (found.projects, found.budget_yuan, found.people) == (2, Decimal(1_000_001), 300_000)
    assert found.yuan_per_person == Decimal("3.33") and found.source == "某公报"


def test_the_latest_census_up_to_the_year_counts() -> None:
    three = (census("2020-11-01", 2), census("2010-11-01", 1), census("2030-11-01", 3))
    assert [one.people for one in scope.per_head(made(*TWO), {"east": three})] == [2]
    assert [one.people for one in scope.per_head(made(*TWO), {"east": (census("2024-12-31", 4),)})] == [4]
    assert not [*scope.per_head(made(*TWO), {"east": (census("2025-01-01"),)})]


@pytest.mark.parametrize(
    ("found", "censuses"),
    [
        (made(*TWO), {}),
        (made(*TWO), {"west": (census(region_id="west"),)}),
        (made(*TWO, kind="one_department"), {"east": (census(),)}),
        (made(*TWO, project(3, "east-2024-key", "east", 2024, None)), {"east": (census(),)}),
        (made(project(1, "east-2024-key", "east", 2024, "1", form_type="department_overall")), {"east": (census(),)}),
    ],
    ids=["no census", "of another place", "one department", "a budget unknown", "a whole department"],
)
def test_where_a_number_per_head_would_mislead_there_is_none(
    found: Tables, censuses: dict[str, tuple[Census, ...]]
) -> None:
    assert not [*scope.per_head(found, censuses)]
