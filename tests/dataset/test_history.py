"""The record of releases: what a release holds, why rows changed, what takes the place of what has gone."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tiny import DATA, document, indicator, project, tables, told

from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.diff import PublishedDocument
from builder.dataset.rows import CorrectionRow, Coverage, Department, Tables
from builder.dataset.store import Dataset
from builder.faults import DatasetFault
from builder.settings.schema import Table, load_schemas

SCHEMAS = load_schemas(DATA / "schemas")
REVISED = {"east-2025-final": "east-2025-key"}

Loaded = Callable[[Tables], Dataset]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    def load(rows: Tables) -> Dataset:
        store.write(rows.by_name(), SCHEMAS, tmp_path / "dataset")
        return store.load(tmp_path / "dataset", SCHEMAS)

    return load


@pytest.fixture
def ledger(tmp_path: Path, loaded: Loaded) -> Path:
    """A folder that records version 1.0.0, of the tiny dataset."""
    cut(loaded(tables()), tmp_path / "releases")
    return tmp_path / "releases"


def cut(
    data: Dataset, folder: Path, version: str = "1.0.0", date: str = "2026-11-21", note: str = "第一版"
) -> releases.Release:
    return releases.cut(data, folder, version, date, note, REVISED)


def pending(data: Dataset, folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(table, key) → (what happened, why) of all that is not released yet."""
    found = releases.history(data, folder, REVISED).pending
    return {(change.entry.table, change.entry.key): (change.kind, change.reason) for change in found}


def with_indicator(rows: Tables, indicator_id: str, **changes: object) -> Tables:
    return replace(
        rows,
        indicators=tuple(
            replace(row, **changes) if row.indicator_id == indicator_id else row  # type: ignore[arg-type]
            for row in rows.indicators
        ),
    )


def revised(rows: Tables, name: str = "农村危房改造") -> Tables:
    """The dataset after the east's 2025 document was replaced by a final one, whose only project is called ``name``."""
    final = "east-2025-final"
    return replace(
        rows,
        documents=(rows.documents[0], replace(document(final, "east", 2025), sha256="0b" * 32), rows.documents[2]),
        projects=(
            *rows.projects[:2],
            project(1, final, "east", 2025, "190000000", series_id="weifang", name=name),
            rows.projects[3],
        ),
        indicators=(*rows.indicators[:3], indicator(f"{final}-001", 1, "改造质量", "90"), rows.indicators[4]),
        attributes=(),
        coverage=(rows.coverage[0], Coverage(final, 20, 15, 5, 0), rows.coverage[2]),
        findings=rows.findings[:4],
    )


# The record


def recorded() -> dict[str, tuple[object, ...]]:
    """The tables whose rows are news: where a value comes from changes with the value."""
    return {name: rows for name, rows in tables().by_name().items() if name != "provenance"}


def test_the_first_release_holds_every_row(ledger: Path) -> None:
    rows = recorded()
    (release,) = releases.load(ledger)
    held = [change.entry.table for change in release.changes]
    assert {name: held.count(name) for name in rows} == {name: len(table) for name, table in rows.items()}
    assert {change.kind for change in release.changes} == {"added"}
    reasons = {change.entry.table: change.reason for change in release.changes}
    assert reasons["projects"] == reasons["departments"] == reasons["findings"] == "new_document"
    assert reasons["regions"] == reasons["sectors"] == "ours"


def test_a_release_reads_back_as_it_was_cut(loaded: Loaded, tmp_path: Path) -> None:
    release = cut(loaded(tables()), tmp_path / "releases", note="“引号”、<b>和\\")
    assert releases.load(tmp_path / "releases") == (release,)


def test_a_release_holds_its_documents_by_place_year_and_content(ledger: Path) -> None:
    (release,) = releases.load(ledger)
    assert release.documents[0] == PublishedDocument("east-2024-key", "east", 2024, "0a" * 32)
    assert [row.document_id for row in release.documents] == ["east-2024-key", "east-2025-key", "west-2024-key"]


