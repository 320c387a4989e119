"""What every standard says alike: the datasets that are described, their pages, documents, places and downloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from builder.dataset.rows import DocumentRow, RegionRow
from builder.dataset.store import Dataset
from builder.faults import PublishingFault
from builder.package.datapackage import Heading, Scope, heading
from builder.package.files import Kind, kinds
from builder.settings.package import Policy


@dataclass(frozen=True, slots=True)
class Download:
    """A file below ``data/``, of a kind."""

    kind: Kind
    file: str
    url: str


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
    documents: tuple[DocumentRow, ...]
    regions: tuple[RegionRow, ...]
    downloads: tuple[Download, ...]

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last budget year."""
        years = [document.year for document in self.documents]
        return min(years), max(years)


def parts(dataset: Dataset, policy: Policy, site_url: str) -> list[Part]:
    """The whole, then each region and year in the order of their names. ``site_url`` ends in a slash."""
    documents, regions = dataset.tables.documents, dataset.tables.regions
    known = {region.region_id: region for region in regions}
    places = sorted({(document.region_id, document.year) for document in documents})
    scopes = [None, *(Scope.of(known[region_id], year) for region_id, year in places)]
    return [_part(documents, regions, policy, scope, site_url) for scope in scopes]


def part(dataset: Dataset, policy: Policy, scope: Scope | None, site_url: str) -> Part:
    """The part of the dataset that is ``scope``. Raises ``PublishingFault`` if no document is of it."""
    return _part(dataset.tables.documents, dataset.tables.regions, policy, scope, site_url)


def _part(
    known: Sequence[DocumentRow], places: Sequence[RegionRow], policy: Policy, scope: Scope | None, site_url: str
) -> Part:
    documents = tuple(
        document
        for document in known
        if scope is None or (document.region_id, document.year) == (scope.region_id, scope.year)
    )
    if not documents:
        name = scope.name if scope else "数据集"
        raise PublishingFault(f"{name}：没有文件，无从描述；请先收录文件（python -m builder add）。")
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
        regions=tuple(place for place in places if place.region_id in covered),
        downloads=tuple(
            Download(kind, kind.file(policy, scope), f"{site_url}data/{kind.file(policy, scope)}")
            for kind in kinds(scope)
        ),
    )


def series_titles(policy: Policy, region: RegionRow) -> tuple[str, str]:
    """The title of all years of a region, in Chinese and English, from the wording of one year's."""
    values = {"region_id": region.region_id, "region": region.name, "region_en": region.name_en}
    return (
        Template(policy.region_title).substitute({**values, "year": "各"}),
        Template(policy.region_title_en).substitute({**values, "year": "all years"}),
    )
