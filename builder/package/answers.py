"""The dataset and questions → their answers, computed by the SQL that readers are given."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing

from builder.dataset.store import Dataset
from builder.faults import SettingsFault
from builder.package.sqlite import fill
from builder.settings import Settings

Answer = Sequence[tuple[str | int | float | None, ...]]


def answers(dataset: Dataset, settings: Settings) -> Mapping[str, Answer]:
    """The rows of each question's answer, by its id. Raises ``SettingsFault`` where SQLite cannot run a question's SQL, or
    its columns are not those that the question names."""
    path, found = settings.data / "questions.yml", {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        asked = " ".join(question.sql for question in settings.questions.values())
        fill(base, dataset, [name for name in settings.schemas if re.search(rf"\b{name}\b", asked)])
        for question in settings.questions.values():
            try:
                done = base.execute(question.sql)
                rows = done.fetchall()
            except sqlite3.Error as error:
                raise SettingsFault(f"{question.id} 的 sql 不能运行：{error}", file=path) from None
            if [column for column, *_ in done.description] != [column.name for column in question.columns]:
                raise SettingsFault(f"{question.id} 的 columns 与 sql 给出的列不同", file=path)
            found[question.id] = rows
    return found
