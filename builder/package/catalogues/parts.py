"""What every standard says alike: the datasets that are described, their pages, documents, places and downloads."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.dataset.store import Dataset
from builder.faults import PublishingFault, SettingsFault
from builder.package.datapackage import Heading, Policy, Scope, fill, heading

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Download:
    """A file below ``data/``. ``media_type`` is that of the data, which are in a zip where ``zipped``."""

    key: str
    file: str
    url: str
    title: str
    title_en: str
    media_type: str
    zipped: bool

    @property
    def file_type(self) -> str:
        """The media type of the file as it is served."""
        return ZIP if self.zipped else self.media_type


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset that is described: the whole (``scope`` is ``None``), or one region and year.

    ``page`` is the address of its page and ``iri`` its name in every standard; ``regions`` are the places that its
    ``documents`` are of.
    """

    scope: Scope | None
    heading: Heading
    page: str
    iri: str
    description: str
    description_en: str
    documents: tuple[Record, ...]
    regions: tuple[Record, ...]
    downloads: tuple[Download, ...]

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last budget year."""
        years = [document["year"] for document in self.documents]
        return min(years), max(years)


ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SQLITE = "application/vnd.sqlite3"
PARQUET = "application/vnd.apache.parquet"
# Key, how the file's name ends, title in Chinese and English, media type of the data, whether they are in a zip.
OF_EACH = (
    ("csv", ".zip", "CSV 和数据包（zip）", "CSV with data package (zip)", "text/csv", True),
    ("xlsx", ".xlsx", "Excel 工作簿", "Excel workbook", XLSX, False),
)
OF_THE_WHOLE = (
    ("sqlite", ".sqlite", "SQLite 数据库，带全文检索", "SQLite with full-text search", SQLITE, False),
    ("parquet", "-parquet.zip", "Parquet（zip）", "Parquet (zip)", PARQUET, True),
)


def parts(dataset: Dataset, policy: Policy, site_url: str) -> list[Part]:
    """The whole, then each region and year in the order of their names. ``site_url`` ends in a slash."""
    documents, regions = records(dataset, "documents"), records(dataset, "regions")
    names = {region["region_id"]: region["name"] for region in regions}
    places = sorted({(document["region_id"], document["year"]) for document in documents})
    scopes = [None, *(Scope(region_id, names[region_id], year) for region_id, year in places)]
    return [_part(documents, regions, policy, scope, site_url) for scope in scopes]


def part(dataset: Dataset, policy: Policy, scope: Scope | None, site_url: str) -> Part:
    """The part of the dataset that is ``scope``. Raises ``PublishingFault`` if no document is of it."""
    return _part(records(dataset, "documents"), records(dataset, "regions"), policy, scope, site_url)


def _part(
    known: Sequence[Record], places: Sequence[Record], policy: Policy, scope: Scope | None, site_url: str
) -> Part:
    if not site_url.endswith("/"):
        raise SettingsFault(f"mkdocs.yml：site_url 应以 / 结尾，现为 {site_url}。")
    documents = tuple(
        document
        for document in known
        if scope is None or (document["region_id"], document["year"]) == (scope.region_id, scope.year)
    )
    if not documents:
        name = scope.name if scope else "数据集"
        raise PublishingFault(f"{name}：没有文件，无从描述；请先收录文件（python -m builder add）。")
    head = heading(policy, scope)
    page = f"{site_url}regions/{scope.region_id}/{scope.year}/" if scope else f"{site_url}data/"
    covered = {document["region_id"] for document in documents}
    return Part(
        scope=scope,
        heading=head,
        page=page,
        iri=f"{page}#dataset",
        description=f"{head.title}。{policy.description}" if scope else policy.description,
        description_en=f"{head.title_en}. {policy.description_en}" if scope else policy.description_en,
        documents=documents,
        regions=tuple(place for place in places if place["region_id"] in covered),
        downloads=_downloads(policy, scope, site_url),
    )


def _downloads(policy: Policy, scope: Scope | None, site_url: str) -> tuple[Download, ...]:
    stem = scope.name if scope else policy.name
    formats = OF_EACH if scope else OF_EACH + OF_THE_WHOLE
    return tuple(
        Download(key, f"{stem}{ending}", f"{site_url}data/{stem}{ending}", title, title_en, media_type, zipped)
        for key, ending, title, title_en, media_type, zipped in formats
    )


def series_titles(policy: Policy, region: Record) -> tuple[str, str]:
    """The title of all years of a region, in Chinese and English, from the wording of one year's."""
    values = {"region_id": region["region_id"], "region": region["name"]}
    return (
        fill("data/package.yml", "region_title", policy.region_title, {**values, "year": "各"}),
        fill("data/package.yml", "region_title_en", policy.region_title_en, {**values, "year": "all years"}),
    )


def publisher(policy: Policy) -> str:
    """The name of the contributor who publishes."""
    for contributor in policy.contributors:
        if "publisher" in contributor.get("roles", ()):
            return str(contributor["title"])
    raise SettingsFault("data/package.yml：contributors：没有一项的 roles 含有 publisher；请写明谁发布。")


def records(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    """The rows of a table by field name, with ``None`` for an empty cell."""
    names = dataset.schemas[name].names
    return [dict(zip(names, row, strict=True)) for row in dataset.rows(name)]


def measure(site: Path, file: str) -> tuple[int, str]:
    """Bytes and SHA-256 of a published file below ``site``; raises ``PublishingFault`` if it is not there."""
    path = site / file
    if not path.is_file():
        raise PublishingFault(f"{path}：没有这个下载文件；请在数据包和表格文件都放进站点之后再生成元数据。")
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()
