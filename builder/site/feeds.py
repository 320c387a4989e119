"""Releases → Atom feeds: ``feed.xml`` for all, one at ``regions/{region_id}/`` and one at ``themes/{theme_id}/``.

A feed holds the releases that concern it, newest first. Its ids are addresses on the site, which do not change; its
times are the days of the releases, so that the same data give the same bytes.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from builder.dataset.history import History, Release
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.changes import (
    Concern,
    ReleaseItem,
    anchor,
    everything,
    feed_regions,
    of_region,
    of_theme,
    release_item,
)


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
    concerns = {
        f"regions/{key}": (facts.regions[key].name, of_region(history, key)) for key in feed_regions(facts, history)
    }
    concerns |= {f"themes/{key}": (facts.themes[key].name, of_theme(facts, key)) for key in facts.by_theme}
    files = {"feed.xml": feed(facts, history, templates, "feed.xml")}
    for folder, (name, concern) in concerns.items():
        path = f"{folder}/feed.xml"
        files[path] = feed(facts, history, templates, path, name, concern)
    for path, text in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return list(files)


def feed(
    facts: Facts, history: History, templates: Environment, path: str, name: str = "", concern: Concern = everything
) -> str:
    """The feed at ``path``: of all, or of what is called ``name``. An empty one is as old as the last release."""
    here = _Everywhere(f"{facts.url}/")
    # The feed of all has its entries' ids from the page that they are on; the others' entries say less and have their own.
    base = here.at(path if name else "changes/")
    entries = []
    for release in reversed(history.releases):
        item = release_item(facts, history, here, release, concern)
        if item.groups or not name:
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
