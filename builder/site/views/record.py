"""/projects/{project_id}/record.json: the record with all that hangs on it, and where each part is printed."""

from dataclasses import fields
from decimal import Decimal

from builder.dataset.rows import Provenance
from builder.package.record_schema import ORIGIN
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.text import json_number

# Below the site: what a record looks like, and all of them, one a line.
SCHEMA, ALL = "data/record.schema.json", "data/records.jsonl.gz"


def record(facts: Facts, project_id: str) -> dict[str, object]:
    """Plain JSON values under the dataset's own field names; a missing value is null, never left out."""
    row = facts.projects[project_id]
    department = facts.department_of(row)
    document = facts.documents[row.document_id]
    indicators = facts.indicators.get(project_id, ())
    ids = (project_id, *(indicator.indicator_id for indicator in indicators))
    return {
        "$schema": f"{facts.url}/{SCHEMA}",
        "version": facts.policy.version,
        "license": facts.policy.licence.path,
        "id": project_id,
        "url": f"{facts.url}/projects/{project_id}/",
        "project": plain_row(row),
        "region": plain_row(facts.regions[row.region_id]),
        "department": None if department is None else plain_row(department),
        "funding": [plain_row(part) for part in facts.funding.get(project_id, ())],
        "indicators": [plain_row(indicator) for indicator in indicators],
        "attributes": [plain_row(part) for part in facts.attributes.get(project_id, ())],
        "citations": [plain_row(cited) for cited in facts.citations.get(project_id, ())],
        "findings": [plain_row(finding) for finding in facts.findings.get(project_id, ())],
        "corrections": [plain_row(found) for key in ids for found in facts.corrections.get(key, ())],
        "provenance": {
            "document": plain_row(document),
            "lines": {
                "first": row.line_start,
                "last": row.line_end,
                "url": f"{facts.url}/{Here('').source(row.document_id, row.line_start)[2:]}",
            },
            "values": [_origin(one) for key in ids for one in facts.origins.get(key, ())],
        },
    }


def _origin(row: Provenance) -> dict[str, object]:
    """Where a value is printed and what made it, without the document, which the record names once, and what is empty."""
    return {name: value for name in ORIGIN if (value := getattr(row, name)) is not None}


def plain_row(row: object) -> dict[str, object]:
    """A row under the names of its schema's fields."""
    return {
        field.name.removesuffix("_"): json_number(value)
        if isinstance(value := getattr(row, field.name), Decimal)
        else value
        for field in fields(row)  # type: ignore[arg-type]
    }
