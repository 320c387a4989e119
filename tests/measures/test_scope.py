"""What a sum is a sum of is said in one phrase."""

from dataclasses import replace

import pytest
from tiny import document, project

from builder.measures import scope

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
