"""schema.org descriptions for the pages: a ``Dataset`` per region and year and for the whole, and a ``DataCatalog``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.dataset.rows import DocumentRow, RegionRow
from builder.dataset.store import Dataset
from builder.package import cite
from builder.package.catalogues.described import Download, Part, parts
from builder.package.datapackage import ordered
from builder.package.files import measure
from builder.settings.package import Policy

Node = dict[str, Any]

CONTEXT = "https://schema.org"


def linked_data(dataset: Dataset, policy: Policy, site_url: str, site: Path) -> dict[str, str]:
    """What the pages embed in ``<script type="application/ld+json">``, as text, by the page's path below the site.

    ``site`` is the folder whose downloads it measures. Nothing for a dataset without documents, which covers no place
    and no year.
    """
    if not dataset.tables.documents:
        return {}
    described = parts(dataset, policy, site_url)
    nodes = {part.page.removeprefix(site_url): _dataset(dataset, policy, part, site_url, site) for part in described}
    nodes["data/"] = {"@graph": [nodes["data/"], _catalogue(policy, described, site_url)]}
    return {path: _embedded({"@context": CONTEXT, **node}) for path, node in nodes.items()}


def _embedded(node: Mapping[str, Any]) -> str:
    """JSON for a ``<script>`` element, which nothing in the data can close."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _dataset(dataset: Dataset, policy: Policy, part: Part, site_url: str, site: Path) -> Node:
    first, last = part.years
    node = {
        "@type": "Dataset",
        "@id": part.iri,
        "identifier": part.heading.id,
        "name": part.heading.title,
        "alternateName": part.heading.title_en,
        "description": f"{part.description}\n\n{part.description_en}",
        "url": part.page,
        "keywords": list(policy.keywords),
        "version": policy.version,
        "datePublished": policy.published,
        "dateModified": policy.published,
        "citation": cite.of_dataset(policy, part.heading.name, part.heading.title, part.page).gb_t_7714,
        "measurementTechnique": f"{site_url}about/#method",
        "inLanguage": "zh",
        "license": policy.licence.path,
        "isAccessibleForFree": True,
        "creator": _organisation(policy, site_url),
        "publisher": _organisation(policy, site_url),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{site_url}#catalogue", "name": policy.title},
        "temporalCoverage": str(first) if first == last else f"{first}/{last}",
        "spatialCoverage": [_place(region) for region in part.regions],
        "variableMeasured": _variables(dataset, policy),
        "isBasedOn": [_document(document, site_url) for document in part.documents],
        "distribution": [_download(download, site) for download in (*part.downloads, *part.tables)],
    }
    if part.scope:
        node["isPartOf"] = {"@id": f"{site_url}data/#dataset"}
    return node


def _download(download: Download, site: Path) -> Node:
    size, sha256 = measure(site, f"data/{download.file}")
    return {
        "@type": "DataDownload",
        "name": download.title,
        "encodingFormat": download.file_type,
        "contentUrl": download.url,
        "contentSize": f"{size} B",
        "sha256": sha256,
    }


def _catalogue(policy: Policy, described: Sequence[Part], site_url: str) -> Node:
    """The datasets by name alone: each is described on its own page."""
    return {
        "@type": "DataCatalog",
        "@id": f"{site_url}#catalogue",
        "name": policy.title,
        "alternateName": policy.title_en,
        "description": f"{policy.description}\n\n{policy.description_en}",
        "url": site_url,
        "inLanguage": ["zh", "en"],
        "license": policy.licence.path,
        "publisher": _organisation(policy, site_url),
        "dataset": [{"@id": part.iri, "name": part.heading.title, "url": part.page} for part in described],
    }


def _organisation(policy: Policy, site_url: str) -> Node:
    return {"@type": "Organization", "@id": f"{site_url}#publisher", "name": policy.publisher, "url": site_url}


def _place(region: RegionRow) -> Node:
    node: Node = {"@type": "AdministrativeArea", "name": region.name}
    if region.division_code:
        node["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "GB/T 2260",
            "value": region.division_code,
        }
    return node


def _document(document: DocumentRow, site_url: str) -> Node:
    return {
        "@type": "MediaObject",
        "@id": f"{site_url}sources/{document.document_id}/#document",
        "name": document.title,
        "url": document.source_url or f"{site_url}sources/{document.document_id}/",
        "encodingFormat": document.media_type,
        "contentSize": f"{document.bytes} B",
        "sha256": document.sha256,
        "publisher": {"@type": "GovernmentOrganization", "name": document.publisher},
    }


def _variables(dataset: Dataset, policy: Policy) -> list[Node]:
    """The quantities: every field that holds numbers."""
    variables = []
    for name in ordered(dataset, policy):
        table = dataset.schemas[name]
        for field in (field for field in table.fields if field.type == "number"):
            node = {
                "@type": "PropertyValue",
                "propertyID": f"{name}.{field.name}",
                "name": f"{table.title}：{field.title}",
                "alternateName": f"{table.title_en}: {field.title_en}",
                "description": field.description,
            }
            variables.append({**node, "unitText": field.unit} if field.unit else node)
    return variables
