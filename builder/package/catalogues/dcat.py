"""``catalog.jsonld`` and ``catalog.ttl``: DCAT-AP 3.0.1.

A catalogue; a series per region; a dataset per region and year and one for the whole; their files; and the documents
that they were read from. The JSON-LD is written here, the Turtle is the same graph. Every node has an IRI below the
site, as blank nodes would be named anew in each run.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rdflib import Graph

from builder.dataset.rows import DocumentRow, RegionRow
from builder.dataset.store import Dataset
from builder.package.catalogues.described import Download, Part, parts, series_titles
from builder.package.datapackage import PROFILES
from builder.package.files import CSV, measure
from builder.settings.package import Policy

Node = dict[str, Any]

AUTHORITY = "http://publications.europa.eu/resource/authority/"
THEMES = f"{AUTHORITY}data-theme"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
PUBLIC = f"{AUTHORITY}access-right/PUBLIC"
ANNUAL = f"{AUTHORITY}frequency/ANNUAL"
LANGUAGE = f"{AUTHORITY}language/ZHO"
METADATA_LANGUAGES = (LANGUAGE, f"{AUTHORITY}language/ENG")
DATA_PACKAGE = f"{PROFILES}/datapackage.json"

CONTEXT: Node = json.loads(Path(__file__).with_name("dcat-context.json").read_text(encoding="utf-8"))
# DCAT-AP wants the class of what a property points to in the same graph, and a label for each theme.
VOCABULARY: list[Node] = json.loads(Path(__file__).with_name("dcat-vocabulary.json").read_text(encoding="utf-8"))


def catalogue(dataset: Dataset, policy: Policy, site_url: str, site: Path) -> Node:
    """The catalogue as JSON-LD; ``site`` is the folder whose files it measures."""
    described = parts(dataset, policy, site_url)
    whole, *yearly = described
    datasets = [_dataset(policy, part, site_url, site) for part in described]
    datasets[0]["hasPart"] = [part.iri for part in yearly]
    documents = [node for document in whole.documents for node in _document(document, site_url)]
    media_types = {name for download in whole.downloads for name in (download.media_type, download.file_type)}
    media_types |= {document.media_type for document in whole.documents}
    return {
        "@context": CONTEXT,
        "@graph": [
            _catalogue(policy, described, site_url),
            *datasets,
            *(_series(policy, region, yearly, site_url) for region in whole.regions),
            *documents,
            *(_place(region, site_url) for region in _with_ancestors(whole.regions, dataset.tables.regions)),
            _publisher(policy, site_url),
            _contact(policy, site_url),
            _licence(policy),
            *VOCABULARY,
            *({"@id": f"{MEDIA_TYPES}{name}", "@type": "dct:MediaType"} for name in sorted(media_types)),
        ],
    }


def jsonld(catalogue: Node) -> str:
    return json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n"


def turtle(catalogue: Node) -> str:
    """The same graph. rdflib sorts subjects, properties and values, so equal graphs give equal text."""
    return Graph().parse(data=json.dumps(catalogue), format="json-ld").serialize(format="turtle")


def _catalogue(policy: Policy, described: Sequence[Part], site_url: str) -> Node:
    whole = described[0]
    return {
        "@id": f"{site_url}#catalogue",
        "@type": "dcat:Catalog",
        "title": {"zh": policy.title, "en": policy.title_en},
        "description": {"zh": policy.description, "en": policy.description_en},
        "homepage": {"@id": site_url, "@type": "foaf:Document"},
        "publisher": f"{site_url}#publisher",
        "license": policy.licence.path,
        "language": list(METADATA_LANGUAGES),
        "issued": policy.published,
        "themeTaxonomy": THEMES,
        "spatial": [_place_iri(region.region_id, site_url) for region in whole.regions],
        "dataset": [part.iri for part in described],
        "resource": [_series_iri(region.region_id, site_url) for region in whole.regions],
    }


def _dataset(policy: Policy, part: Part, site_url: str, site: Path) -> Node:
    node = {
        "@id": part.iri,
        "@type": "dcat:Dataset",
        "identifier": part.heading.id,
        "title": {"zh": part.heading.title, "en": part.heading.title_en},
        "description": {"zh": part.description, "en": part.description_en},
        "landingPage": {"@id": part.page, "@type": "foaf:Document"},
        "publisher": f"{site_url}#publisher",
        "contactPoint": f"{site_url}about/#contact",
        "language": LANGUAGE,
        "theme": [f"{THEMES}/GOVE", f"{THEMES}/ECON"],
        "keyword": _by_language(policy.keywords),
        "accessRights": PUBLIC,
        "version": policy.version,
        "issued": policy.published,
        "temporal": _period(part.iri, part.years),
        "spatial": [_place_iri(region.region_id, site_url) for region in part.regions],
        "wasDerivedFrom": [_document_iri(document, site_url) for document in part.documents],
        "distribution": [_distribution(policy, part, it, site) for it in (*part.downloads, *part.tables)],
    }
    if part.scope:
        node["inSeries"] = _series_iri(part.scope.region_id, site_url)
    return node


def _distribution(policy: Policy, part: Part, download: Download, site: Path) -> Node:
    size, sha256 = measure(site, f"data/{download.file}")
    iri = f"{part.page}#{download.key}"
    node = {
        "@id": iri,
        "@type": "dcat:Distribution",
        "title": {"zh": download.title, "en": download.title_en},
        "accessURL": part.page,
        "downloadURL": download.url,
        "mediaType": f"{MEDIA_TYPES}{download.media_type}",
        "byteSize": size,
        "checksum": _checksum(iri, sha256),
        "license": policy.licence.path,
        "language": LANGUAGE,
        "issued": policy.published,
    }
    if download.file_type != download.media_type:
        node["packageFormat"] = f"{MEDIA_TYPES}{download.file_type}"
    if download.key == CSV.key:
        node["conformsTo"] = DATA_PACKAGE
    return node


def _series(policy: Policy, region: RegionRow, yearly: Sequence[Part], site_url: str) -> Node:
    title, title_en = series_titles(policy, region)
    iri = _series_iri(region.region_id, site_url)
    years = [part.scope.year for part in yearly if part.scope and part.scope.region_id == region.region_id]
    return {
        "@id": iri,
        "@type": "dcat:DatasetSeries",
        "title": {"zh": title, "en": title_en},
        "description": {"zh": f"{title}。{policy.description}", "en": f"{title_en}. {policy.description_en}"},
        "publisher": f"{site_url}#publisher",
        "contactPoint": f"{site_url}about/#contact",
        "accrualPeriodicity": ANNUAL,
        "temporal": _period(iri, (min(years), max(years))),
        "spatial": _place_iri(region.region_id, site_url),
    }


def _document(document: DocumentRow, site_url: str) -> list[Node]:
    """The archived document and the authority that published it."""
    iri = _document_iri(document, site_url)
    page = f"{site_url}sources/{document.document_id}/"
    node = {
        "@id": iri,
        "@type": "prov:Entity",
        "identifier": document.document_id,
        "title": {"zh": document.title},
        "page": {"@id": page, "@type": "foaf:Document"},
        "publisher": f"{page}#publisher",
        "mediaType": f"{MEDIA_TYPES}{document.media_type}",
        "byteSize": document.bytes,
        "checksum": _checksum(iri, document.sha256),
        "temporal": _period(iri, (document.year, document.year)),
        "spatial": _place_iri(document.region_id, site_url),
    }
    if document.source_url:
        node["primarySource"] = document.source_url
    return [node, {"@id": f"{page}#publisher", "@type": "foaf:Agent", "name": {"zh": document.publisher}}]


def _place(region: RegionRow, site_url: str) -> Node:
    iri = _place_iri(region.region_id, site_url)
    node = {"@id": iri, "@type": "dct:Location", "label": {"zh": region.name}, "identifier": region.region_id}
    if region.parent_id:
        node["isPartOf"] = _place_iri(region.parent_id, site_url)
    if region.division_code:
        node["otherIdentifier"] = {
            "@id": f"{iri}-division",
            "@type": "adms:Identifier",
            "notation": region.division_code,
            "schemaAgency": "GB/T 2260",
        }
    return node


def _with_ancestors(regions: Sequence[RegionRow], known: Sequence[RegionRow]) -> list[RegionRow]:
    by_id = {region.region_id: region for region in known}
    wanted = [region.region_id for region in regions]
    for region_id in wanted:
        parent = by_id[region_id].parent_id
        if parent is not None and parent not in wanted:
            wanted.append(parent)
    return [by_id[region_id] for region_id in sorted(wanted)]


def _publisher(policy: Policy, site_url: str) -> Node:
    return {"@id": f"{site_url}#publisher", "@type": "foaf:Agent", "name": {"zh": policy.publisher}}


def _contact(policy: Policy, site_url: str) -> Node:
    return {
        "@id": f"{site_url}about/#contact",
        "@type": "vcard:Kind",
        "vcard:fn": policy.publisher,
        "hasURL": f"{site_url}about/",
    }


def _licence(policy: Policy) -> Node:
    licence = policy.licence
    return {"@id": licence.path, "@type": "dct:LicenseDocument", "title": {"zh": licence.title, "en": licence.title_en}}


def _period(of: str, years: tuple[int, int]) -> Node:
    """Budget years are calendar years."""
    first, last = years
    return {
        "@id": f"{of}-period",
        "@type": "dct:PeriodOfTime",
        "startDate": f"{first}-01-01",
        "endDate": f"{last}-12-31",
    }


def _checksum(of: str, sha256: str) -> Node:
    return {"@id": f"{of}-sha256", "@type": "spdx:Checksum", "algorithm": SHA256, "checksumValue": sha256}


def _by_language(words: Sequence[str]) -> dict[str, list[str]]:
    """Words with a Chinese character are Chinese, others English."""
    chinese = [word for word in words if any("一" <= character <= "鿿" for character in word)]
    return {"zh": chinese, "en": [word for word in words if word not in chinese]}


def _series_iri(region_id: str, site_url: str) -> str:
    return f"{site_url}regions/{region_id}/#series"


def _place_iri(region_id: str, site_url: str) -> str:
    return f"{site_url}regions/{region_id}/#place"


def _document_iri(document: DocumentRow, site_url: str) -> str:
    return f"{site_url}sources/{document.document_id}/#document"
