"""Dataset → one SQLite file: tables with keys, ready-made views, full-text search."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from builder.dataset.store import Dataset, Row, Table
from builder.package.datapackage import Content, quoted
from builder.text import json_number

TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "BOOLEAN", "number": "NUMERIC"}
_SQL = Path(__file__).parent


def write(content: Content, path: Path) -> None:
    """All tables with keys and types, ready-made views (``v_…``), and full-text search over projects and indicators.

    ``search MATCH '农村危房'`` takes three characters or more; ``search_text`` is the same text for ``LIKE``, which
    takes any length.
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
        base.execute("BEGIN")
        for name in policy.tables:
            table = dataset.schemas[name]
            base.execute(_table(table))
            marks = ", ".join("?" * len(table.fields))
            base.executemany(f"INSERT INTO {quoted(name)} VALUES ({marks})", map(_row, dataset.rows(name)))
            for key in table.foreign_keys:
                index = quoted(f"{name}_{key.fields[0]}")
                base.execute(f"CREATE INDEX {index} ON {quoted(name)} ({_identifiers(key.fields)})")
        base.execute("COMMIT")
        base.executescript(_script("views.sql").format(**words))
        base.executescript(_script("search.sql"))
        base.execute("VACUUM")


def _script(name: str) -> str:
    return (_SQL / name).read_text(encoding="utf-8")


def _table(table: Table) -> str:
    lines = [
        f"  {quoted(field.name)} {TYPES[field.type]}{' NOT NULL' if field.required else ''}, -- {field.heading}"
        for field in table.fields
    ]
    keys = [f"PRIMARY KEY ({_identifiers(table.primary_key)})"] if table.primary_key else []
    keys += [f"UNIQUE ({_identifiers(key)})" for key in table.unique_keys]
    keys += [
        f"FOREIGN KEY ({_identifiers(key.fields)}) REFERENCES {quoted(key.resource)} ({_identifiers(key.reference)})"
        for key in table.foreign_keys
    ]
    body = "\n".join(lines) + "\n  " + ",\n  ".join(keys)
    return f"CREATE TABLE {quoted(table.name)} ( -- {table.title}\n{body}\n)"


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
