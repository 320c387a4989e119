"""Releases → Atom feeds: ``feed.xml`` for all, ``regions/{region_id}/feed.xml`` for each region.

A feed holds the releases that concern it, newest first. Its ids are addresses on the site, which do not change; its
times are the days of the releases, so that the same data give the same bytes.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from builder.dataset.history import History, Release
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.changes import ReleaseItem, anchor, feed_regions, release_item


@dataclass(frozen=True, slots=True)
class _Everywhere(Here):
    """Gives whole addresses: a feed is read far from the page that it belongs to. ``path`` is the site's address."""

    @property
    def root(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    updated: str
    item: ReleaseItem


def write(facts: Facts, history: History, templates: Environment, out: Path) -> list[str]:
    """Write the feeds below ``out`` and return their paths; none before the first release, as a feed must have a day."""
    if not history.releases:
        return []
    paths = {None: "feed.xml"} | {key: f"regions/{key}/feed.xml" for key in feed_regions(facts, history)}
    for region_id, path in paths.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(feed(facts, history, templates, path, region_id), encoding="utf-8")
    return list(paths.values())


def feed(facts: Facts, history: History, templates: Environment, path: str, region_id: str | None) -> str:
    """The feed at ``path``, of one region or, with ``None``, of all. An empty one is as old as the last release."""
    here = _Everywhere(f"{facts.url}/")
    name = "" if region_id is None else facts.regions[region_id].name
    # The feed of all has its entries' ids from the page that they are on; a region's entries say less and have their own.
    base = here.at("changes/" if region_id is None else path)
    entries = []
    for release in reversed(history.releases):
        item = release_item(facts, history, here, release, region_id)
        if region_id is None or item.groups:
            entries.append(_Entry(f"{base}#{anchor(release)}", _midnight(release), item))
    return templates.get_template("feed.xml.jinja").render(
        title=f"明账更新：{name}" if name else "明账更新",
        subtitle=f"{name or '各地'}预算绩效目标数据的每次发布：增加、修改、删除了什么，为什么。",
        id=here.at(path),
        page=here.at("changes/"),
        updated=entries[0].updated if entries else _midnight(history.releases[-1]),
        author=facts.policy.contributors[0].title,
        rights=facts.policy.licence.title,
        entries=entries,
    )


def _midnight(release: Release) -> str:
    return f"{release.date}T00:00:00+08:00"
