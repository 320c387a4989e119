"""Ten questions: SQL and pandas give one answer, and it is what the five documents say."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny import DATA

from builder import settings as configuration
from builder.dataset.compile import Compiled
from builder.dataset.store import Dataset
from builder.package import derived, parquet, sqlite
from builder.package.datapackage import Content

QUESTIONS = configuration.load(DATA).questions
FRAMES = {
    "projects": "projects_flat",
    "indicators": "indicators_flat",
    "findings": "findings",
    "citations": "citations",
}
# The first row of each answer, and how many rows it has.
ANSWERS: dict[str, tuple[int, tuple[Any, ...]]] = {
    "satisfaction": (10, ("wansheng-2025-key-038", 22.2)),
    "qualitative": (5, ("万盛经开区", 2025.0, 21.0, 337.0)),
    "all-or-nothing": (5, ("万盛经开区", 2025.0, 51.0)),
    "money-per-indicator": (10, ("chongqing-2024-key-069", 638718000.0)),
    "largest": (5, ("changshou-2023-finance", "changshou-2023-finance-001", 2000000.0)),
    "by-sector": (10, ("chongqing-2024-special_fund-key_projects", "城乡建设与管理", 5999200000.0)),
    "one-indicator": (4, ("shapingba-2024-finance-010", 50.0)),
    "differences": (4, ("wansheng-2025-key-019-catalogue-amount-differs", -53445000.0)),
    "grounds": (10, ("沙府办发〔2010〕103号", 4.0)),
    "over-the-years": (1, ("changshou-caizhengju-juzaibaoxianxiangmu", 2024.0, 2000000.0, 0.0)),
}


@pytest.fixture(scope="module")
def out(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    settings = replace(configuration.load(DATA))
    whole = derived.published(Dataset(compiled.tables, settings.schemas), settings)
    content = Content(whole, settings.package, None, [])
    sqlite.write(content, folder / "mingzhang.sqlite")
    parquet.write(content, folder / "mingzhang-parquet.zip")
    return folder


@pytest.fixture(scope="module")
def base(out: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(out / "mingzhang.sqlite")) as connection:
        yield connection


def plain(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(value if isinstance(value, str) else round(float(value), 4) for value in row) for row in rows]


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_ways_give_the_pinned_answer(question: str, out: Path, base: sqlite3.Connection) -> None:
    asked = QUESTIONS[question]
    names: dict[str, Any] = {
        name: pd.read_parquet(out / "parquet" / f"{file}.parquet") for name, file in FRAMES.items()
    }
    exec(asked.pandas, names)
    by_pandas = plain(list(names["answer"].itertuples(index=False, name=None)))
    by_sql = plain(base.execute(asked.sql).fetchall())
    assert by_sql == by_pandas
    assert (len(by_sql), by_sql[0]) == ANSWERS[question]


def test_there_are_ten_and_each_warns() -> None:
    assert len(QUESTIONS) == len(ANSWERS) == 10
    assert all(question.caution and question.excel for question in QUESTIONS.values())
