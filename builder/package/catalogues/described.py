"""What every standard says alike: the datasets that are described, their pages, documents, places and downloads."""

from dataclasses import dataclass
from string import Template

from builder.dataset.rows import DocumentRow, RegionRow
from builder.dataset.store import Dataset
from builder.package.datapackage import Heading, Scope, heading, ordered
from builder.package.files import CSV, kinds
from builder.settings.package import Policy


@dataclass(frozen=True, slots=True)
class Download:
    """A file below ``data/``. ``media_type`` is that of the data, ``file_type`` that of the file, which may be a zip of them."""

    key: str
    title: str
    title_en: str
    media_type: str
    file_type: str
    file: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset that is described: the whole (``scope`` is ``None``), or one region and year.

    ``page`` is the address of its page and ``iri`` its name in every standard; ``regions`` are the places that its
    ``documents`` are of. ``tables`` are the CSVs that can be had one by one, which are those of the whole.
    """

    scope: Scope | None
    heading: Heading
    page: str
    iri: str
    description: str
    description_en: str
    documents: tuple[DocumentRow, ...]
    regions: tuple[RegionRow, ...]
    downloads: tuple[Download, ...]
    tables: tuple[Download, ...]

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last budget year."""
        years = [document.year for document in self.documents]
        return min(years), max(years)


def parts(dataset: Dataset, policy: Policy, site_url: str) -> list[Part]:
    """The whole, then each region and year in the order of their names; the ``dataset`` holds a document at least.

    ``site_url`` ends in a slash.
    """
    known = {region.region_id: region for region in dataset.tables.regions}
    places = sorted({(document.region_id, document.year) for document in dataset.tables.documents})
    scopes = [None, *(Scope.of(known[region_id], year) for region_id, year in places)]
    return [_part(dataset, policy, scope, site_url) for scope in scopes]


def _part(dataset: Dataset, policy: Policy, scope: Scope | None, site_url: str) -> Part:
    documents = tuple(
        document
        for document in dataset.tables.documents
        if scope is None or (document.region_id, document.year) == (scope.region_id, scope.year)
    )
    head = heading(policy, scope)
    page = f"{site_url}regions/{scope.region_id}/{scope.year}/" if scope else f"{site_url}data/"
    covered = {document.region_id for document in documents}
    return Part(
        scope=scope,
        heading=head,
        page=page,
        iri=f"{page}#dataset",
        description=f"{head.title}。{policy.description}" if scope else policy.description,
        description_en=f"{head.title_en}. {policy.description_en}" if scope else policy.description_en,
        documents=documents,
        regions=tuple(place for place in dataset.tables.regions if place.region_id in covered),
        downloads=tuple(
            Download(
                *(kind.key, kind.title, kind.title_en, kind.media_type, kind.file_type),
                *((file := kind.file(policy, scope)), f"{site_url}data/{file}"),
            )
            for kind in kinds(scope)
        ),
        tables=tuple(
            Download(
                *(f"{name}-csv", f"{table.title}（CSV）", f"{table.title_en} (CSV)", CSV.media_type, CSV.media_type),
                *(f"{name}.csv", f"{site_url}data/{name}.csv"),
            )
            for name in ordered(dataset, policy)
            if scope is None and (table := dataset.schemas[name])
        ),
    )


def series_titles(policy: Policy, region: RegionRow) -> tuple[str, str]:
    """The title of all years of a region, in Chinese and English, from the wording of one year's."""
    values = {"region_id": region.region_id, "region": region.name, "region_en": region.name_en}
    return (
        Template(policy.region_title).substitute({**values, "year": "各"}),
        Template(policy.region_title_en).substitute({**values, "year": "all years"}),
    )
