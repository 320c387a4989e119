"""The real dataset many times over, under new ids: as many projects as wanted, as dirty as the real ones.

A copy is a year of one of 40 districts that the dataset knows, with all the documents; forty copies later comes the next
year of each. So the site grows as it does in life, by region and year, and a project has its years.
"""

from collections.abc import Mapping, Sequence

from builder.dataset import store
from builder.dataset.store import Dataset, Row
from builder.model import Line

DISTRICTS, FIRST_YEAR = 40, 2015
# Tables that name what is the same everywhere, and columns whose values belong to a copy or, of a district, to all its years.
SHARED = ("policies", "regions", "sectors", "units")
OF_A_DISTRICT = ("department_id", "series_id")
OF_A_COPY = (
    *("document_id", "replaces", "project_id", "indicator_id", "finding_id", "event_id", "record_id", "result_id"),
    "score_id",
)


def multiply(
    dataset: Dataset, lines: Mapping[str, Sequence[Line]], projects: int
) -> tuple[Dataset, dict[str, Sequence[Line]]]:
    """At least ``projects`` projects, in whole copies, with the lines of each document. The first is the dataset itself."""
    districts = [row.region_id for row in dataset.tables.regions if row.parent_id is not None][:DISTRICTS]
    rows: dict[str, list[Row]] = {name: dataset.rows(name) for name in dataset.schemas}
    copied = dict(lines)
    for copy in range(-(-projects // len(dataset.tables.projects)) - 1):
        turn, place = divmod(copy, len(districts))
        district, year = districts[place], FIRST_YEAR + turn
        for name, schema in dataset.schemas.items():
            if name not in SHARED and not (name == "departments" and turn):
                rows[name] += [_renamed(schema.names, row, district, year) for row in dataset.rows(name)]
        copied |= {f"{district}-{year}-{document_id}": some for document_id, some in lines.items()}
    return store.dataset(rows, dataset.schemas), copied


def _renamed(columns: Sequence[str], row: Row, district: str, year: int) -> Row:
    def value(column: str, cell: object) -> object:
        if cell is None:
            return None
        if column in OF_A_COPY:
            return f"{district}-{year}-{cell}"
        if column in OF_A_DISTRICT:
            return f"{district}-{cell}"
        return {"region_id": district, "year": year}.get(column, cell)

    return tuple(map(value, columns, row))
