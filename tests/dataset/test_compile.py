"""Documents → the dataset: what is published of where each value comes from."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builder import room
from builder.dataset import compile as compiling
from builder.dataset import private
from builder.dataset.compile import Compiled
from builder.model import Document, Reading
from builder.settings import Settings
from builder.settings.manifest import sha256
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
    two = replace(settings, documents=settings.documents[:2], corrections=(), series=())
    compiling.compile_dataset(two, said.append)
    count = len(two.current_documents)
    assert count == 2
    assert said[0].startswith(f"读取 1/{count} ") and said[count - 1].startswith(f"读取 {count}/{count} ")
    assert said[count:] == ["整理成表", "核对"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "是命名管道（FIFO），不是文件。请移走它"),
        (Path.mkdir, "是文件夹，不是文件。请移走它"),
        (lambda path: path.symlink_to(path.name), "找不到文件"),
        (lambda path: path.symlink_to("/dev/zero"), "是字符设备，不是文件"),
    ],
)
def test_a_source_that_is_no_file_costs_only_itself(
    make: Callable[[Path], object], said: str, settings: Settings, tmp_path: Path
) -> None:
    first, second = settings.documents[:2]
    make(tmp_path / "a.txt")
    both = replace(settings, documents=(replace(first, file=tmp_path / "a.txt"), second), corrections=(), series=())
    compiled = compiling.compile_dataset(both, lambda message: None)
    assert compiled.unreadable == (first.document_id,)
    assert [said in row.message for row in compiled.tables.findings if row.code == "document-unreadable"] == [True]
    assert {row.document_id for row in compiled.tables.projects} == {second.document_id}


@pytest.mark.long
def test_what_takes_for_ever_behind_the_reader_costs_only_itself(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = settings.documents[:2]
    publishable = private.publishable

    def endless(reading: Reading) -> Reading:
        while reading.lines == unending:
            pass
        return publishable(reading)

    unending = compiling.read_document(first, settings, lambda message: None, lambda reading, _: reading.lines)
    monkeypatch.setattr(private, "publishable", endless)
    monkeypatch.setattr(room, "SECONDS", 1)
    both = replace(settings, documents=(first, second), corrections=(), series=())
    compiled = compiling.compile_dataset(both, lambda message: None)
    assert compiled.unreadable == (first.document_id,)
    assert {row.document_id for row in compiled.tables.projects} == {second.document_id}


@pytest.mark.parametrize(
    "again",
    ["项目名称 主管部门 当年预算 指标名称\n", "项目支出绩效自评表\n项目名称\t甲\n三级指标\t指标值\t实际完成值\t得分\n"],
)
@pytest.mark.long
def test_headings_again_and_again_take_no_time_by_the_square(
    again: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """4,000 of the first took 8 seconds, and 1,000 of the second 3."""
    path = tmp_path / "a.txt"
    path.write_text(again * 6_000, encoding="utf-8")
    document = Document("doc", "yuzhong", 2026, "题", "", path, "text/plain", sha256(path), path.stat().st_size)
    monkeypatch.setattr(room, "SECONDS_A_MB", 0)
    assert compiling.read_document(document, settings, lambda message: None, lambda _, extract: extract.cells)


def test_a_document_with_hardly_anything_read_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "MOST_FINDINGS", -1)
    only = replace(settings, documents=settings.documents[:1], corrections=(), series=())
    findings = compiling.compile_dataset(only, lambda message: None).tables.findings
    [said] = [row.message for row in findings if row.code == "document-unreadable"]
    assert "处没有读出来，超过 -1 处的上限" in said
