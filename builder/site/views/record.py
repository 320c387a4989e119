"""The record of a project or a result with all that hangs on it, and where each part is printed, as ``record.json``."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal

from builder.dataset.rows import Project, Provenance, Result
from builder.package.record_schema import ORIGIN
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.text import json_number

# Below the site: what a record of a project and of a result looks like, and all projects' records, one a line.
SCHEMA, RESULT_SCHEMA = "data/record.schema.json", "data/result.schema.json"


def record(facts: Facts, project_id: str) -> dict[str, object]:
    """Plain JSON values under the dataset's own field names; a missing value is null, never left out."""
    row = facts.projects[project_id]
    department = facts.department_of(row)
    indicators = facts.indicators.get(project_id, ())
    ids = (project_id, *(indicator.indicator_id for indicator in indicators))
    return {
        **_head(facts, SCHEMA, project_id, f"projects/{project_id}/"),
        "project": plain_row(row),
        "region": plain_row(facts.regions[row.region_id]),
        "department": None if department is None else plain_row(department),
        "funding": _plain(facts.funding.get(project_id, ())),
        "indicators": _plain(indicators),
        "attributes": _plain(facts.attributes.get(project_id, ())),
        "citations": _plain(facts.citations.get(project_id, ())),
        "findings": _plain(facts.findings.get(project_id, ())),
        "corrections": [plain_row(found) for key in ids for found in facts.corrections.get(key, ())],
        "results": [_told(facts, told) for told in facts.results_of.get(project_id, ())],
        "provenance": _provenance(facts, row, ids),
    }


def record_of_result(facts: Facts, result_id: str) -> dict[str, object]:
    """What one sheet of results says, as ``record`` tells a project; the promise is named by ``project_id``."""
    row = facts.results[result_id]
    ids = (result_id, *(score.score_id for score in facts.scores.get(result_id, ())))
    return {
        **_head(facts, RESULT_SCHEMA, result_id, f"results/{result_id}/"),
        "region": plain_row(facts.regions[row.region_id]),
        **_told(facts, row),
        "findings": _plain(facts.findings_on(row)),
        "corrections": [plain_row(found) for key in ids for found in facts.corrections.get(key, ())],
        "provenance": _provenance(facts, row, ids),
    }


def _head(facts: Facts, schema: str, identifier: str, path: str) -> dict[str, object]:
    return {
        "$schema": f"{facts.url}/{schema}",
        "version": facts.policy.version,
        "license": facts.policy.licence.path,
        "id": identifier,
        "url": f"{facts.url}/{path}",
    }


def _told(facts: Facts, row: Result) -> dict[str, object]:
    return {
        "result": plain_row(row),
        "funding": _plain(facts.result_funding.get(row.result_id, ())),
        "scores": _plain(facts.scores.get(row.result_id, ())),
    }


def _provenance(facts: Facts, row: Project | Result, ids: Sequence[str]) -> dict[str, object]:
    return {
        "document": plain_row(facts.documents[row.document_id]),
        "lines": {
            "first": row.line_start,
            "last": row.line_end,
            "url": f"{facts.url}/{Here('').source(row.document_id, row.line_start)[2:]}",
        },
        "values": [_origin(one) for key in ids for one in facts.origins.get(key, ())],
    }


def _origin(row: Provenance) -> dict[str, object]:
    """Where a value is printed and what made it, without the document, which the record names once, and what is empty."""
    return {name: value for name in ORIGIN if (value := getattr(row, name)) is not None}


def _plain(rows: Iterable[object]) -> list[dict[str, object]]:
    return [plain_row(row) for row in rows]


def plain_row(row: object) -> dict[str, object]:
    """A row under the names of its schema's fields."""
    return {
        field.name.removesuffix("_"): json_number(value)
        if isinstance(value := getattr(row, field.name), Decimal)
        else value
        for field in fields(row)  # type: ignore[arg-type]
    }
