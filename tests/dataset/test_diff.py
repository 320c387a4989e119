"""Two states of the dataset: what came, changed and went, in which order, and which rows are told apart."""

from collections.abc import Mapping, Sequence

import pytest
from tiny import DATA

from builder.dataset.diff import Change, difference, keyed, published
from builder.settings.schema import load_schemas

SCHEMAS = load_schemas(DATA / "schemas")
FIELDS = {name: table.names for name, table in SCHEMAS.items()}
Rows = Sequence[Mapping[str, object]]

EAST = {"document_id": "east", "region_id": "e", "year": 2024, "sha256": "0a"}
WEST = {"document_id": "west", "region_id": "w", "year": 2024, "sha256": "0b"}
ROAD = {"project_id": "east-001", "document_id": "east", "name": "道路", "department_id": "e-road", "budget_yuan": 1}


def changes(before: Mapping[str, Rows], now: Mapping[str, Rows], **replaces: str) -> list[Change]:
    states = [
        published(keyed({name: rows.get(name, ()) for name in SCHEMAS}, SCHEMAS), FIELDS) for rows in (before, now)
    ]
    return list(difference(states[0], states[1], replaces))


def told(found: Sequence[Change]) -> list[tuple[str, str, str]]:
    return [(change.kind, change.entry.key, change.reason) for change in found]


def test_the_same_rows_differ_in_nothing() -> None:
    rows = {"documents": [EAST], "projects": [ROAD]}
    assert changes(rows, {"documents": [EAST], "projects": [{**ROAD, "overview": None}]}) == []


def test_a_row_that_went_is_shown_as_it_was() -> None:
    (gone,) = changes({"documents": [EAST], "projects": [ROAD]}, {"documents": [EAST]})
    assert (gone.kind, gone.entry.name, gone.entry.project_id, gone.entry.document_id) == (
        "removed",
        "道路",
        "east-001",
        "east",
    )


def test_changes_stand_by_table_then_document_then_kind() -> None:
    other = {**ROAD, "project_id": "west-001", "document_id": "west"}
    before = {"documents": [EAST, WEST], "projects": [ROAD, other]}
    now = {
        "documents": [EAST, WEST],
        "projects": [{**other, "name": "桥"}, {**ROAD, "project_id": "east-002"}],
        "indicators": [{"indicator_id": "east-002-01", "project_id": "east-002", "name": "里程"}],
    }
    assert told(changes(before, now)) == [
        ("added", "east-002-01", "ours"),
        ("added", "east-002", "ours"),
        ("removed", "east-001", "ours"),
        ("changed", "west-001", "ours"),
    ]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("east-001", "correction"),
        ("east-001-01", "correction"),
        ("east-001|区级资金|3", "correction"),
        ("east-0011", "ours"),
    ],
)
def test_a_correction_explains_all_rows_of_its_project(record: str, reason: str) -> None:
    rows: dict[str, Rows] = {
        "documents": [EAST],
        "projects": [ROAD],
        "indicators": [{"indicator_id": "east-001-01", "project_id": "east-001", "name": "里程"}],
    }
    corrected = {"record_id": record, "field": "name", "was": "路", "is": "道路"}
    found = changes(rows, {**rows, "projects": [{**ROAD, "name": "路"}], "corrections": [corrected]})
    assert {change.entry.table: change.reason for change in found} == {"corrections": "correction", "projects": reason}


def test_a_department_of_two_new_documents_has_no_single_reason() -> None:
    department = {"department_id": "e-road", "region_id": "e", "name": "交通局"}
    final = {**EAST, "document_id": "final"}
    rows: dict[str, Rows] = {
        "departments": [department],
        "projects": [ROAD, {**ROAD, "project_id": "f", "document_id": "final"}],
    }
    both = changes({}, {**rows, "documents": [EAST, final]})
    assert {change.reason for change in both if change.entry.table == "departments"} == {"new_document"}
    draft = {**EAST, "document_id": "draft"}
    mixed = changes({"documents": [draft]}, {**rows, "documents": [EAST, final]}, final="draft")
    assert {change.reason for change in mixed if change.entry.table == "departments"} == {"linked"}


def test_rows_that_a_key_does_not_tell_apart_are_told_by_their_place() -> None:
    twins = [{"document_id": "east", "serial_no": None, "line": 3, "name": name} for name in ("甲", "乙", "丙")]
    found = changes({"documents": [EAST], "catalogue": twins[:1]}, {"documents": [EAST], "catalogue": twins})
    assert [change.entry.key for change in found] == ["east||3|+", "east||3|+|+"]
    assert {change.entry.project_id for change in found} == {None}
