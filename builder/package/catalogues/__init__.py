"""Dataset → what machines read about it: DCAT-AP, schema.org, Croissant, CSVW, llms.txt and robots.txt.

One module per standard; ``parts`` holds what they say alike. All are made from the dataset and ``data/package.yml``,
with sizes and hashes of the published files, and have the same bytes on every run.
"""

from pathlib import Path

from builder.dataset.store import Dataset
from builder.package.catalogues import crawlers, croissant, csvw, dcat
from builder.package.catalogues.schemaorg import linked_data
from builder.settings.package import Policy

__all__ = ["linked_data", "write"]


def write(dataset: Dataset, policy: Policy, site_url: str, site: Path) -> None:
    """Write the metadata into ``site``, which holds the finished pages and downloads; ``site_url`` ends in a slash.

    A dataset without documents covers no place and no year, so that there is nothing to describe but the site.
    Raises ``PublishingFault`` for a download that is not there.
    """
    if not dataset.tables.documents:
        (site / "robots.txt").write_bytes(crawlers.robots(site_url).encode())
        return
    catalogue = dcat.catalogue(dataset, policy, site_url, site)
    files = {
        "catalog.jsonld": dcat.jsonld(catalogue),
        "catalog.ttl": dcat.turtle(catalogue),
        "data/croissant.json": croissant.describe(dataset, policy, site_url, site),
        "data/csvw-metadata.json": csvw.describe(dataset, policy, site_url),
        "llms.txt": crawlers.llms(dataset, policy, site_url),
        "robots.txt": crawlers.robots(site_url),
    }
    for name, text in files.items():
        (site / name).write_bytes(text.encode())
