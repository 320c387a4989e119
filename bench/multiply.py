"""The real dataset many times over, under new ids: as many projects as wanted, as dirty as the real ones.

A copy is a set of new regions with their documents, so that the site grows as it does in life: by region and year.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from builder.dataset import store
from builder.dataset.store import Dataset, Row
from builder.model import Line

# Columns whose values belong to one region. A parent stays: copies of districts lie in the municipality that is there.
IDS = (
    "region_id",
    "document_id",
    "department_id",
    "project_id",
    "indicator_id",
    "series_id",
    "finding_id",
    "record_id",
)


def multiply(
    dataset: Dataset, lines: Mapping[str, Sequence[Line]], projects: int
) -> tuple[Dataset, dict[str, Sequence[Line]]]:
    """At least ``projects`` projects, in whole documents, with the lines of each document. The first copy is the
    dataset itself."""
    sizes = Counter(project.document_id for project in dataset.tables.projects)
    wanted: list[tuple[int, str]] = []
    found = copy = 0
    while found < projects:
        copy += 1
        for document in dataset.tables.documents:
            if found < projects:
                wanted.append((copy, document.document_id))
                found += sizes[document.document_id]
    rows: dict[str, list[Row]] = {name: [] for name in dataset.schemas}
    for number in range(1, copy + 1):
        taken = {document_id for place, document_id in wanted if place == number}
        for name, chosen in _part(dataset, taken, whole=number == 1).items():
            rows[name].extend(chosen if number == 1 else _renamed(dataset, name, chosen, number))
    copied = {_id(number, document_id): lines[document_id] for number, document_id in wanted}
    return store.dataset(rows, dataset.schemas), copied


def _part(dataset: Dataset, documents: set[str], whole: bool) -> dict[str, list[Row]]:
    """The rows of every table that belong to ``documents``; tables of the first copy that belong to none stay whole."""
    rows = {name: dataset.rows(name) for name in dataset.schemas}
    kept = {"document_id": documents}
    for key, table in (("project_id", "projects"), ("region_id", "documents"), ("department_id", "projects")):
        at, own = (dataset.schemas[table].names.index(name) for name in ("document_id", key))
        kept[key] = {row[own] for row in rows[table] if row[at] in documents}
    records = kept["project_id"] | {row[0] for row in rows["indicators"] if row[1] in kept["project_id"]}
    part = {}
    for name, schema in dataset.schemas.items():
        keys = [(schema.names.index(key), values) for key, values in kept.items() if key in schema.names]
        if name == "regions":
            part[name] = [row for row in rows[name] if whole or row[0] in kept["region_id"]]
        elif name == "corrections":
            part[name] = [row for row in rows[name] if row[0] in records]
        elif keys:
            part[name] = [row for row in rows[name] if all(row[at] is None or row[at] in values for at, values in keys)]
        else:
            part[name] = rows[name] if whole else []
    return part


def _renamed(dataset: Dataset, name: str, rows: Sequence[Row], copy: int) -> list[Row]:
    names = dataset.schemas[name].names

    def value(column: str, cell: object) -> object:
        if cell is None:
            return None
        if column in IDS:
            return _id(copy, str(cell))
        return f"{cell}{copy}" if (name, column) == ("regions", "name") else cell

    return [tuple(value(column, cell) for column, cell in zip(names, row, strict=True)) for row in rows]


def _id(copy: int, identifier: str) -> str:
    return identifier if copy == 1 else f"n{copy}-{identifier}"
