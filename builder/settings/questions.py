"""``questions.yml``: questions that the data answer, with the code in three languages that anyone can run on a download."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from builder.settings.loading import SOME, Entry, Line, Name, Slug, Text, Words, load, once


class Column(Entry):
    """A column of the answer. A ``project``, ``region``, ``department`` or ``sector`` is an id; ``yuan`` are yuan."""

    name: Name
    title: Line
    title_en: Line
    kind: Literal["text", "number", "percent", "yuan", "year", "project", "region", "department", "sector"]


class Question(Entry):
    """``sql`` answers it over the tables of the dataset, in SQLite and DuckDB alike; ``pandas`` and ``r`` leave the same
    answer in ``answer``, whose columns are ``columns``; ``excel`` are steps."""

    id: Slug
    title: Line
    title_en: Line
    meaning: Line
    meaning_en: Line
    columns: Annotated[tuple[Column, ...], SOME]
    sql: Text
    pandas: Text
    r: Text
    excel: Annotated[Words, SOME]


def questions(path: Path) -> Mapping[str, Question]:
    """The questions by their ids, in the order of their page."""
    return {question.id: question for question in load(path, tuple[Question, ...], _each_once)}


def _each_once(found: tuple[Question, ...]) -> None:
    once([(question.id, (at, "id")) for at, question in enumerate(found)], "问题")
