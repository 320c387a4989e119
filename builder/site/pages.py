"""The dataset → the site's pages: which pages exist, how they are rendered, and what is written where.

A page is Markdown: front matter and one block of HTML from an autoescaped template, so that Markdown never reads a
document's words. ``frame`` has mkdocs publish it; ``record.json`` stands beside each project's page.
"""

import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from builder import words
from builder.dataset import history as releases
from builder.dataset.history import History
from builder.dataset.store import Dataset
from builder.model import Line
from builder.package.catalogues import linked_data
from builder.package.record_schema import json_schema, result_schema
from builder.settings import Settings
from builder.site import feeds
from builder.site import frame as frames
from builder.site.charts import cards, figures
from builder.site.facts import Facts, gather
from builder.site.frame import Frame
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
    query,
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
from builder.site.views.record import RESULT_SCHEMA, SCHEMA, record, record_of_result
from builder.workers import EVERYTHING, Share, pieces, spread

# A number and its unit, as ``words.bound`` ties them: money anywhere, any other unit before the end or a mark, as in
# prose nobody knows where a unit ends.
_FIGURE = re.compile("(\\d[\\d,.]*\u00a0(?:[万亿]元|[^\\s，。；、：（）]{1,6}(?=$|[，。；、：（）])))")

ROOT = Path(__file__).parents[2]

# How many pages, and how many records, a worker makes at a time; after how many pages the reader hears of it.
PAGES_A_PIECE, RECORDS_A_PIECE, PAGES_TOLD = 16, 1000, 2000


def write(
    dataset: Dataset,
    lines: Mapping[str, Sequence[Line]],
    settings: Settings,
    frame: Frame,
    progress: Callable[[str], None],
    share: Share = EVERYTHING,
) -> list[str]:
    """Write the ``share`` of the generated pages, records and feeds of the site of ``frame``; returns the pages' paths.

    ``lines`` holds the lines of each document by its id, personal numbers masked.
    """
    out = frame.out
    facts = gather(dataset, lines, settings)
    history = releases.history(dataset, settings.data / "releases", releases.replacements(settings.documents))
    templates = environment()
    kept = settings.data.parent / ".cache"
    made = [*pages_of_parts(facts)][share.parts]
    linked: Mapping[str, str] = {}
    if share.whole:
        made = [*pages_of_the_whole(facts, history), *made]
        linked = linked_data(dataset, facts.policy, facts.policy.base_url, out)

    def publish(some: Sequence[Callable[[], Iterable[Page]]]) -> list[str]:
        paths = []
        for page in (page for make in some for page in make()):
            text = frame.html(page.path, meta(page, linked.get(page.path)), body(templates, page))
            frames.write(out / page.path / "index.html", text)
            figures.write(getattr(page.view, "charts", ()), out / figures.FOLDER, kept / "charts")
            for card in page.cards:
                cards.write(card, out, kept / "cards")
            paths.append(page.path)
        return paths

    progress("生成页面")
    paths: list[str] = []
    for some in spread([partial(publish, piece) for piece in pieces(made, PAGES_A_PIECE)]):
        paths += some
        if len(paths) % PAGES_TOLD < len(some):
            progress(f"已生成 {len(paths)} 页")
    if share.whole:
        progress("生成机器可读的记录")
        feeds.write(facts, history, templates, out)
        _write_records(facts, dataset, out)
        (out / leads.FILE).write_bytes(leads.file(facts))
    return paths


