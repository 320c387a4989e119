"""The dataset as pandas frames: for sums by group, measures over columns, and columnar files.

This is the one conversion from typed rows to frames. Pages and checks read the rows themselves, whose misspelt column
is found by the type checker; a frame's is not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from builder.dataset.store import Dataset, Row
from builder.settings.schema import Table

DTYPES = {"string": "string", "date": "string", "integer": "Int64", "boolean": "boolean", "number": "object"}


def frames(dataset: Dataset) -> Mapping[str, pd.DataFrame]:
    """Every table by its name; its columns are those of the schema, in its order.

    Text and dates (ISO) are ``string``, integers ``Int64``, booleans ``boolean``, with ``pd.NA`` for an empty cell;
    numbers are ``object`` columns of ``Decimal``, with ``None``.
    """
    return {name: frame(table, dataset.rows(name)) for name, table in dataset.schemas.items()}


def frame(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(table.fields)
    return pd.DataFrame(
        {
            field.name: pd.Series(list(column), dtype=DTYPES[field.type])
            for field, column in zip(table.fields, columns, strict=True)
        }
    )
