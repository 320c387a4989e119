"""/data/query/: SQL over the whole database in the reader's browser, with the ten questions as ready queries."""

from dataclasses import dataclass
from typing import ClassVar

from builder.package.files import SQLITE
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Page


@dataclass(frozen=True, slots=True)
class Ready:
    id: str
    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class TableNames:
    name: str
    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """``database`` is the path below the site's root that the script fetches, ``download`` the same from this page."""

    template: ClassVar[str] = "query.html.jinja"

    ready: tuple[Ready, ...]
    tables: tuple[TableNames, ...]
    database: str
    download: str
    questions: str
    data: str


def page(facts: Facts) -> Page:
    here = Here("data/query/")
    name = SQLITE.file(facts.policy, None)
    view = QueryView(
        ready=tuple(Ready(one.id, one.title, one.sql) for one in facts.questions.values()),
        tables=tuple(
            TableNames(table, facts.schemas[table].title, facts.schemas[table].names)
            for table in facts.policy.tables
            if table in facts.schemas
        ),
        database=f"data/{name}",
        download=here.data(name),
        questions=here.questions(),
        data=here.data(),
    )
    said = "在网页里用 SQL 查全部数据，查询在你的浏览器里运行，不发到任何地方；十个问题是现成的查询。"
    return Page(here.path, "在网页里查", said, view, scripts=("assets/load.js", "assets/query.js"), wasm=True)
