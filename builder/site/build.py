"""The dataset → site/: packages and downloads, generated pages, mkdocs, the search index; then swapped in at once.

Everything is made beside the published site, which is replaced by a rename at the very end: an interrupted or failed
build leaves the last good one.
"""

import gzip
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from markupsafe import escape

from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.history import History
from builder.dataset.store import Dataset
from builder.model import Line
from builder.package import catalogues, derived, files
from builder.package import releases as versions
from builder.package.validate import validate
from builder.settings import Settings
from builder.settings.package import Policy
from builder.site import explore, offline, pages, search, shares, standing
from builder.site.frame import Frame
from builder.workers import EVERYTHING, pieces

Progress = Callable[[str], None]

# Of the sitemap protocol: its name, and how many addresses a file may hold.
SITEMAP, ADDRESSES_A_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9", 50_000
EPOCH = 315_532_800
# Of a site of 1,086 projects, downloads and the copy for a disk included. A larger one takes less for each, as it has no
# card for each project and no copy of the whole: the warning may come early, never late.
KILOBYTES_A_PROJECT, FILES_A_PROJECT = 235, 5


def build(
    root: Path, settings: Settings, lines: Mapping[str, Sequence[Line]], progress: Progress, joined: bool = False
) -> int:
    """Build ``root/site`` from the dataset beside the ``settings``; returns how many pages are generated. Raises ``PublishingFault``.

    ``lines`` holds each document's lines for the pages that show them. Where nothing has changed since the site was built,
    it is left as it stands. Where ``joined``, what can be made apart is taken from the shares in ``root/shares``.
    """
    made_from = standing.inputs(root, settings.data, lines)
    if (count := standing.pages(root, made_from)) is not None:
        progress("没有改动，网站就是上一次建的")
        return count
    staging = root / "build"
    site = staging / "site"
    _recover(root / "site", staging / "replaced")
    shutil.rmtree(staging, ignore_errors=True)
    site.mkdir(parents=True)
    paths, share = (shares.join(root, made_from, site), shares.REST) if joined else ([], EVERYTHING)
    whole, settings, history = _stamped(settings)
    if too_much := beyond_a_host(len(whole.tables.projects), settings.package):
        progress(too_much)
    frame = Frame(root, site)
    progress("生成数据包和下载文件")
    files.write(whole, settings, site / "data", share)
    progress("用 frictionless 校验数据包")
    validate(site / "data")
    paths += pages.write(whole, lines, settings, frame, progress, share)
    home, *others = sorted(paths, key=lambda path: path.split("/"))
    _sitemap(site, frame.address, [home, *sorted(frame.write_own()), *others], settings.package.published)
    progress("建搜索索引和筛选表")
    search.index(whole, settings, site)
    explore.write(whole, settings, site)
    progress("写机器可读的目录")
    catalogues.write(whole, settings.package, settings.package.base_url, site)
    versions.write(whole, settings.package, history, root / ".cache" / "releases", site)
    progress("打包离线网站")
    offline.copies(site, whole.tables, settings.package)
    progress("换上新站点")
    _swap(site, root / "site", staging / "replaced")
    shutil.rmtree(staging)
    standing.note(root, made_from, len(paths))
    return len(paths)


def build_share(
    root: Path, settings: Settings, lines: Mapping[str, Sequence[Line]], number: int, of: int, progress: Progress
) -> Path:
    """Make the ``number``-th of ``of`` shares of the site that ``build`` makes; returns its folder, made anew."""
    place = shares.folder(root, number, of)
    shutil.rmtree(place, ignore_errors=True)
    made_from, share = standing.inputs(root, settings.data, lines), shares.share(number, of)
    whole, settings, _ = _stamped(settings)
    progress("生成下载文件")
    files.write(whole, settings, place / "site" / "data", share)
    paths = pages.write(whole, lines, settings, Frame(root, place / "site"), progress, share)
    shares.note(shares.Made(made_from, number, of, paths), place)
    return place


def _stamped(settings: Settings) -> tuple[Dataset, Settings, History]:
    """The dataset with its derived tables, the settings with its version, and what was released before."""
    tables = store.load(settings.data / "dataset", settings.schemas)
    history = releases.history(tables, settings.data / "releases", releases.replacements(settings.documents))
    whole = derived.published(tables, settings)
    return whole, replace(settings, package=versions.stamped(settings.package, whole, history)), history


def beyond_a_host(projects: int, policy: Policy) -> str:
    """What to say before a site is built that is likely to be more than its host takes; nothing where it is not."""
    size = projects * KILOBYTES_A_PROJECT / 1000
    if size <= policy.host_megabytes:
        return ""
    return (
        f"注意：{projects:,} 个项目的网站大约 {size:,.0f} MB、{projects * FILES_A_PROJECT:,} 个文件，"
        f"超过托管上限 {policy.host_megabytes:,} MB（data/package.yml 的 host_megabytes）。可以放到没有这个上限的主机；"
        "或者按年度、按地区分成几个网站，各用一份仓库，data/sources.yml 里只留那些年度或地区的文件"
    )


def _sitemap(site: Path, address: str, paths: Sequence[str], published: str) -> None:
    """The pages for crawlers: one file, or, where they are too many for one, its parts and the list of them.

    All have changed on the day of the data's release, whose version they show.
    """
    day = f"<lastmod>{published}</lastmod>"
    urls = [f"<url><loc>{escape(address + quote(path))}</loc>{day}</url>" for path in paths]
    parts = pieces(urls, ADDRESSES_A_SITEMAP)
    if len(parts) == 1:
        _packed(site / "sitemap.xml", "urlset", parts[0])
        return
    for number, part in enumerate(parts, 1):
        _packed(site / f"sitemap-{number}.xml", "urlset", part)
    names = [
        f"<sitemap><loc>{escape(address)}sitemap-{number}.xml</loc>{day}</sitemap>"
        for number in range(1, len(parts) + 1)
    ]
    _packed(site / "sitemap.xml", "sitemapindex", names)


def _packed(path: Path, kind: str, entries: Sequence[str]) -> None:
    """The file, and beside it the same packed; a gzip file holds a time, and a fixed one keeps the bytes the same."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{kind} xmlns="{SITEMAP}">', *entries, f"</{kind}>"]
    content = "\n".join(lines).encode()
    path.write_bytes(content)
    with gzip.GzipFile(f"{path}.gz", "wb", mtime=EPOCH) as packed:
        packed.write(content)


def _swap(new: Path, published: Path, aside: Path) -> None:
    if published.exists():
        published.rename(aside)
    new.rename(published)


def _recover(published: Path, aside: Path) -> None:
    """Put back the site of a build that was stopped between the two renames of ``_swap``."""
    if aside.exists() and not published.exists():
        aside.rename(published)
