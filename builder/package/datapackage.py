"""Dataset → the Data Package v2 of the whole and of each region and year, and their zips.

Everything is made as bytes first (``package_files``), so that a package, its checksums and its zip cannot differ.
What a person may want to reword is in ``data/package.yml``.
"""

import codecs
import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from string import Template
from typing import Any, Self

from builder.dataset.rows import DECIMALS, DIGITS, RegionRow
from builder.dataset.store import Dataset, csv_bytes
from builder.measures.leads import Lead
from builder.package import cite, flat
from builder.settings.package import Licence, Policy
from builder.settings.schema import Field, Table

PROFILES = "https://datapackage.org/profiles/2.0"
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "number": f"DECIMAL({DIGITS}, {DECIMALS})",
}
# Columns that tell which document a row belongs to; a table with none of them is referred to by the others.
OWNED = frozenset({"document_id", "project_id", "result_id", "record_id", "series_id"})
TYPE_TITLES = {"string": "文字", "date": "日期", "integer": "整数", "boolean": "是/否", "number": "数"}


@dataclass(frozen=True, slots=True)
class Scope:
    """A region and year. ``None`` in its place means the whole dataset."""

    region_id: str
    region: str
    region_en: str
    year: int

    @classmethod
    def of(cls, region: RegionRow, year: int) -> Self:
        return cls(region.region_id, region.name, region.name_en, year)

    @property
    def name(self) -> str:
        return f"{self.region_id}-{self.year}"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the package of a scope calls itself, the page about it, and its stable identifier."""

    name: str
    title: str
    title_en: str
    home: str
    id: str


@dataclass(frozen=True, slots=True)
class Content:
    """What the downloads of a scope are made of: its rows, the policy, the leads found in it, and ``covers``, a sentence
    about each region and year in it that says what its sums are sums of."""

    dataset: Dataset
    policy: Policy
    scope: Scope | None
    leads: Sequence[Lead]
    covers: Sequence[str]

    @property
    def notes(self) -> Sequence[str]:
        """What to know before use."""
        return (*self.covers, *self.policy.notes)


# Scopes


def split(dataset: Dataset) -> dict[Scope, Dataset]:
    """The dataset by region and year of its documents, in that order.

    Each part holds the rows of its documents, with the departments, sectors and regions that they refer to and no
    others, so that its foreign keys are closed.
    """
    regions = {region.region_id: region for region in dataset.tables.regions}
    scopes = {row.document_id: Scope.of(regions[row.region_id], row.year) for row in dataset.tables.documents}
    places = {(scope.region_id, scope.year): scope for scope in scopes.values()}
    owners = {project.project_id: project.document_id for project in dataset.tables.projects}
    told = {result.result_id: result.document_id for result in dataset.tables.results}

    series: dict[str, set[Scope]] = defaultdict(set)
    for project in dataset.tables.projects:
        series[project.series_id].add(scopes[project.document_id])

    def scopes_of(row: Any, names: Set[str]) -> Iterable[Scope | None]:
        if "document_id" in names:
            return (scopes[row.document_id],)
        if "project_id" in names:
            return (scopes[owners[row.project_id]],)
        if "result_id" in names:
            return (scopes[told[row.result_id]],)
        if "record_id" in names:
            return (scopes.get(_document_of(row.record_id, scopes) or ""),)
        return series[row.series_id] if "series_id" in names else (places.get((row.region_id, row.year)),)

    owned = {name: set(table.names) for name, table in dataset.schemas.items() if _is_owned(table)}
    kept: dict[Scope, dict[str, list[Any]]] = {places[place]: {name: [] for name in owned} for place in sorted(places)}
    for name, fields in owned.items():
        for row in dataset.tables.by_name()[name]:
            for scope in scopes_of(row, fields):
                if scope is not None:
                    kept[scope][name].append(row)
    made = type(dataset.tables)
    return {
        scope: Dataset(made(**{name: tuple(rows) for name, rows in _closed(dataset, part).items()}), dataset.schemas)
        for scope, part in kept.items()
    }


def _is_owned(table: Table) -> bool:
    """Whether a table's rows belong to a document, a series, or a region and year; others are referred to."""
    return not OWNED.isdisjoint(table.names) or {"region_id", "year"} <= set(table.names)


