"""The JSON Schemas of a project's and a result's record, made from the schemas of the tables whose rows they hold."""

from collections.abc import Mapping
from typing import Any

from builder.settings.schema import Field, Table

Node = dict[str, Any]

TYPES = {"string": "string", "date": "string", "integer": "integer", "boolean": "boolean", "number": "number"}
# What a record holds many of, and the table that each is a row of.
LISTS = ("funding", "indicators", "attributes", "citations", "findings", "corrections")
# A row of provenance within a record: its document is named once, and what is empty is left out.
ORIGIN = ("table", "record_id", "field", "line", "place", "label_as_filed", "printed", "rule")


def json_schema(schemas: Mapping[str, Table], address: str) -> Node:
    """A project's record, in draft 2020-12; ``address`` is where the schema is published."""
    parts = {
        "project": _row(schemas["projects"]),
        "region": _row(schemas["regions"]),
        "department": {"anyOf": [_row(schemas["departments"]), {"type": "null"}]},
        **{name: _rows(schemas[name]) for name in LISTS},
        "results": {"type": "array", "items": _object(_told(schemas))},
    }
    return _record(schemas, address, "明账：一个项目的全部数据", parts)


def result_schema(schemas: Mapping[str, Table], address: str) -> Node:
    """A result's record, as ``json_schema`` is a project's."""
    lists = {name: _rows(schemas[name]) for name in ("findings", "corrections")}
    return _record(
        schemas, address, "明账：一张结果表的全部数据", {"region": _row(schemas["regions"]), **_told(schemas), **lists}
    )


def _told(schemas: Mapping[str, Table]) -> Node:
    return {
        "result": _row(schemas["results"]),
        "funding": _rows(schemas["result_funding"]),
        "scores": _rows(schemas["scores"]),
    }


def _record(schemas: Mapping[str, Table], address: str, title: str, parts: Node) -> Node:
    text: Node = {"type": "string"}
    origin = _row(schemas["provenance"])
    origin["properties"] = {name: origin["properties"][name] for name in ORIGIN}
    origin["required"] = [name for name in ORIGIN if name in ("table", "record_id", "field", "line", "printed")]
    lines = _object({"first": {"type": "integer"}, "last": {"type": "integer"}, "url": text})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": title,
        **_object(
            {
                "$schema": text,
                "version": text,
                "license": text,
                "id": text,
                "url": text,
                **parts,
                "provenance": _object(
                    {
                        "document": _row(schemas["documents"]),
                        "lines": lines,
                        "values": {"type": "array", "items": origin},
                    }
                ),
            }
        ),
    }


def _object(properties: Node) -> Node:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _row(table: Table) -> Node:
    return {"title": table.title, **_object({field.name: _value(field) for field in table.fields})}


def _rows(table: Table) -> Node:
    return {"type": "array", "items": _row(table)}


def _value(field: Field) -> Node:
    node: Node = {"type": TYPES[field.type] if field.constraints.required else [TYPES[field.type], "null"]}
    node |= {"title": field.heading, "description": field.description}
    if field.categories:
        choices: list[str | None] = [category.value for category in field.categories]
        node["enum"] = choices if field.constraints.required else [*choices, None]
    if field.type == "date":
        node["format"] = "date"
    return node
