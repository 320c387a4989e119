"""The dataset → the site's pages: which pages exist, how they are rendered, and what is written where.

A page is a markdown file of front matter and one block of HTML from an autoescaped template, so Markdown never reads a
document's words; ``record.json`` stands beside each project's page.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from builder import words
from builder.dataset import history as releases
from builder.dataset.history import History
from builder.dataset.rows import group
from builder.dataset.store import Dataset
from builder.measures import wording
from builder.model import Line
from builder.package.catalogues import linked_data
from builder.package.record_schema import json_schema
from builder.settings import Settings
from builder.site import feeds
from builder.site.charts import figures
from builder.site.facts import Facts, gather
from builder.site.views import (
    about,
    changes,
    copies,
    departments,
    downloads,
    home,
    leads,
    lists,
    policies,
    project,
    quality,
    questions,
    region_year,
    regions,
    results,
    sectors,
    sources,
    themes,
    withdrawn,
    years,
)
from builder.site.views import wording as indicator_wording
from builder.site.views.coverage import regions_with_documents
from builder.site.views.parts import Page
from builder.site.views.record import ALL, SCHEMA, record

# A number and its unit, as ``words.bound`` ties them, before the end or a mark: in prose nobody knows where a unit ends.
_FIGURE = re.compile("(\\d[\\d,.]*\u00a0[^\\s，。；、：（）]{1,6})(?=$|[，。；、：（）])")

ROOT = Path(__file__).parents[2]

# What ``write`` makes below docs/, for whoever clears an earlier build; ``index.md`` is overwritten.
GENERATED = (
    "about",
    "changes",
    "charts",
    "data",
    "departments",
    "en",
    "leads",
    "policies",
    "projects",
    "quality",
    "regions",
    "results",
    "sectors",
    "sources",
    "themes",
    "years",
)


def write(dataset: Dataset, lines: Mapping[str, Sequence[Line]], settings: Settings, out: Path) -> list[str]:
    """Write every generated page and record below ``out``, a docs tree; returns the pages' paths on the site.

    ``lines`` holds the lines of each document by its id, personal numbers masked.
    """
    facts = gather(dataset, lines, settings)
    linked = linked_data(dataset, facts.policy, facts.policy.base_url)
    history = releases.history(dataset, settings.data / "releases", releases.replacements(settings.documents))
    templates = environment()
    feeds.write(facts, history, templates, out)
    paths = []
    for page in pages(facts, history):
        folder = out / page.path
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.md").write_text(markdown(templates, page, linked.get(page.path)), encoding="utf-8")
        figures.write(
            getattr(page.view, "charts", ()), out / figures.FOLDER, settings.data.parent / ".cache" / "charts"
        )
        paths.append(f"/{page.path}")
    # A gzip file holds the time of its making, which here is always the same.
    (out / "data").mkdir(exist_ok=True)
    with gzip.GzipFile(out / ALL, "wb", mtime=0) as lines_of_all:
        for project_id in facts.projects:
            told = record(facts, project_id)
            text = json.dumps(told, ensure_ascii=False, indent=1)
            (out / "projects" / project_id / "record.json").write_text(text + "\n", encoding="utf-8")
            lines_of_all.write(f"{json.dumps(told, ensure_ascii=False)}\n".encode())
    for result_id in facts.results:
        text = json.dumps(results.record(facts, result_id), ensure_ascii=False, indent=1)
        (out / "results" / result_id / "record.json").write_text(text + "\n", encoding="utf-8")
    described = json_schema(dataset.schemas, f"{facts.url}/{SCHEMA}")
    (out / SCHEMA).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, content in {**wording.files(facts.wording_report), copies.FILE: copies.file(facts, facts.copies)}.items():
        (out / "data" / name).write_bytes(content)
    (out / leads.FILE).write_bytes(leads.file(facts))
    return paths


def pages(facts: Facts, history: History) -> Iterator[Page]:
    """Every generated page of the site, and nothing else."""
    yield home.page(facts)
    yield regions.index(facts)
    for region in regions_with_documents(facts):
        yield regions.page(facts, region.region_id)
        for year in facts.years(region.region_id):
            yield region_year.page(facts, region.region_id, year)
    yield lists.years(facts)
    for year in facts.years():
        yield years.page(facts, year)
    yield lists.sectors(facts)
    for sector_id in facts.by_sector:
        yield sectors.page(facts, sector_id)
    yield themes.index(facts)
    for theme_id, found in themes.used(facts).items():
        yield themes.page(facts, theme_id, found, has_feed=bool(history.releases))
        for region_id, rows in group(found, lambda row: row.region_id).items():
            yield themes.region_page(facts, theme_id, region_id, rows)
    yield lists.departments(facts)
    for department_id in facts.departments:
        yield departments.page(facts, department_id)
    yield lists.projects(facts)
    for project_id in facts.projects:
        yield project.page(facts, project_id)
    yield results.index(facts)
    for result_id in facts.results:
        yield results.page(facts, result_id)
    yield policies.page(facts)
    yield leads.page(facts)
    yield quality.page(facts)
    yield indicator_wording.page(facts, facts.wording_report)
    yield copies.page(facts, facts.rules.copies, facts.copies)
    yield sources.index(facts)
    for document_id in facts.documents:
        yield sources.page(facts, document_id)
    yield downloads.page(facts)
    yield questions.page(facts)
    yield about.page(facts)
    yield downloads.english(facts)
    yield changes.page(facts, history)
    yield from withdrawn.pages(facts, history)


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["bound"] = bound
    return made


def bound(text: str) -> Markup:
    """The text with each figure and its unit on one line: neither ``1,500|人次`` nor ``1,500 人|次``."""
    parts = _FIGURE.split(words.bound(text))
    return Markup("").join(
        Markup('<span class="num">{}</span>').format(part) if at % 2 else part for at, part in enumerate(parts)
    )


def markdown(templates: Environment, page: Page, linked: str | None = None) -> str:
    """Front matter and body. The body is one HTML block, which Markdown leaves as it is; ``linked`` is JSON-LD."""
    meta = {
        "title": page.title,
        "description": page.description,
        "language": page.language,
        "generated": True,
        **({"linked_data": linked} if linked else {}),
    }
    view = page.view
    body = templates.get_template(view.template).render(
        {field.name: getattr(view, field.name) for field in fields(view)}
    )
    return f"---\n{front_matter(meta)}---\n\n{body}\n"


def front_matter(meta: Mapping[str, Any]) -> str:
    return yaml.dump(dict(meta), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10**6)
