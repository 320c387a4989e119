"""``questions.yml``: questions that people ask of the data, each with its answer in SQL, pandas and Excel."""

from collections.abc import Mapping
from pathlib import Path

from builder.settings.loading import Entry, Line, Slug, Text, load, once


class Question(Entry):
    """``sql`` is for the SQLite file; ``pandas`` finds the tables as frames and puts what it finds into ``answer``."""

    id: Slug
    title: Line
    title_en: Line
    caution: Line
    sql: Text
    pandas: Text
    excel: Line


def _once(questions: tuple[Question, ...]) -> None:
    once([(question.id, (place, "id")) for place, question in enumerate(questions)], "编号")


def questions(path: Path) -> Mapping[str, Question]:
    return {question.id: question for question in load(path, tuple[Question, ...], _once)}
