"""``data/croissant.json``: Croissant 1.1.

Record sets are read from the Parquet files: a reader that guesses the types of a CSV loses a phone's leading zero and
takes the text NA for nothing.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.dataset.store import Dataset
from builder.package import cite
from builder.package.catalogues.described import parts
from builder.package.datapackage import ordered
from builder.package.files import PARQUET, measure
from builder.package.parquet import FOLDER
from builder.settings.package import Policy
from builder.settings.schema import Field, Table

Node = dict[str, Any]

# Appendix 1 of the specification, the terms of 1.0 that mlcroissant still expects beside it, PROV-O, texts by language.
CONTEXT: Node = json.loads(Path(__file__).with_name("croissant-context.json").read_text(encoding="utf-8"))
DATA_TYPES = {
    "string": "sc:Text",
    "date": "sc:Date",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "number": "sc:Float",
}
# The registered media type, and the one that mlcroissant knows.
PARQUET_TYPES = [PARQUET.media_type, "application/x-parquet"]


def describe(dataset: Dataset, policy: Policy, site_url: str, site: Path) -> str:
    """The description of the whole dataset; ``site`` is the folder whose files it measures."""
    whole, *_ = parts(dataset, policy, site_url)
    node = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": whole.iri,
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": policy.name,
        "alternateName": [policy.title, policy.title_en],
        "description": {"zh": policy.description, "en": policy.description_en},
        "url": whole.page,
        "license": policy.licence.path,
        "version": policy.version,
        "datePublished": policy.published,
        "inLanguage": "zh",
        "keywords": list(policy.keywords),
        "creator": {"@type": "sc:Organization", "name": policy.publisher, "url": site_url},
        "publisher": {"@type": "sc:Organization", "name": policy.publisher, "url": site_url},
        "citeAs": cite.of_dataset(policy, policy.name, policy.title, whole.page).bibtex,
        "isLiveDataset": False,
        "prov:wasDerivedFrom": [
            {
                "@type": "prov:Entity",
                "@id": f"{site_url}sources/{document.document_id}/#document",
                "name": document.title,
                "url": document.source_url or f"{site_url}sources/{document.document_id}/",
                "encodingFormat": document.media_type,
                "sha256": document.sha256,
            }
            for document in whole.documents
        ],
        "distribution": list(_files(dataset, policy, site_url, site)),
        "recordSet": [_record_set(dataset.schemas[name]) for name in ordered(dataset, policy)],
    }
    return json.dumps(node, ensure_ascii=False, indent=1) + "\n"


def _files(dataset: Dataset, policy: Policy, site_url: str, site: Path) -> Iterator[Node]:
    """Each table as a Parquet file, and as a CSV of the same content."""
    formats = (("parquet", f"data/{FOLDER}/", PARQUET_TYPES), ("csv", "data/", "text/csv"))
    for ending, folder, media_type in formats:
        for name in ordered(dataset, policy):
            size, sha256 = measure(site, f"{folder}{name}.{ending}")
            node: Node = {
                "@type": "cr:FileObject",
                "@id": f"{name}.{ending}",
                "name": f"{name}.{ending}",
                "contentUrl": f"{site_url}{folder}{name}.{ending}",
                "contentSize": f"{size} B",
                "encodingFormat": media_type,
                "sha256": sha256,
            }
            yield {**node, "sameAs": f"{name}.parquet"} if ending == "csv" else node


def _record_set(table: Table) -> Node:
    node: Node = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": {
            "zh": f"{table.title}：{table.description}",
            "en": f"{table.title_en}: {table.description_en}",
        },
    }
    if table.primary_key:
        node["key"] = [{"@id": f"{table.name}/{name}"} for name in table.primary_key]
    return {**node, "field": [_field(table, field) for field in table.fields]}


def _field(table: Table, field: Field) -> Node:
    """A column. It names no ``references``: mlcroissant 1.1.1 joins what they lead to, and made 13 of 5 documents."""
    choices = "；".join(f"{category.value} {category.label}" for category in field.categories)
    choices_en = "; ".join(f"{category.value} {category.label_en}" for category in field.categories)
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": {
            "zh": f"{field.heading}：{field.description}" + (f"取值：{choices}。" if choices else ""),
            "en": f"{field.title_en}: {field.description_en}" + (f" Values: {choices_en}." if choices else ""),
        },
        "dataType": DATA_TYPES[field.type],
        "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": field.name}},
    }
