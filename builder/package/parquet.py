"""Dataset → a zip of Parquet files, one a table."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.dataset.store import DECIMALS, DIGITS, Field, Row, Table
from builder.package.datapackage import Content, dictionary, licence_text, zip_bytes

ARROW_TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "number": pa.decimal128(DIGITS, DECIMALS),
}


def write(content: Content, path: Path) -> None:
    """A zip of one Parquet file per table, with licence and dictionary; titles are in the metadata of the columns."""
    dataset, policy = content.dataset, content.policy
    files = {f"{name}.parquet": _table(dataset.schemas[name], dataset.rows(name)) for name in policy.tables}
    texts = {"LICENSE": licence_text(policy, None), "字典.md": dictionary(dataset, policy)}
    path.write_bytes(zip_bytes({**files, **{name: text.encode() for name, text in texts.items()}}, packed=files))


def _table(table: Table, rows: Sequence[Row]) -> bytes:
    schema = pa.schema([_arrow_field(field) for field in table.fields])
    columns = [
        pa.array([_arrow_value(field, row[place]) for row in rows], type=ARROW_TYPES[field.type])
        for place, field in enumerate(table.fields)
    ]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), stream, compression="zstd")
    return stream.getvalue()


def _arrow_field(field: Field) -> pa.Field:
    metadata = {"title": field.heading, "title_en": field.title_en, "description": field.description}
    return pa.field(field.name, ARROW_TYPES[field.type], nullable=not field.required, metadata=metadata)


def _arrow_value(field: Field, value: Any) -> Any:
    return date.fromisoformat(value) if field.type == "date" and value is not None else value
