"""Documents → the dataset: what is published of where each value comes from."""

from dataclasses import replace
from pathlib import Path

from builder.dataset import compile as compiling
from builder.dataset.compile import Compiled
from builder.settings import Settings
from builder.upkeep import add

SAMPLES = Path(__file__).parents[1] / "samples"


def test_a_long_text_is_on_record_by_its_beginning(compiled: Compiled) -> None:
    goals = {row.project_id: row.goal or "" for row in compiled.tables.projects}
    printed = {row.record_id: row.printed for row in compiled.tables.provenance if row.field == "goal" and not row.rule}
    lengths = {len(goals[key]) > 24 for key in printed}
    assert lengths == {True, False}
    assert printed == {key: goals[key] if len(goals[key]) <= 24 else f"{goals[key][:24]}…" for key in printed}


def test_a_workbooks_values_are_on_record_with_their_cells(settings: Settings) -> None:
    document = add.propose(SAMPLES / "kaizhou-finance.xlsx", add.Wanted(), settings, lambda message: None).document
    alone = replace(settings, documents=(document,), corrections=(), series=())
    compiled = compiling.compile_dataset(alone, lambda message: None)
    lines = {line.number: line.place for line in compiled.lines[document.document_id]}
    rows = compiled.tables.provenance
    assert rows and all(row.place == lines[row.line] and "!" in (row.place or "") for row in rows)


def test_a_text_file_has_no_places(compiled: Compiled) -> None:
    assert {row.place for row in compiled.tables.provenance} == {None}


def test_progress_counts_the_documents_from_one(settings: Settings) -> None:
    said: list[str] = []
    compiling.compile_dataset(settings, said.append)
    count = len(settings.current_documents)
    assert said[0].startswith(f"读取 1/{count} ") and said[count - 1].startswith(f"读取 {count}/{count} ")
    assert said[count:] == ["整理成表", "核对"]
