"""The ten questions: every way of asking gives the same answer over the published files, and it is the one known."""

import csv
import math
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.faults import SettingsFault
from builder.package import answers, derived, files
from builder.settings import Settings, load
from builder.settings.questions import Question
from builder.site.views.questions import before

DATA = Path(__file__).parents[2] / "data"
QUESTIONS = tuple(load(DATA).questions.values())
# The first row of each answer over the five documents, and how many rows there are.
KNOWN: dict[str, tuple[int, tuple[object, ...]]] = {
    "satisfaction": (10, ("wansheng-2025-key-038", 22.2)),
    "one-indicator": (3, ("shapingba-2024-finance-010", 55.6, 3)),
    "change": (1, ("changshou-2024-key-018", 2023, 2024, 2000000, 2000000)),
    "per-unit": (10, ("chongqing-2024-key-081", "康复健身体育进家庭项目户数", 5000, 2000.0)),
    "gaps": (
        4,
        (
            "目录第 20 项“应急管理发展”金额为 5,587 万元，绩效目标表为 242.5 万元",
            -53445000,
            "目录给“应急管理发展”写的 5,587 万元，与目录没有列的“教育均衡发展提升改造专项”的表上金额一模一样：多半是把那一项的金额写到了这里",
        ),
    ),
    "passed-down": (1, ("chongqing", 2024, 16794206300, 39687539300, 42.3)),
    "policies": (5, ("沙府办发〔2010〕103号", 4)),
    "concrete": (19, ("agriculture", 188, 89.4)),
    "departments": (3, ("changshou", 2024, "changshou-weishengjiankangweiyuanhui", 92070000, 38.4)),
    "same-promise": (10, ("服务对象满意度", "%", 3, 85, 98)),
}
Rows = Sequence[Sequence[object]]
each = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


@pytest.fixture(scope="module")
def published(settings: Settings, compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all downloads, as /data/."""
    folder = tmp_path_factory.mktemp("published")
    store.write(compiled.tables.by_name(), settings.schemas, folder / "dataset")
    dataset = store.load(folder / "dataset", settings.schemas)
    files.write(derived.published(dataset, settings), settings, folder / "data")
    return folder / "data"


def first(published: Path, language: str) -> str:
    """What readers are told to run first, with the folder in the place of the address."""
    return dict(before(f"{published}/", "mingzhang"))[language]


def value(cell: object) -> object:
    """One spelling for what the languages write differently: numbers, and cells that hold nothing."""
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA:
        return None
    try:
        return round(float(str(cell)), 6)
    except ValueError:
        return str(cell)


def same(rows: Rows, question: Question, published: Path) -> None:
    with closing(sqlite3.connect(published / "mingzhang.sqlite")) as base:
        expected = base.execute(question.sql).fetchall()
    assert [[*map(value, row)] for row in rows] == [[*map(value, row)] for row in expected]


@pytest.mark.long
def test_the_package_stays_small(published: Path) -> None:
    """Twice what it weighed for the five documents before values had their provenance."""
    assert (published / "mingzhang.zip").stat().st_size <= 2 * 179_500


def test_there_are_ten() -> None:
    assert len(QUESTIONS) == len(KNOWN) == 10


@pytest.mark.long
@each
def test_sqlite_gives_the_known_answer(question: Question, published: Path) -> None:
    with closing(sqlite3.connect(published / "mingzhang.sqlite")) as base:
        done = base.execute(question.sql)
        rows = done.fetchall()
    assert [column for column, *_ in done.description] == [column.name for column in question.columns]
    assert (len(rows), rows[0]) == KNOWN[question.id]


@pytest.mark.long
@each
def test_the_page_shows_what_sqlite_gives(question: Question, published: Path, settings: Settings) -> None:
    dataset = store.load(published.parent / "dataset", settings.schemas)
    same(answers.answers(dataset, settings)[question.id], question, published)


@pytest.mark.long
@each
def test_duckdb_gives_the_same(question: Question, published: Path) -> None:
    import duckdb

    with duckdb.connect() as base:
        base.execute(first(published, "DuckDB"))
        same(base.execute(question.sql).fetchall(), question, published)


@pytest.mark.long
@each
def test_pandas_gives_the_same(question: Question, published: Path) -> None:
    names: dict[str, pd.DataFrame] = {}
    exec(first(published, "pandas") + question.pandas, names)
    assert [*names["answer"].columns] == [column.name for column in question.columns]
    same(names["answer"].to_numpy(dtype=object).tolist(), question, published)


# R is a language that not every machine has; the workflow of tests installs it.
if shutil.which("Rscript"):

    @pytest.mark.long
    @each
    def test_r_gives_the_same(question: Question, published: Path, tmp_path: Path) -> None:
        script = first(published, "R") + question.r + 'write.csv(answer, "answer.csv", row.names = FALSE, na = "")\n'
        (tmp_path / "question.R").write_text(script, encoding="utf-8")
        command = ["Rscript", "--vanilla", "--encoding=UTF-8", "question.R"]
        subprocess.run(command, cwd=tmp_path, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}, check=True)
        with (tmp_path / "answer.csv").open(encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        assert names == [column.name for column in question.columns]
        same(rows, question, published)


@pytest.mark.long
@each
def test_steps_name_sheets_and_columns_of_the_workbook(question: Question, published: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(published / "mingzhang.xlsx", read_only=True)
    headings = {str(cell) for sheet in book for row in sheet.iter_rows(max_row=1, values_only=True) for cell in row}
    named = set(re.findall("「([^」]*)」", "".join(question.excel)))
    assert named and named <= headings | set(book.sheetnames)
    book.close()


def test_wrong_code_is_a_fault_of_the_file(settings: Settings, compiled: Compiled, tmp_path: Path) -> None:
    store.write(compiled.tables.by_name(), settings.schemas, tmp_path)
    dataset = store.load(tmp_path, settings.schemas)
    question = settings.questions["satisfaction"]
    for wrong, said in (
        ({"sql": "SELECT absent FROM projects"}, "satisfaction 的 sql 不能运行：no such column: absent"),
        ({"columns": question.columns[:1]}, "satisfaction 的 columns 与 sql 给出的列不同"),
    ):
        changed = replace(settings, questions={question.id: question.model_copy(update=wrong)})
        with pytest.raises(SettingsFault, match=said):
            answers.answers(dataset, changed)
