"""Dataset → one SQLite file: tables with keys, ready-made views, full-text search."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from builder.dataset.store import Dataset, Row
from builder.package.datapackage import Content, heading, ordered, quoted
from builder.settings.package import Policy
from builder.settings.schema import Table
from builder.text import json_number

TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "BOOLEAN", "number": "NUMERIC"}
_SQL = Path(__file__).parent
# A run of Chinese characters, or of letters and digits.
_RUNS = re.compile("[㐀-鿿豈-﫿]+|[A-Za-z0-9]+")


def write(content: Content, path: Path) -> None:
    """All tables with keys and types, ready-made views (``v_…``), full-text search over projects and indicators, and
    the tables ``about`` and ``dictionary``, which say what the file is and what its columns mean.

    ``search MATCH '就业'`` takes words of one to six characters; ``texts`` is the same text for ``LIKE``, which takes any
    length.
    """
    dataset, policy = content.dataset, content.policy
    path.unlink(missing_ok=True)
    words = {
        "form_type": _words("p.form_type", dataset, "projects"),
        "comparison": _words("i.comparison", dataset, "indicators"),
        "source": _words("f.source", dataset, "funding"),
        "severity": _words("f.severity", dataset, "findings"),
        "url": _literal(f"{policy.base_url}projects/"),
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript("PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF;")
        fill(base, dataset, ordered(dataset, policy))
        base.executescript(_script("views.sql").format(**words))
        base.create_function("grams", 1, grams, deterministic=True)
        base.executescript(_script("search.sql"))
        _describe(base, dataset, policy)
        base.execute("VACUUM")


def fill(base: sqlite3.Connection, dataset: Dataset, names: Iterable[str]) -> None:
    """Make the tables of these names in ``base``, with their keys and rows."""
    base.execute("BEGIN")
    for name in names:
        table = dataset.schemas[name]
        base.execute(_table(table))
        marks = ", ".join("?" * len(table.fields))
        insert = f"INSERT INTO {quoted(name)} ({_identifiers(table.names)}) VALUES ({marks})"
        base.executemany(insert, map(_row, dataset.rows(name)))
        # A document has so many rows that to find them by an index saves nothing.
        for key in (key for key in table.foreign_keys if key.resource != "documents"):
            index = quoted(f"{name}_{key.fields[0]}")
            base.execute(f"CREATE INDEX {index} ON {quoted(name)} ({_identifiers(key.fields)})")
    base.execute("COMMIT")


def grams(text: str | None) -> str:
    """Every run of one to six characters of a Chinese text, each once, parted by blanks: ``危房`` → ``危 危房 房``. Words
    of letters and digits stay whole."""
    found: set[str] = set()
    for part in _RUNS.findall(text or ""):
        if part[0].isascii():
            found.add(part)
        else:
            found.update(part[start:end] for start in range(len(part)) for end in range(start + 1, start + 7))
    return " ".join(sorted(found))


def _describe(base: sqlite3.Connection, dataset: Dataset, policy: Policy) -> None:
    """What the file is, and what each column means, as tables."""
    head = heading(policy, None)
    base.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    about = {
        "title": policy.title,
        "title_en": policy.title_en,
        "version": policy.version,
        "published": policy.published,
        "license": f"{policy.licence.title}（{policy.licence.name}）{policy.licence.path}",
        "home": head.home,
        "id": head.id,
        **{f"note_{place}": note for place, note in enumerate(policy.notes, 1)},
    }
    base.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    columns = (
        "table_name",
        "field",
        "title",
        "title_en",
        "type",
        "unit",
        "description",
        "description_en",
        "categories",
    )
    base.execute(f"CREATE TABLE dictionary ({', '.join(columns)}, PRIMARY KEY (table_name, field))")
    base.executemany(
        f"INSERT INTO dictionary VALUES ({', '.join('?' * len(columns))})",
        [
            (
                name,
                field.name,
                field.title,
                field.title_en,
                field.type,
                field.unit,
                field.description,
                field.description_en,
                "；".join(f"{one.value} {one.label}" for one in field.categories) or None,
            )
            for name in ordered(dataset, policy)
            for field in dataset.schemas[name].fields
        ],
    )


def _script(name: str) -> str:
    return (_SQL / name).read_text(encoding="utf-8")


def _table(table: Table) -> str:
    # A key of several texts would be stored twice: in the row, and in an index of its own. Its columns come first, as
    # where they stand apart, SQLite's own check (3.40) takes the others for empty.
    keyed = len(table.primary_key) > 1
    fields = sorted(table.fields, key=lambda field: keyed and field.name not in table.primary_key)
    lines = [
        f"  {quoted(field.name)} {TYPES[field.type]}{' NOT NULL' if field.constraints.required else ''}, -- {field.heading}"
        for field in fields
    ]
    keys = [f"PRIMARY KEY ({_identifiers(table.primary_key)})"] if table.primary_key else []
    keys += [f"UNIQUE ({_identifiers(key)})" for key in table.unique_keys]
    keys += [
        f"FOREIGN KEY ({_identifiers(key.fields)}) REFERENCES {quoted(key.resource)} ({_identifiers(key.reference)})"
        for key in table.foreign_keys
    ]
    body = "\n".join(lines) + "\n  " + ",\n  ".join(keys)
    return f"CREATE TABLE {quoted(table.name)} ( -- {table.title}\n{body}\n){' WITHOUT ROWID' if keyed else ''}"


def _row(row: Row) -> Row:
    return tuple(json_number(value) if isinstance(value, Decimal) else value for value in row)


def _words(expression: str, dataset: Dataset, name: str) -> str:
    """An SQL expression that turns the codes of a field into their Chinese words."""
    field = next(field for field in dataset.schemas[name].fields if field.name == expression.split(".")[1])
    cases = " ".join(f"WHEN {_literal(one.value)} THEN {_literal(one.label)}" for one in field.categories)
    return f"CASE {expression} {cases} END"


def _identifiers(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
