"""``data/csvw-metadata.json``: CSV on the Web, for the CSVs of the whole dataset that stand beside it."""

import json
from typing import Any

from builder.dataset.store import Dataset
from builder.package.catalogues.described import parts
from builder.package.datapackage import ordered
from builder.settings.package import Policy
from builder.settings.schema import Field, Table

Node = dict[str, Any]

DATA_TYPES = {"string": "string", "date": "date", "integer": "integer", "boolean": "boolean", "number": "decimal"}


def describe(dataset: Dataset, policy: Policy, site_url: str) -> str:
    whole, *_ = parts(dataset, policy, site_url)
    node = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "dc:identifier": whole.heading.id,
        "dc:title": _texts(policy.title, policy.title_en),
        "dc:description": _texts(policy.description, policy.description_en),
        "dc:publisher": policy.publisher,
        "dc:license": {"@id": policy.licence.path},
        "dc:issued": {"@value": policy.published, "@type": "xsd:date"},
        "dcat:keyword": list(policy.keywords),
        "dc:source": [{"@id": f"{site_url}sources/{document.document_id}/#document"} for document in whole.documents],
        "tables": [_table(dataset.schemas[name]) for name in ordered(dataset, policy)],
    }
    return json.dumps(node, ensure_ascii=False, indent=1) + "\n"


def _table(table: Table) -> Node:
    schema: Node = {"columns": [_column(field) for field in table.fields]}
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    required = {field.name for field in table.fields if field.constraints.required}
    # CSVW wants a referenced row for every row, so a reference that may be empty cannot be said.
    references = [
        {
            "columnReference": list(key.fields),
            "reference": {"resource": f"{key.resource}.csv", "columnReference": list(key.reference)},
        }
        for key in table.foreign_keys
        if required.issuperset(key.fields)
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "url": f"{table.name}.csv",
        "dc:title": _texts(table.title, table.title_en),
        "dc:description": _texts(table.description, table.description_en),
        "tableSchema": schema,
    }


def _column(field: Field) -> Node:
    column: Node = {
        "name": field.name,
        # The heading in the file, which is in no language, must be among the titles.
        "titles": {"und": field.name, "zh": field.title, "en": field.title_en},
        "dc:description": _texts(field.description, field.description_en),
        "datatype": _datatype(field),
    }
    if field.constraints.required:
        column["required"] = True
    if field.unit:
        column["schema:unitText"] = field.unit
    return column


def _datatype(field: Field) -> str | Node:
    base = DATA_TYPES[field.type]
    allowed = (
        f"^({'|'.join(category.value for category in field.categories)})$"
        if field.categories
        else field.constraints.pattern
    )
    if allowed:
        return {"base": base, "format": allowed}
    if field.constraints.minimum is not None:
        return {"base": base, "minimum": field.constraints.minimum}
    return base


def _texts(chinese: str, english: str) -> list[Node]:
    return [{"@value": chinese, "@language": "zh"}, {"@value": english, "@language": "en"}]