def test_the_same_dataset_gives_the_same_bytes(loaded: Loaded, tmp_path: Path) -> None:
    for name in ("one", "two"):
        cut(loaded(tables()), tmp_path / name)
    assert (tmp_path / "one" / "1.0.0.json").read_bytes() == (tmp_path / "two" / "1.0.0.json").read_bytes()
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["1.0.0.json"]


def test_content_is_recorded_as_fingerprints_alone(ledger: Path) -> None:
    text = (ledger / "1.0.0.json").read_text(encoding="utf-8")
    assert "农村危房改造" in text, "the name that a page says after the project has gone"
    assert "改造危房" not in text and 'HYPERLINK("http' not in text and "张三" not in text


def test_a_later_release_records_only_what_changed(ledger: Path, loaded: Loaded) -> None:
    later = loaded(with_indicator(tables(), "west-2024-key-001-01", weight=Decimal(80)))
    release = cut(later, ledger, "1.0.1", "2026-12-01", "改一处")
    assert [(change.kind, change.entry.key) for change in release.changes] == [("changed", "west-2024-key-001-01")]
    assert release.documents == ()
    assert pending(later, ledger) == {}


def test_releases_follow_by_number_and_not_by_spelling(ledger: Path, loaded: Loaded) -> None:
    for version in ("1.9.0", "1.10.0"):
        cut(loaded(tables()), ledger, version)
    assert [release.version for release in releases.load(ledger)] == ["1.0.0", "1.9.0", "1.10.0"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": "1.0.0"}, "不大于上一版 1.0.0"),
        ({"version": "0.9.9"}, "不大于上一版 1.0.0"),
        ({"version": "1.1"}, "三段数字"),
        ({"version": "v1.1.0"}, "三段数字"),
        ({"date": "2026-11-20"}, "早于上一版"),
        ({"date": "2026-02-30"}, "2026-11-21 这样"),
        ({"date": "20261122"}, "2026-11-21 这样"),
        ({"note": " "}, "一行文字"),
        ({"note": "两\n行"}, "一行文字"),
    ],
)
def test_a_release_that_cannot_follow_is_refused(
    ledger: Path, loaded: Loaded, changes: dict[str, str], said: str
) -> None:
    before = {path.name: path.read_bytes() for path in ledger.iterdir()}
    with pytest.raises(DatasetFault, match=said):
        cut(loaded(tables()), ledger, **{"version": "1.0.1", "date": "2026-11-21", "note": "改", **changes})
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("1.0.0.json", lambda text: text[:-9]),
        ("1.0.0.json", lambda text: text.replace('"1.0.0"', '"1.0.1"')),
        ("1.0.0.json", lambda text: text.replace('"new_document"', '"new"')),
        ("1.0.0.json", lambda text: text.replace('"change": "added"', '"change": "removed"')),
        ("1.0.1.json", lambda text: text.replace('"1.0.0"', '"1.0.1"')),
        ("notes.txt", lambda text: "记一笔"),
    ],
)
def test_a_spoilt_record_names_the_file(ledger: Path, name: str, spoil: Callable[[str], str]) -> None:
    text = (ledger / "1.0.0.json").read_text(encoding="utf-8")
    (ledger / name).write_text(spoil(text), encoding="utf-8")
    with pytest.raises(DatasetFault, match=name):
        releases.load(ledger)


def test_before_the_first_release_everything_is_pending(loaded: Loaded, tmp_path: Path) -> None:
    history = releases.history(loaded(tables()), tmp_path / "nothing", {})
    assert history.releases == () and dict(history.vanished) == {}
    assert len(history.pending) == sum(len(rows) for rows in recorded().values())


def test_the_committed_record_is_sound() -> None:
    data = store.load(DATA / "dataset", SCHEMAS)
    assert set(releases.history(data, DATA / "releases", {}).documents) >= {
        row.document_id for row in data.tables.documents
    }


# Why


