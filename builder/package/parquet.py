"""Dataset → Parquet files, one a table, each by its own address and all in one zip.

Numbers are doubles: pandas takes Parquet's decimals for objects, which it can neither rank nor divide. Every amount of the
dataset has fewer than 16 digits, which a double gives back exactly; the CSVs hold the decimals themselves.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.dataset.store import Field, Row, Table
from builder.package.datapackage import Content, dictionary, heading, licence_text, zip_bytes

FOLDER = "parquet"
ARROW_TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "number": pa.float64(),
}


def write(content: Content, path: Path) -> None:
    """A zip of one file per table, with licence and dictionary, to ``path``; the files loose in ``parquet/`` beside it.

    A file's metadata say what it is of: title, description, version, licence and address. A column's hold its titles,
    description and unit.
    """
    dataset, policy = content.dataset, content.policy
    about = {
        "dataset": policy.title,
        "dataset_en": policy.title_en,
        "version": policy.version,
        "license": policy.licence.path,
        "id": heading(policy, None).id,
    }
    files = {f"{name}.parquet": _table(dataset.schemas[name], dataset.rows(name), about) for name in policy.tables}
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    for name, written in files.items():
        (folder / name).write_bytes(written)
    texts = {"LICENSE": licence_text(policy, None), "字典.md": dictionary(dataset, policy)}
    path.write_bytes(zip_bytes({**files, **{name: text.encode() for name, text in texts.items()}}, packed=files))


def _table(table: Table, rows: Sequence[Row], about: Mapping[str, str]) -> bytes:
    described = {"title": table.title, "title_en": table.title_en, "description": table.description}
    schema = pa.schema([_arrow_field(field) for field in table.fields], metadata={**about, **described})
    columns = [
        pa.array([_arrow_value(field, row[place]) for row in rows], type=ARROW_TYPES[field.type])
        for place, field in enumerate(table.fields)
    ]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), stream, compression="zstd")
    return stream.getvalue()


def _arrow_field(field: Field) -> pa.Field:
    metadata = {"title": field.heading, "title_en": field.title_en, "description": field.description}
    if field.unit:
        metadata["unit"] = field.unit
    return pa.field(field.name, ARROW_TYPES[field.type], nullable=not field.required, metadata=metadata)


def _arrow_value(field: Field, value: Any) -> Any:
    if value is None:
        return None
    return date.fromisoformat(value) if field.type == "date" else float(value) if field.type == "number" else value