def _write_records(facts: Facts, dataset: Dataset, out: Path) -> None:
    """Write the record of each project and result beside its page, all of them packed, and the schemas of both."""
    (out / "data").mkdir(exist_ok=True)
    for name, folder, describe, of in (
        (downloads.RECORDS, "projects", record, facts.projects),
        (downloads.RECORDS_OF_RESULTS, "results", record_of_result, facts.results),
    ):
        if of or folder == "projects":
            packed = [partial(_records, facts, out / folder, describe, it) for it in pieces(list(of), RECORDS_A_PIECE)]
            (out / "data" / name).write_bytes(b"".join(spread(packed)))
    for path, schema in ((SCHEMA, json_schema), (RESULT_SCHEMA, result_schema)):
        described = schema(dataset.schemas, f"{facts.url}/{path}")
        (out / path).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _records(facts: Facts, out: Path, describe: Callable[[Facts, str], object], ids: Sequence[str]) -> bytes:
    """Write the record of each of ``ids`` beside its page, which is below ``out``; returns all of them packed, one a line.

    Packed pieces put together are a gzip file; it holds the time of its making, which here is always the same.
    """
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as lines:
        for identifier in ids:
            line = f"{json.dumps(describe(facts, identifier), ensure_ascii=False, separators=(',', ':'))}\n".encode()
            (out / identifier / "record.json").write_bytes(line)
            lines.write(line)
    return packed.getvalue()


def pages_of_the_whole(facts: Facts, history: History) -> Iterator[Callable[[], Iterable[Page]]]:
    """What makes the generated pages of which a site has one each, however much it holds, and those that say what all
    downloads weigh: each makes one page, or the pages of one list."""
    one = partial(_one, facts)
    yield one(home.page)
    yield partial(regions.index, facts)
    for region in regions_with_documents(facts):
        yield one(regions.page, region.region_id)
        for year in facts.years(region.region_id):
            yield partial(region_year.pages, facts, region.region_id, year)
    yield one(lists.years)
    for year in facts.years():
        yield partial(years.pages, facts, year)
    yield one(lists.sectors)
    for sector_id in facts.by_sector:
        yield partial(sectors.pages, facts, sector_id)
    yield one(themes.index)
    for theme_id in facts.by_theme:
        yield partial(themes.pages, facts, theme_id, has_feed=bool(history.releases))
    yield partial(lists.departments, facts)
    yield partial(lists.projects, facts)
    yield partial(results.index, facts)
    yield partial(policies.pages, facts)
    yield partial(leads.pages, facts)
    yield one(quality.page)
    yield one(indicator_wording.page, facts.wording_report)
    yield one(copies.page, facts.rules.copies, facts.copies)
    yield partial(sources.index, facts)
    for view in (downloads.page, questions.page, query.page, about.page, downloads.english):
        yield one(view)
    yield one(changes.page, history)
    yield partial(withdrawn.pages, facts, history)


def _one(facts: Facts, view: Callable[..., Page], *of: object) -> Callable[[], Iterable[Page]]:
    return lambda: (view(facts, *of),)


def pages_of_parts(facts: Facts) -> Iterator[Callable[[], Iterable[Page]]]:
    """What makes the pages of each department, project, result and document; none needs more than the dataset."""
    for department_id in facts.departments:
        yield partial(departments.pages, facts, department_id)
    for project_id in facts.projects:
        yield _one(facts, project.page, project_id)
    for result_id in facts.results:
        yield _one(facts, results.page, result_id)
    for document_id in facts.documents:
        yield partial(sources.pages, facts, document_id)


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
    """The page as the file that mkdocs would read. The body is one HTML block, which Markdown leaves as it is."""
    return f"---\n{front_matter(meta(page, linked))}---\n\n{body(templates, page)}\n"


def meta(page: Page, linked: str | None = None) -> dict[str, object]:
    """What a page says of itself in its front matter; ``linked`` is JSON-LD."""
    return {
        "title": page.title,
        "description": page.description,
        "language": page.language,
        "generated": True,
        **({"image": page.image} if page.image else {}),
        **({"signs": [[sign.rel, sign.href, sign.type] for sign in page.signs]} if page.signs else {}),
        **({"scripts": list(page.scripts), "wasm": page.wasm} if page.scripts else {}),
        **({"linked_data": linked} if linked else {}),
    }


def body(templates: Environment, page: Page) -> str:
    view = page.view
    return templates.get_template(view.template).render(
        {field.name: getattr(view, field.name) for field in fields(view)}
    )


def front_matter(meta: Mapping[str, Any]) -> str:
    return yaml.dump(dict(meta), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10**6)