def test_without_another_document_a_change_is_ours(ledger: Path, loaded: Loaded) -> None:
    found = pending(loaded(with_indicator(tables(), "west-2024-key-001-01", name="补助")), ledger)
    assert found == {("indicators", "west-2024-key-001-01"): ("changed", "ours")}


def test_an_equal_number_written_otherwise_is_no_change(ledger: Path, loaded: Loaded) -> None:
    assert pending(loaded(with_indicator(tables(), "west-2024-key-001-01", weight=Decimal("90.00"))), ledger) == {}


def test_a_new_column_changes_only_the_rows_that_fill_it(tmp_path: Path, loaded: Loaded) -> None:
    whole = loaded(tables())
    narrow = {**SCHEMAS, "indicators": without(SCHEMAS["indicators"], "is_core")}
    smaller = Dataset(whole.tables, narrow)
    cut(smaller, tmp_path / "releases")
    assert pending(whole, tmp_path / "releases") == {
        ("indicators", "east-2024-key-001-01"): ("changed", "fields"),
        ("indicators", "east-2024-key-001-03"): ("changed", "fields"),
    }


def without(table: Table, name: str) -> Table:
    return table.model_copy(update={"fields": tuple(field for field in table.fields if field.name != name)})


def test_what_a_correction_touches_is_a_correction(ledger: Path, loaded: Loaded) -> None:
    rows = with_indicator(tables(), "west-2024-key-001-01", weight=Decimal(80))
    rows = replace(
        rows,
        corrections=(*rows.corrections, CorrectionRow("west-2024-key-001-01", "weight", "9O", "80", "笔误", "合计")),
        findings=tuple(row for row in rows.findings if row.finding_id != "c"),
    )
    assert pending(loaded(rows), ledger) == {
        ("corrections", "west-2024-key-001-01|weight"): ("added", "correction"),
        ("indicators", "west-2024-key-001-01"): ("changed", "correction"),
        ("findings", "c"): ("removed", "correction"),
    }


def test_a_new_document_brings_its_rows_and_touches_its_region(ledger: Path, loaded: Loaded) -> None:
    rows = tables()
    rows = replace(
        rows,
        documents=(*rows.documents, document("west-2025-key", "west", 2025)),
        departments=(
            rows.departments[0],
            replace(rows.departments[1], names_as_filed="西区住建局|住建局"),
            Department("west-jiaowei", "west", "西区教委", None, None, "西区教委", "Education"),
        ),
        projects=(
            *rows.projects,
            project(1, "west-2025-key", "west", 2025, "5"),
            project(2, "west-2025-key", "west", 2025, "6", department_id="west-jiaowei"),
        ),
        coverage=(*rows.coverage, Coverage("west-2025-key", 1, 1, 0, 0)),
    )
    rows = with_indicator(rows, "east-2025-key-001-01", name="质量")
    assert pending(loaded(rows), ledger) == {
        ("documents", "west-2025-key"): ("added", "new_document"),
        ("coverage", "west-2025-key"): ("added", "new_document"),
        ("projects", "west-2025-key-001"): ("added", "new_document"),
        ("projects", "west-2025-key-002"): ("added", "new_document"),
        ("departments", "west-jiaowei"): ("added", "new_document"),
        ("departments", "west-zhujian"): ("changed", "linked"),
        ("indicators", "east-2025-key-001-01"): ("changed", "ours"),
    }


def test_a_revised_document_replaces_the_old_one(ledger: Path, loaded: Loaded) -> None:
    found = pending(loaded(revised(tables())), ledger)
    assert {key for key, value in found.items() if value == ("removed", "replaced_document")} == {
        ("documents", "east-2025-key"),
        ("coverage", "east-2025-key"),
        ("projects", "east-2025-key-001"),
        ("indicators", "east-2025-key-001-01"),
        ("attributes", "east-2025-key-001|1"),
        ("findings", "e"),
    }
    assert {key for key, value in found.items() if value == ("added", "replaced_document")} == {
        ("documents", "east-2025-final"),
        ("coverage", "east-2025-final"),
        ("projects", "east-2025-final-001"),
        ("indicators", "east-2025-final-001-01"),
    }
    assert len(found) == 10