def ordered(dataset: Dataset, policy: Policy) -> list[str]:
    """The names of the dataset's tables, in the order of the policy."""
    return [name for name in policy.tables if name in dataset.schemas]


def _document_of(record_id: str, documents: Container[str]) -> str | None:
    """The document that a record belongs to, whose ID its own begins with; the longest, as one may begin with another.

    ``wansheng-2025-key-003-07`` → ``wansheng-2025-key``.
    """
    name = record_id.partition("|")[0]
    while name and name not in documents:
        name = name.rpartition("-")[0]
    return name or None


def _closed(dataset: Dataset, kept: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The kept rows, with those of the other tables that they, or these rows themselves, refer to."""
    known = dataset.tables.by_name()
    referred = {key.resource for table in dataset.schemas.values() for key in table.foreign_keys}
    # What no row refers to is for all: what the rules mean.
    closed = {name: kept.get(name, () if name in referred else known[name]) for name in known}
    grown = True
    while grown:
        grown = False
        for name in referred - kept.keys():
            needed = {
                getattr(row, key.fields[0])
                for source, rows in closed.items()
                for key in dataset.schemas[source].foreign_keys
                if key.resource == name
                for row in rows
            }
            found = [row for row in known[name] if getattr(row, dataset.schemas[name].primary_key[0]) in needed]
            grown |= len(found) > len(closed[name])
            closed[name] = found
    return closed


def heading(policy: Policy, scope: Scope | None) -> Heading:
    data = f"{policy.base_url}data/"
    if scope is None:
        return Heading(policy.name, policy.title, policy.title_en, policy.base_url, f"{data}datapackage.json")
    values = {"region_id": scope.region_id, "region": scope.region, "region_en": scope.region_en, "year": scope.year}
    return Heading(
        name=f"{policy.name}-{scope.name}",
        title=Template(policy.region_title).substitute(values),
        title_en=Template(policy.region_title_en).substitute(values),
        home=f"{policy.base_url}regions/{scope.region_id}/{scope.year}/",
        id=f"{data}{scope.name}/datapackage.json",
    )


# Package


def write(content: Content, path: Path) -> None:
    """Write the zip of a package to ``path``, and the package itself, ``datapackage.json`` and CSVs, beside it: that of
    the whole into the same folder, that of a region and year into a folder of its name.

    The zip adds README, licence, dictionary, a DuckDB script and checksums. CSVs begin with a byte order mark, without
    which Excel reads Chinese as the system's old encoding; those of the whole that lie loose do not: programs read them
    by their address, and several would take the mark for a part of the first column's name. Wide tables lie loose alone:
    all of them beside the whole, that of the projects beside a region and year, for it says what the documents cover.
    """
    dataset, policy, scope = content.dataset, content.policy, content.scope
    csvs = [
        (dataset.schemas[name], csv_bytes(dataset.schemas[name].names, dataset.rows(name)))
        for name in ordered(dataset, policy)
    ]
    files = package_files(content, [(table, codecs.BOM_UTF8 + csv) for table, csv in csvs])
    csvs += [
        (one.table, csv_bytes(one.table.names, one.rows))
        for one in islice(flat.tables(dataset, policy), 1 if scope else None)
    ]
    mark = codecs.BOM_UTF8 if scope else b""
    loose = package_files(content, [(table, mark + csv) for table, csv in csvs])
    folder = path.parent / scope.name if scope else path.parent
    folder.mkdir(exist_ok=True)
    for name, text in loose.items():
        (folder / name).write_bytes(text)
    archived = {**files, **companion_files(content)}
    archived["SHA256SUMS"] = checksums(archived)
    path.write_bytes(zip_bytes(archived))


def package_files(content: Content, csvs: Sequence[tuple[Table, bytes]]) -> dict[str, bytes]:
    """``csvs`` by their names, and ``datapackage.json`` about them."""
    dataset, policy, scope = content.dataset, content.policy, content.scope
    files = {f"{table.name}.csv": csv for table, csv in csvs}
    head = heading(policy, scope)
    descriptor = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": head.name,
        "id": head.id,
        "title": head.title,
        "title_en": head.title_en,
        "description": "".join((policy.description, *(content.covers if scope else ()))),
        "description_en": policy.description_en,
        "homepage": head.home,
        "version": policy.version,
        # A dataset between two releases bears a digest, and no day on which it was made: it would be the build's.
        **({} if "+" in policy.version else {"created": f"{policy.published}T00:00:00Z"}),
        "licenses": [_licence(policy.licence)],
        "contributors": [contributor.model_dump(exclude_none=True) for contributor in policy.contributors],
        "keywords": list(policy.keywords),
        "sources": list(_sources(dataset, policy)),
        "resources": [_resource(table, csv) for table, csv in csvs],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    return {"datapackage.json": f"{text}\n".encode(), **files}


def _licence(licence: Licence) -> dict[str, str]:
    return {"name": licence.name, "path": licence.path, "title": licence.title, "title_en": licence.title_en}


def _sources(dataset: Dataset, policy: Policy) -> Iterator[dict[str, Any]]:
    for document in dataset.tables.documents:
        page = f"{policy.base_url}sources/{document.document_id}/"
        source = {
            "title": document.title,
            "path": document.source_url or page,
            "publisher": document.publisher,
            "document_id": document.document_id,
            "page": page,
            "mediatype": document.media_type,
            "bytes": document.bytes,
            "hash": f"sha256:{document.sha256}",
            "retrieved_on": document.retrieved_on,
        }
        yield {key: value for key, value in source.items() if value is not None}


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "path": f"{table.name}.csv",
        "type": "table",
        "title": table.title,
        "title_en": table.title_en,
        "description": table.description,
        "description_en": table.description_en,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(field) for field in table.fields],
        "missingValues": [""],
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.unique_keys:
        schema["uniqueKeys"] = [list(key) for key in table.unique_keys]
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": list(key.fields), "reference": {"resource": key.resource, "fields": list(key.reference)}}
            for key in table.foreign_keys
        ]
    return schema


def _field(field: Field) -> dict[str, Any]:
    constraints = field.constraints.model_dump(exclude_defaults=True)
    if field.categories:
        # Repeats the categories, which frictionless does not check.
        constraints["enum"] = [category.value for category in field.categories]
    categories = [{"value": one.value, "label": one.label, "label_en": one.label_en} for one in field.categories]
    entry = {
        "name": field.name,
        "type": field.type,
        "title": field.title,
        "title_en": field.title_en,
        "description": field.description,
        "description_en": field.description_en,
        "unit": field.unit,
        "categories": categories or None,
        "constraints": constraints or None,
    }
    return {key: value for key, value in entry.items() if value is not None}


# What goes into a zip beside the package


def companion_files(content: Content) -> dict[str, bytes]:
    """README, licence, dictionary and DuckDB script for the zip of a package."""
    dataset, policy, scope = content.dataset, content.policy, content.scope
    texts = {
        "README.md": readme(content),
        "LICENSE": licence_text(policy, scope),
        "字典.md": dictionary(dataset, policy),
        "duckdb.sql": duckdb_script(dataset, policy),
    }
    return {name: text.encode() for name, text in texts.items()}


def readme(content: Content) -> str:
    dataset, policy, scope = content.dataset, content.policy, content.scope
    head = heading(policy, scope)
    titles = {name: dataset.schemas[name].title for name in ordered(dataset, policy)}
    tables = ["| 文件 | 表 | 行数 |", "| --- | --- | ---: |"]
    tables += [f"| `{name}.csv` | {title} | {len(dataset.rows(name)):,} |" for name, title in titles.items()]
    documents = [
        f"- {source['title']}，{source['publisher']}：<{source['path']}>（{source['hash']}）"
        for source in _sources(dataset, policy)
    ]
    values = {
        "name": head.name,
        "title": head.title,
        "description": policy.description,
        "description_en": policy.description_en,
        "version": policy.version,
        "licence": f"{policy.licence.title}（{policy.licence.name}）",
        "licence_en": f"{policy.licence.title_en} ({policy.licence.name})",
        "home": head.home,
        "id": head.id,
        "base_url": policy.base_url,
        "xlsx": f"{policy.base_url}data/{scope.name if scope else policy.name}.xlsx",
        "tables": "\n".join(tables),
        "notes": "\n".join(f"- {note}" for note in content.notes),
        "sources": "\n".join(documents),
        "citation": cite.of_dataset(policy, head.name, head.title, head.home).gb_t_7714,
    }
    return Template(policy.readme).substitute(values)


def licence_text(policy: Policy, scope: Scope | None) -> str:
    values = {"home": heading(policy, scope).home}
    return Template(policy.licence_text).substitute(values)


def dictionary(dataset: Dataset, policy: Policy) -> str:
    """Each table and field in Chinese and English, as Markdown."""
    lines = [f"# {policy.title}：字典"]
    for name in ordered(dataset, policy):
        table = dataset.schemas[name]
        keys = [" + ".join(f"`{field}`" for field in key) for key in (table.primary_key, *table.unique_keys) if key]
        lines += ["", f"## {table.title} `{name}`", "", table.description, "", table.description_en, ""]
        lines += [f"键：{'；'.join(keys)}", ""]
        lines += ["| 字段 | 标题 | 类型 | 单位 | 必填 | 说明 | English |", "| --- " * 7 + "|"]
        lines += [_dictionary_line(field) for field in table.fields]
    return "\n".join(lines) + "\n"


def _dictionary_line(field: Field) -> str:
    choices = "；".join(f"`{category.value}` {category.label}" for category in field.categories)
    choices_en = "; ".join(f"`{category.value}` {category.label_en}" for category in field.categories)
    cells = (
        f"`{field.name}`",
        field.title,
        TYPE_TITLES[field.type],
        field.unit or "",
        "是" if field.constraints.required else "",
        field.description + (f"取值：{choices}。" if choices else ""),
        f"**{field.title_en}**: {field.description_en}" + (f" Values: {choices_en}." if choices_en else ""),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def duckdb_script(dataset: Dataset, policy: Policy) -> str:
    """SQL that makes the tables with their types and keys and fills them from the CSVs of the same folder."""
    lines = [f"-- {policy.title}：在本文件夹中运行 duckdb {policy.name}.duckdb < duckdb.sql"]
    for name in ordered(dataset, policy):
        table = dataset.schemas[name]
        lines += ["", f"-- {table.title}", f"CREATE TABLE {quoted(name)} ("]
        for field in table.fields:
            required = " NOT NULL" if field.constraints.required else ""
            lines.append(f"  {quoted(field.name)} {DUCKDB_TYPES[field.type]}{required}, -- {field.heading}")
        keys = [("PRIMARY KEY", table.primary_key)] if table.primary_key else []
        keys += [("UNIQUE", key) for key in table.unique_keys]
        lines.append(",\n".join(f"  {kind} ({', '.join(map(quoted, key))})" for kind, key in keys))
        lines += [");", f"COPY {quoted(name)} FROM '{name}.csv' (FORMAT csv, HEADER true);"]
    return "\n".join(lines) + "\n"


def quoted(name: str) -> str:
    """A table or field as an SQL identifier; some (``is``, ``read``) are words of SQL."""
    return f'"{name}"'


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The lines that ``sha256sum -c`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def zip_bytes(files: Mapping[str, bytes], packed: Iterable[str] = ()) -> bytes:
    """A zip whose bytes depend on the files alone: sorted names, one date. ``packed`` are stored as they are."""
    stored = set(packed)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            archive.writestr(zip_entry(name, name in stored), files[name], compresslevel=9)
    return stream.getvalue()


def zip_entry(name: str, packed: bool) -> zipfile.ZipInfo:
    """An entry of a zip that is the same whenever and wherever it is made; ``packed`` content is stored as it is."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return entry
