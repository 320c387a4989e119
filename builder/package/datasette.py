"""``datasette.json``: what Datasette shows beside the SQLite file: titles, units, licence, facets, ready-made questions.

``datasette mingzhang.sqlite -m datasette.json`` serves both.
"""

import json
from collections.abc import Mapping

from builder.dataset.store import Dataset
from builder.package.datapackage import heading, ordered
from builder.settings.package import Policy
from builder.settings.questions import Question

FILE = "datasette.json"
# Columns that people narrow a table by.
FACETS = {
    "projects": ["region_id", "year", "form_type"],
    "indicators": ["kind", "comparison", "is_core"],
    "findings": ["code", "severity"],
    "texts": ["kind", "region", "year"],
}


def metadata(dataset: Dataset, policy: Policy, questions: Mapping[str, Question]) -> bytes:
    """The file's bytes; queries are those of ``data/questions.yml``."""
    about = {
        "source": policy.publisher,
        "source_url": heading(policy, None).home,
        "license": policy.licence.title,
        "license_url": policy.licence.path,
    }
    tables: dict[str, dict[str, object]] = {}
    for name in ordered(dataset, policy):
        table = dataset.schemas[name]
        columns = {field.name: f"{field.heading}：{field.description}" for field in table.fields}
        tables[name] = {"title": table.title, "description": table.description, "columns": columns}
        label = next((column for column in ("name", "title") if column in table.names), None)
        tables[name] |= {"label_column": label} if label else {}
    tables["texts"] = {"title": "全文", "fts_table": "search", "fts_pk": "id"}
    for name, facets in FACETS.items():
        tables[name]["facets"] = facets
    # A query that bears a table's name would hide the table.
    queries = {
        f"question-{question.id}": {
            "title": question.title,
            "description": f"{question.meaning} {question.title_en}",
            "sql": question.sql,
        }
        for question in questions.values()
    }
    node = {
        "title": policy.title,
        "description": f"{policy.description} 版本 {policy.version}。",
        **about,
        "databases": {policy.name: {"tables": tables, "queries": queries}},
    }
    return (json.dumps(node, ensure_ascii=False, indent=1) + "\n").encode()