def test_a_document_without_a_successor_was_withdrawn(ledger: Path, loaded: Loaded) -> None:
    history = releases.history(loaded(revised(tables())), ledger, {})
    reasons = {change.entry.key: change.reason for change in history.pending if change.entry.table == "projects"}
    assert reasons == {"east-2025-key-001": "withdrawn_document", "east-2025-final-001": "new_document"}
    assert history.vanished["documents", "east-2025-key"].successor is None


def test_another_content_under_the_same_id_is_told_apart(ledger: Path, loaded: Loaded) -> None:
    rows = tables()
    swapped = replace(rows, documents=(*rows.documents[:2], replace(rows.documents[2], sha256="0c" * 32)))
    swapped = with_indicator(swapped, "west-2024-key-001-01", name="补助")
    assert set(pending(loaded(swapped), ledger).values()) == {("changed", "changed_document")}


def test_a_finding_may_change_with_a_document_of_another_region(ledger: Path, loaded: Loaded) -> None:
    """A text is called copied from the first that had it: with that one's document the finding goes, elsewhere too."""
    rows = tables()
    found = next(row for row in rows.findings if row.document_id == "west-2024-key")
    fewer = replace(rows, findings=tuple(row for row in rows.findings if row is not found))
    key = ("findings", found.finding_id)
    assert pending(loaded(fewer), ledger)[key] == ("removed", "ours")
    gone = replace(revised(rows), findings=tuple(row for row in revised(rows).findings if row is not found))
    assert pending(loaded(gone), ledger)[key] == ("removed", "linked")
    changed = with_indicator(revised(rows), "west-2024-key-001-01", name="补助")
    assert pending(loaded(changed), ledger)["indicators", "west-2024-key-001-01"] == ("changed", "ours")


def test_results_are_news_of_their_document_and_of_the_project_they_tell_of(ledger: Path, loaded: Loaded) -> None:
    found = releases.history(loaded(told()), ledger, REVISED).pending
    assert {change.reason for change in found} == {"new_document"}
    rows = {(row.table, row.key): (row.document_id, row.project_id) for row in (change.entry for change in found)}
    project_id = "east-2025-key-001"
    assert rows["results", "east-2025-self-001"] == ("east-2025-self", project_id)
    assert rows["results", "east-2025-self-002"] == ("east-2025-self", None)
    assert rows["scores", "east-2025-self-001-01"] == ("east-2025-self", project_id)
    assert [row for key, row in rows.items() if key[0] == "result_funding"] == [("east-2025-self", project_id)]


# What has gone


def test_a_result_that_has_gone_is_found_by_its_name_in_the_revision(tmp_path: Path, loaded: Loaded) -> None:
    folder, new = tmp_path / "told", "east-2025-final"
    cut(loaded(told()), folder)
    rows = told()
    final = tuple(
        replace(row, document_id=new) if row.document_id == "east-2025-self" else row for row in rows.coverage
    )
    sheet = replace(rows.results[0], document_id=new, result_id=f"{new}-001")
    documents = (*rows.documents[:-1], replace(rows.documents[-1], document_id=new))
    later = loaded(replace(rows, documents=documents, coverage=final, results=(sheet,), result_funding=(), scores=()))
    gone = releases.history(later, folder, {new: "east-2025-self"}).vanished
    assert gone["results", "east-2025-self-001"].successor == f"{new}-001"
    assert gone["results", "east-2025-self-002"].successor is None


def test_what_has_gone_says_when_and_where_to(ledger: Path, loaded: Loaded) -> None:
    after = loaded(revised(tables()))
    cut(after, ledger, "1.1.0", "2027-01-01", "修订版")
    cut(after, ledger, "1.1.1", "2027-01-02", "没有改动")
    history = releases.history(after, ledger, REVISED)
    assert {key: (gone.last.version, gone.successor) for key, gone in history.vanished.items()} == {
        ("documents", "east-2025-key"): ("1.0.0", "east-2025-final"),
        ("projects", "east-2025-key-001"): ("1.0.0", "east-2025-final-001"),
        ("indicators", "east-2025-key-001-01"): ("1.0.0", "east-2025-final-001-01"),
    }
    assert history.vanished["projects", "east-2025-key-001"].entry.name == "农村危房改造"
    assert history.pending == ()


