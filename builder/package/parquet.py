"""Dataset → Parquet files, one a table, each by its own address and all in one zip.

Numbers are doubles: pandas takes Parquet's decimals for objects, which it can neither rank nor divide. Every amount of the
dataset has fewer than 16 digits, which a double gives back exactly; the CSVs hold the decimals themselves.

arro3 writes the files because it is 33 MB where pyarrow is 170: everybody who builds the site installs it.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from arro3.core import Array, DataType, Schema
from arro3.core import Field as Column
from arro3.core import Table as Columns
from arro3.io import write_parquet

from builder.dataset.store import Row
from builder.package import flat
from builder.package.datapackage import Content, dictionary, heading, licence_text, ordered, zip_bytes
from builder.settings.schema import Field, Table

FOLDER = "parquet"
ARROW_TYPES = {
    "string": DataType.string(),
    "date": DataType.date32(),
    "integer": DataType.int64(),
    "boolean": DataType.bool(),
    "number": DataType.float64(),
}
EPOCH = date(1970, 1, 1)


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
    files = {
        f"{name}.parquet": _table(dataset.schemas[name], dataset.rows(name), about) for name in ordered(dataset, policy)
    }
    wide = {f"{one.table.name}.parquet": _table(one.table, one.rows, about) for one in flat.tables(dataset, policy)}
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    for name, written in {**files, **wide}.items():
        (folder / name).write_bytes(written)
    texts = {"LICENSE": licence_text(policy, None), "字典.md": dictionary(dataset, policy)}
    path.write_bytes(zip_bytes({**files, **{name: text.encode() for name, text in texts.items()}}, packed=files))


def _table(table: Table, rows: Sequence[Row], about: Mapping[str, str]) -> bytes:
    described = {"title": table.title, "title_en": table.title_en, "description": table.description}
    schema = Schema([_column(field) for field in table.fields], metadata={**about, **described})
    arrays = [_array(field, [row[place] for row in rows]) for place, field in enumerate(table.fields)]
    stream = io.BytesIO()
    write_parquet(Columns.from_arrays(arrays, schema=schema), stream, compression="zstd(3)")
    return stream.getvalue()


def _column(field: Field) -> Column:
    metadata = {"title": field.heading, "title_en": field.title_en, "description": field.description}
    if field.unit:
        metadata["unit"] = field.unit
    return Column(field.name, ARROW_TYPES[field.type], nullable=not field.constraints.required, metadata=metadata)


def _array(field: Field, values: Sequence[Any]) -> Array:
    kind = ARROW_TYPES[field.type]
    if field.type == "number":
        return Array([None if value is None else float(value) for value in values], kind)
    if field.type == "date":
        days = [None if value is None else (date.fromisoformat(value) - EPOCH).days for value in values]
        return Array(days, DataType.int32()).cast(kind)
    return Array(values, kind)
