"""/data/questions/: real questions, the answers that the data give today, and the code that gives them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from builder import words
from builder.settings.questions import Column, Question
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page, name_at_home

# Of an answer the page shows so many rows, enough for a municipality's districts; a question about projects may have
# thousands, and its SQL gives them all.
MOST_ROWS = 60

CODE = (("SQL（SQLite、DuckDB）", "sql"), ("pandas", "pandas"), ("R", "r"))


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    title_en: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """``rows`` are the first of ``count``; ``codes`` are names of languages and the code in each."""

    anchor: str
    title: str
    title_en: str
    meaning: str
    meaning_en: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Link, ...], ...]
    count: int
    codes: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionsView:
    template: ClassVar[str] = "questions.html.jinja"

    questions: tuple[QuestionItem, ...]
    version: str
    before: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    data: str
    query: str


def page(facts: Facts) -> Page:
    here = Here("data/questions/")
    view = QuestionsView(
        questions=tuple(_item(facts, here, question) for question in facts.questions.values()),
        version=facts.policy.version,
        before=before(f"{facts.url}/data/", facts.policy.name),
        notes=facts.policy.notes,
        data=here.data(),
        query=here.query(),
    )
    said = "关于政府承诺和花钱的十个问题，今天的答案，和得出答案的 SQL、pandas、R 写法、Excel 步骤。"
    return Page(here.path, "用数据回答", said, view)


def before(data: str, name: str) -> tuple[tuple[str, str], ...]:
    """What to run before the code of any question, for each language; ``data`` is the address or folder of the downloads."""
    return (
        ("SQLite", f"sqlite3 {name}.sqlite"),
        (
            "DuckDB",
            "".join(
                f"CREATE VIEW {table} AS SELECT * FROM '{data}parquet/{table}.parquet';\n"
                for table in ("projects", "indicators", "funding", "policies", "findings", "departments")
            ),
        ),
        (
            "pandas",
            f'import pandas as pd\n\ndef read(table):\n    return pd.read_parquet(f"{data}parquet/{{table}}.parquet")\n',
        ),
        (
            "R",
            "read <- function(table)\n"
            f'  read.csv(paste0("{data}", table, ".csv"), na.strings = "", encoding = "UTF-8")\n',
        ),
    )


def _item(facts: Facts, here: Here, question: Question) -> QuestionItem:
    return QuestionItem(
        anchor=question.id,
        title=question.title,
        title_en=question.title_en,
        meaning=question.meaning,
        meaning_en=question.meaning_en,
        headings=tuple(
            Heading(
                f"{column.title}（万元）" if column.kind == "yuan" else column.title,
                f"{column.title_en} (10,000 yuan)" if column.kind == "yuan" else column.title_en,
                column.kind in ("number", "percent", "yuan", "year"),
            )
            for column in question.columns
        ),
        rows=tuple(
            tuple(_cell(facts, here, column, value) for column, value in zip(question.columns, row, strict=True))
            for row in facts.answers[question.id][:MOST_ROWS]
        ),
        count=len(facts.answers[question.id]),
        codes=tuple((label, getattr(question, key)) for label, key in CODE),
        steps=question.excel,
    )


def _cell(facts: Facts, here: Here, column: Column, value: str | int | float | None) -> Link:
    """A value as readers see it; what is not a page of ours has no address."""
    if value is None:
        return Link("", "")
    key = str(value)
    match column.kind:
        case "project":
            return Link(facts.projects[key].name, here.project(key))
        case "region":
            return Link(facts.regions[key].name, here.region(key))
        case "department":
            return Link(name_at_home(facts, facts.departments[key]), here.department(key))
        case "sector":
            return Link(facts.sectors[key].name, here.sector(key))
        case "yuan":
            return Link(words.wan(Decimal(key)), "")
        case "percent":
            return Link(f"{words.number(Decimal(key))}%", "")
        case "number":
            return Link(words.number(Decimal(key)), "")
        case "year" | "text":
            return Link(key, "")