def test_a_renamed_project_is_found_by_its_series(ledger: Path, loaded: Loaded) -> None:
    after = loaded(revised(tables(), name="住房安全保障"))
    assert releases.history(after, ledger, REVISED).vanished["projects", "east-2025-key-001"].successor == (
        "east-2025-final-001"
    )


def test_two_of_a_name_are_no_successor(ledger: Path, loaded: Loaded) -> None:
    rows = revised(tables())
    twin = project(2, "east-2025-final", "east", 2025, "1")
    after = loaded(replace(rows, projects=(*rows.projects, twin)))
    history = releases.history(after, ledger, REVISED)
    assert history.vanished["projects", "east-2025-key-001"].successor is None
    assert history.vanished["documents", "east-2025-key"].successor == "east-2025-final"


def test_what_stood_beside_it_does_not_take_its_place(tmp_path: Path, loaded: Loaded) -> None:
    rows = tables()
    twin = indicator("west-2024-key-001", 2, "补助人次", "0")
    cut(loaded(replace(rows, indicators=(*rows.indicators, twin))), tmp_path / "releases")
    history = releases.history(loaded(rows), tmp_path / "releases", {})
    assert history.vanished["indicators", "west-2024-key-001-02"].successor is None


def test_an_indicator_that_moved_down_is_found_by_its_name(ledger: Path, loaded: Loaded) -> None:
    rows = tables()
    moved = replace(rows, indicators=(*rows.indicators[:4], indicator("west-2024-key-001", 2, "补助人次", "90")))
    history = releases.history(loaded(moved), ledger, {})
    assert history.vanished["indicators", "west-2024-key-001-01"].successor == "west-2024-key-001-02"


def test_a_chain_of_revisions_leads_to_the_present_one(ledger: Path, loaded: Loaded) -> None:
    chain = {"east-2025-draft": "east-2025-key", "east-2025-final": "east-2025-draft"}
    history = releases.history(loaded(revised(tables())), ledger, chain)
    assert history.vanished["documents", "east-2025-key"].successor == "east-2025-final"
    assert {change.reason for change in history.pending} == {"replaced_document"}


def test_a_department_under_another_id_is_found_by_its_name(ledger: Path, loaded: Loaded) -> None:
    rows = tables()
    moved = replace(
        rows,
        departments=(rows.departments[0], replace(rows.departments[1], department_id="west-zhufang")),
        projects=(*rows.projects[:3], replace(rows.projects[3], department_id="west-zhufang")),
    )
    history = releases.history(loaded(moved), ledger, REVISED)
    assert history.vanished["departments", "west-zhujian"].successor == "west-zhufang"


def test_what_comes_back_has_not_gone(ledger: Path, loaded: Loaded) -> None:
    cut(loaded(revised(tables())), ledger, "1.1.0")
    history = releases.history(loaded(tables()), ledger, {})
    assert ("projects", "east-2025-key-001") not in history.vanished
    assert ("projects", "east-2025-final-001") in history.vanished


def test_rows_that_a_key_does_not_tell_apart_are_both_recorded(tmp_path: Path, loaded: Loaded) -> None:
    rows = tables()
    twice = replace(rows, catalogue=(*rows.catalogue, replace(rows.catalogue[1], name="另一行")))
    release = cut(loaded(twice), tmp_path / "releases")
    assert sum(change.entry.table == "catalogue" for change in release.changes) == 3


def test_the_file_is_plain_json_with_a_row_a_line(ledger: Path) -> None:
    text = (ledger / "1.0.0.json").read_text(encoding="utf-8")
    content = json.loads(text)
    rows = sum(len(group["rows"]) for group in content["changes"])
    assert sum(line.startswith('["') for line in text.splitlines()) == rows
