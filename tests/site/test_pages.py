"""Which pages exist, that templates and views agree, that no document's text is ever markup, that every link arrives."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from gzip import compress
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import markdown
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from jinja2 import meta, nodes
from lxml import html
from mkdocs.config import load_config
from playwright.sync_api import Browser, expect
from tiny import DATA, NASTY, spoiled, tables, told
from tiny import project as tiny_project

from bench.multiply import multiply
from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.dataset.rows import RegionRow, Tables
from builder.model import Line
from builder.package import files
from builder.settings import Settings, load
from builder.settings.schema import load_schemas
from builder.site import pages
from builder.site.facts import Facts, gather
from builder.site.frame import Frame, untouched
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
    wording,
    years,
)
from builder.site.views.parts import Page, View

SCHEMAS = load_schemas(DATA / "schemas")
ROOT = DATA.parent
VIEWS: tuple[type[View], ...] = (
    about.AboutView,
    changes.ChangesView,
    copies.CopiesView,
    departments.DepartmentView,
    downloads.DataView,
    downloads.EnglishView,
    home.HomeView,
    leads.LeadsView,
    wording.WordingView,
    policies.PoliciesView,
    project.ProjectView,
    lists.ListView,
    quality.QualityView,
    query.QueryView,
    questions.QuestionsView,
    region_year.MoreView,
    region_year.RegionYearView,
    regions.RegionsView,
    regions.RegionView,
    results.ResultsView,
    sectors.SectorView,
    sources.SourcesView,
    sources.SourceView,
    themes.ThemeView,
    years.YearView,
)
LINKED = '{"name": "</script><b>&"}'
# What exists only where there are more projects than a page holds.
ONLY_OF_MANY = {region_year.MoreView}
# What a document may hold, in every place where one could hold it.
HOSTILE = f"""{NASTY}
*星* _线_ `码` | 竖 | # 井 &lt; &amp;lt; ]]> --> <!-- {{% raw %}} {{# 注 #}} \x02wzxhzdk:0\x03

    缩进
<img src=x onerror=alert(1)> </div></blockquote></td> ![图](http://example.com/x.png) "' onmouseover=alert(1) x='"""


def pages_of(written: Tables, folder: Path, lines: Mapping[str, Sequence[Line]]) -> list[Page]:
    """The pages of a dataset of which nothing has been released yet."""
    store.write(written.by_name(), SCHEMAS, folder)
    tables = store.load(folder, SCHEMAS)
    history = releases.history(tables, folder / "no-releases", {})
    facts = gather(tables, lines, load(DATA))
    made = (*pages.pages_of_the_whole(facts, history), *pages.pages_of_parts(facts))
    return [page for make in made for page in make()]


def lines_of(written: Tables, text: str = "绩效目标表") -> Mapping[str, Sequence[Line]]:
    return {row.document_id: tuple(Line(n, text, text) for n in range(1, 10)) for row in written.documents}


@pytest.fixture(scope="module")
def tiny_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    return pages_of(tables(), tmp_path_factory.mktemp("tiny") / "dataset", lines_of(tables()))


@pytest.fixture(scope="module")
def real_pages(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    return pages_of(compiled.tables, tmp_path_factory.mktemp("real") / "dataset", compiled.lines)


@pytest.fixture(scope="module")
def real_bodies(real_pages: list[Page]) -> dict[str, str]:
    """The rendered body of every page of the five documents, by path."""
    templates = pages.environment()
    return {page.path: pages.markdown(templates, page) for page in real_pages}


# Which pages exist


def test_every_region_year_sector_department_project_and_document_has_its_page(tiny_pages: list[Page]) -> None:
    assert [page.path for page in tiny_pages if page.path.count("/") > 1] == [
        "regions/east/",
        "regions/east/2025/",
        "regions/east/2024/",
        "regions/west/",
        "regions/west/2024/",
        "years/2025/",
        "years/2024/",
        "sectors/housing/",
        "themes/housing/",
        "themes/housing/east/",
        "themes/housing/west/",
        "quality/indicators/",
        "quality/copies/",
        "data/questions/",
        "data/query/",
        "departments/east-zhujian/",
        "departments/west-zhujian/",
        "projects/east-2024-key-001/",
        "projects/east-2024-key-002/",
        "projects/east-2025-key-001/",
        "projects/west-2024-key-001/",
        "sources/east-2025-key/",
        "sources/east-2024-key/",
        "sources/west-2024-key/",
    ]


def test_every_page_has_its_own_path_title_and_description(tiny_pages: list[Page]) -> None:
    assert len({page.path for page in tiny_pages}) == len(tiny_pages)
    assert len({page.title for page in tiny_pages}) > len(tiny_pages) - 3, "two forms of one name may share a title"
    for page in tiny_pages:
        assert page.title.strip() and page.description.strip(), page.path


# Views and templates


@pytest.mark.parametrize("view", (*VIEWS, results.ResultView), ids=lambda view: view.__name__)
def test_a_template_prints_all_of_its_view_and_nothing_else(view: type[View]) -> None:
    templates = pages.environment()
    assert templates.loader is not None
    text = templates.loader.get_source(templates, view.template)[0]
    parsed = templates.parse(text)
    included = [
        templates.loader.get_source(templates, str(node.template.as_const()))[0]
        for node in parsed.find_all(nodes.Include)
    ]
    printed = set().union(*(meta.find_undeclared_variables(templates.parse(part)) for part in (text, *included)))
    printed -= {node.target for node in parsed.find_all(nodes.Import)}
    assert printed == {field.name for field in fields(view)}, (
        f"templates/{view.template} and {view.__name__} differ: print the field or remove it"
    )


def test_the_views_tested_are_those_that_pages_use(tiny_pages: list[Page]) -> None:
    assert {type(page.view) for page in tiny_pages} == set(VIEWS) - ONLY_OF_MANY


def test_no_template_lets_text_through_unescaped() -> None:
    for path in (ROOT / "templates").glob("*.jinja"):
        assert not re.search(r"\|\s*safe|autoescape\s+false", path.read_text(encoding="utf-8")), path.name


# Text of a document is data


@pytest.fixture(scope="module")
def hostile_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    """The tiny dataset with hostile text wherever a document's text can stand, lines and places included."""
    text = re.sub("[\x00-\x08]", "", HOSTILE)
    written = spoiled(told(), text)
    return pages_of(written, tmp_path_factory.mktemp("hostile") / "dataset", lines_of(written, text))


def as_published(text: str) -> str:
    """The page's content as mkdocs would make it: front matter off, then Markdown with the site's extensions."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    _, _, body = text.split("---\n", 2)
    return markdown.markdown(body, extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"])


@pytest.mark.long
def test_hostile_text_stays_text_on_every_page(hostile_pages: list[Page]) -> None:
    templates = pages.environment()
    seen = set()
    for page in hostile_pages:
        tree = html.fromstring(as_published(pages.markdown(templates, page)))
        for element in tree.iter():
            assert element.tag not in ("script", "img", "iframe", "object"), page.path
            for name, value in element.attrib.items():
                assert not name.startswith("on"), (page.path, element.tag, name)
                assert not value.strip().lower().startswith(("javascript:", "data:")), (page.path, name, value)
        if "<script>alert(1)</script>" in tree.text_content():
            seen.add(type(page.view))
    shown = {
        *(project.ProjectView, sources.SourceView, sources.SourcesView, region_year.RegionYearView, home.HomeView),
        *(policies.PoliciesView, quality.QualityView, lists.ListView, departments.DepartmentView),
        *(sectors.SectorView, regions.RegionView, years.YearView, changes.ChangesView),
        *(wording.WordingView, copies.CopiesView, leads.LeadsView, questions.QuestionsView, results.ResultView),
    }
    assert seen == shown, "hostile text must be visible, literally, wherever documents are quoted"


@pytest.mark.long
def test_each_kind_of_page_is_what_mkdocs_build_makes_of_its_markdown(
    hostile_pages: list[Page], real_pages: list[Page], tmp_path: Path
) -> None:
    """Byte for byte: the hostile pages, and of the real ones the longest of each kind."""
    templates = pages.environment()
    longest = {type(page.view): page for page in sorted(real_pages, key=lambda page: len(pages.body(templates, page)))}
    chosen = {page.path: page for page in (*longest.values(), *hostile_pages)}
    assert {type(page.view) for page in chosen.values()} >= set(VIEWS) - ONLY_OF_MANY
    frame = Frame(ROOT, tmp_path / "out")
    shutil.copytree(ROOT / "docs" / "assets", tmp_path / "docs" / "assets")
    shutil.copytree(ROOT / "templates" / "theme", tmp_path / "templates" / "theme")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    for path, page in chosen.items():
        file = tmp_path / "docs" / path / "index.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(pages.markdown(templates, page, LINKED), encoding="utf-8")
    for name in ("explore.md", "search.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=tmp_path, check=True)
    for path, page in chosen.items():
        made = frame.html(path, pages.meta(page, LINKED), pages.body(templates, page))
        assert made == (tmp_path / "site" / path / "index.html").read_bytes(), path
    assert "explore/" in frame.write_own()
    for name in ("explore/index.html", "search/index.html", "404.html", "assets/site.css"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "site" / name).read_bytes(), name


@pytest.mark.parametrize(
    ("body", "as_it_is"),
    [
        ("<div class='a'>\n\t一\t二\n   \n<p>a &amp; b</div>\n", True),
        ("\n\n<div><div></div>\n\n</div>", True),
        ("<div>一</div>\n二", False),
        ("<div>一</div><div>二</div>", False),
        ("<div>一</div>\n\n<div>二</div>", False),
        ("<p>一</p>", False),
        ("<div>\n```\n码\n```\n</div>", False),
        ("<div><!-- 一 --></div>", False),
        ("<div>一", False),
    ],
)
def test_a_body_is_left_alone_only_where_markdown_would_leave_it_alone(body: str, as_it_is: bool) -> None:
    made = untouched(body)
    assert (made is not None) == as_it_is
    assert made in (None, as_published(f"---\n---\n{body}"))


@pytest.mark.parametrize("title", ["a: b # c", "'\"引号\"'", "- 列表", "{大括号}", "行\n行", "=公式", "一" * 300])
def test_front_matter_gives_the_title_back(title: str) -> None:
    assert yaml.safe_load(pages.front_matter({"title": title, "hide": ["toc"]})) == {"title": title, "hide": ["toc"]}


# The five documents


@pytest.mark.long
def test_masked_numbers_stay_masked(real_bodies: dict[str, str]) -> None:
    for path, text in real_bodies.items():
        assert not re.search(r"(?<![\d.a-f])1[3-9]\d{9}(?!\d)", re.sub(r"[0-9a-f]{64}", "", text)), path


@pytest.mark.long
def test_the_page_about_us_says_that_the_originals_keep_the_numbers(
    real_bodies: dict[str, str], settings: Settings, compiled: Compiled
) -> None:
    """How many forms print one is counted from the documents themselves."""
    whole = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    lines = {one.document_id: one.file.read_text("utf-8").splitlines() for one in settings.current_documents}
    forms = [
        row
        for row in compiled.tables.projects
        if whole.search("\n".join(lines[row.document_id][row.line_start - 1 : row.line_end]))
    ]
    assert f"其中 {len(forms)} 张表印着完整的手机号" in real_bodies["about/"]
    assert "想请我们撤下原件" in real_bodies["about/"] and "不要写出号码" in real_bodies["about/"]


@pytest.mark.long
def test_every_link_between_pages_arrives(real_bodies: dict[str, str]) -> None:
    """Also every ``#`` in them. What other programs put into the site is known by its folder."""
    elsewhere = re.compile(
        r"(explore|search|changes|charts/.+|cards/.+|data/.+|leads/leads\.csv|assets/.+|projects/[^/]+/record\.json)(/.*)?"
    )
    anchors = {path: set(re.findall(r'\bid="([^"]*)"', text)) for path, text in real_bodies.items()}
    for path, text in real_bodies.items():
        for href in set(re.findall(r'\b(?:href|action)="([^"]*)"', text)):
            target = urljoin(f"http://site/{path}", unescape(href))
            if not target.startswith("http://site/"):
                assert target.startswith(("https://", "mailto:")), (path, href)
                continue
            place, _, fragment = target.removeprefix("http://site/").partition("#")
            place = place.partition("?")[0]
            if elsewhere.fullmatch(place.rstrip("/")) and place not in anchors:
                continue
            assert place in anchors, f"/{path} links to /{place}, which no page is"
            assert not fragment or unescape(unquote(fragment)) in {unescape(a) for a in anchors[place]}, (path, href)


@pytest.mark.long
def test_money_per_head_stands_with_its_census_and_nowhere_without(real_bodies: dict[str, str]) -> None:
    told = {path for path, text in real_bodies.items() if "常住人口" in text and "合每人" in text}
    assert told == {"regions/chongqing/2024/"}
    for path in told:
        assert "人口普查公报（第一号）" in real_bodies[path] and "不能拿来和别处比" in real_bodies[path]


@pytest.mark.long
def test_no_page_asks_a_third_party_for_anything(real_bodies: dict[str, str]) -> None:
    for path, text in real_bodies.items():
        assert not re.search(r"""<(?:script|img|iframe|link|source)\b|\bsrc=|url\(""", text), path


@pytest.mark.long
def test_ids_are_unique_on_a_page(real_bodies: dict[str, str]) -> None:
    for path, text in real_bodies.items():
        found = re.findall(r'\bid="([^"]*)"', text)
        assert len(found) == len(set(found)), path


@pytest.mark.long
def test_one_core_and_all_write_the_same_bytes(tmp_path: Path) -> None:
    written = tables()
    store.write(written.by_name(), SCHEMAS, tmp_path / "dataset")
    lines = {row.document_id: (Line(1, "绩效目标表"),) for row in written.documents}
    trees = []
    every = os.sched_getaffinity(0)
    for name, some in {"one": {min(every)}, "all": every}.items():
        os.sched_setaffinity(0, some)
        try:
            frame = Frame(ROOT, tmp_path / name)
            files.write(store.load(tmp_path / "dataset", SCHEMAS), load(DATA), frame.out / "data")
            paths = pages.write(store.load(tmp_path / "dataset", SCHEMAS), lines, load(DATA), frame, print)
        finally:
            os.sched_setaffinity(0, every)
        assert "projects/east-2024-key-001/" in paths
        trees.append(
            {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        )
    assert trees[0] == trees[1]
    told = json.loads(trees[0][Path("projects/east-2024-key-001/record.json")])
    assert told["id"] == "east-2024-key-001"


# In a browser

KINDS = (
    "",
    "regions/",
    "regions/chongqing/",
    "regions/wansheng/2025/",
    "regions/shapingba/2024/",
    "years/2024/",
    "sectors/",
    "sectors/education/",
    "departments/",
    "departments/changshou-caizhengju/",
    "projects/",
    "projects/changshou-2024-key-018/",
    "projects/shapingba-2024-finance-001/",
    "policies/",
    "quality/",
    "quality/indicators/",
    "quality/copies/",
    "sources/",
    "sources/changshou-2023-finance/",
    "data/",
    "about/",
    "en/",
    "offline/",
    "404.html",
)


# Each width and each scheme once: the four together take twice as long and have never told more.
LOOKS = [pytest.param(390, "light", id="light-390"), pytest.param(1280, "dark", id="dark-1280")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.site
@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_page_is_accessible_and_fits_the_screen(
    site_url: str, browser: Browser, width: int, scheme: Any, path: str
) -> None:
    """No axe violation of WCAG 2.2 AA with everything unfolded, no sideways scrolling, nothing fetched from elsewhere."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{site_url}/{path}")
    tab.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    if tab.locator("button.word").count():
        tab.locator("button.word").first.press("Enter")
    # Without the elements that pass, which axe would otherwise describe one by one: half the time.
    found = Axe().run(tab, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    context.close()
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    assert [url for url in asked if not url.startswith(site_url)] == []


@pytest.mark.site
def test_a_reader_without_script_gets_the_whole_page_and_the_systems_colours(site_url: str, browser: Browser) -> None:
    context = browser.new_context(
        java_script_enabled=False, color_scheme="dark", viewport={"width": 390, "height": 844}
    )
    tab = context.new_page()
    tab.goto(f"{site_url}/projects/changshou-2024-key-018/")
    assert tab.locator(".indicators tbody tr").count() == 6
    assert tab.locator("form[role=search] input").is_visible()
    assert not tab.locator("[data-scheme-switch]").is_visible()
    tab.locator("summary", has_text="行").first.click()
    assert tab.locator("ol.lines li").first.is_visible()
    context.close()


@pytest.mark.site
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_word_is_explained_in_place_by_finger_and_by_key(site_url: str, browser: Browser, script: bool) -> None:
    context = browser.new_context(
        java_script_enabled=script, has_touch=True, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(f"{site_url}/projects/changshou-2024-key-018/")
    word = tab.get_by_role("button", name="权重", exact=True)
    told = tab.get_by_text("这项指标在总分 100 分里占多少分")
    expect(told).to_be_hidden()
    word.tap()
    expect(told).to_be_visible()
    tab.get_by_role("button", name="关闭").tap()
    expect(told).to_be_hidden()
    word.press("Enter")
    expect(told).to_be_visible()
    tab.keyboard.press("Tab")
    expect(tab.locator(":focus"), "the way on leads through the explanation").to_have_text("全部名词")
    tab.keyboard.press("Escape")
    expect(told).to_be_hidden()
    context.close()


@pytest.mark.site
def test_the_scheme_switch_holds_over_pages_and_can_be_undone(site_url: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(f"{site_url}/")
    light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.get_by_role("button", name="换成深色").press("Enter")
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.goto(f"{site_url}/about/")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == dark != light
    tab.get_by_role("button", name="换成浅色").click()
    assert tab.evaluate("localStorage.length") == 0
    context.close()


@pytest.mark.site
@pytest.mark.parametrize("chosen", [None, "dark"])
def test_paper_is_light_whatever_the_screen_is(site_url: str, browser: Browser, chosen: str | None) -> None:
    tab = browser.new_page(color_scheme="dark")
    tab.goto(f"{site_url}/projects/changshou-2024-key-018/")
    if chosen:
        tab.evaluate("scheme => { document.documentElement.dataset.scheme = scheme }", chosen)
    sunk = "getComputedStyle(document.querySelector('.mz-page .bar')).backgroundColor"
    assert tab.evaluate(sunk) == "rgb(31, 36, 40)"
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate(sunk) == "rgb(243, 241, 236)"
    tab.close()


@pytest.mark.site
def test_nothing_of_the_theme_is_published(built_site: Path) -> None:
    """mkdocs copies whatever a theme holds besides its templates."""
    assert not (built_site / "partials").exists()
    own = {path.name for path in (DATA.parent / "docs" / "assets").iterdir()} - {"home.png"}
    assert {path.name for path in (built_site / "assets").iterdir()} == own


@pytest.mark.site
def test_no_script_makes_a_script_of_text(built_site: Path) -> None:
    """The theme's search does, which is not published."""
    paths = [path for path in built_site.rglob("*.js") if path.is_file()]
    scripts = {path.relative_to(built_site).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    assert "assets/site.js" in scripts and not [name for name in scripts if re.search("bundle|lunr|wordcut", name)]
    for name, text in scripts.items():
        assert not re.search(r"""\bnew Function\b|\beval\(|\bset(?:Timeout|Interval)\(["'`]""", text), name


@pytest.mark.site
def test_each_asset_is_used_and_each_page_loads_only_what_it_uses(built_site: Path) -> None:
    """A file of assets is loaded by a page or a script, or is the licence of one that is."""
    used: set[str] = set()
    for path in built_site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)" href|script src|img src)="([^"]*)"', text)
        addresses = [urljoin(path.relative_to(built_site).as_posix(), address).lstrip("./") for address in loaded]
        assert all((built_site / address).is_file() for address in addresses), path
        assert ("assets/charts.css" in addresses) == ('<figure class="chart' in text), path
        assert set(addresses) - {"assets/charts.css"} <= {"assets/site.css", "assets/site.js", "assets/seal.svg"} or (
            path.parent.name in ("explore", "search", "query")
        )
        used.update(addresses)
    scripts = "".join(path.read_text(encoding="utf-8") for path in built_site.glob("assets/*.js"))
    for path in (built_site / "assets").rglob("*"):
        name = path.relative_to(built_site).as_posix()
        licence = path.name in ("VERSIONS.txt",) or path.name.startswith("LICENSE")
        assert path.is_dir() or licence or name in used or path.name in scripts, f"没有网页用到 {name}"


@pytest.mark.site
def test_a_figure_leads_to_its_printed_line(site_url: str, browser: Browser) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{site_url}/projects/changshou-2024-key-018/")
    tab.locator(".money__sum a.src").click()
    line = tab.locator("ol.lines li:target")
    assert "项目总资金额" in line.inner_text() and "200" in line.inner_text()
    context.close()


@pytest.mark.site
def test_the_largest_project_page_weighs_little_at_the_first_visit(
    site_url: str, browser: Browser, built_site: Path
) -> None:
    """What is loaded, compressed as hosts do: the page, styles, scripts, pictures, type."""
    largest = max((built_site / "projects").glob("*/index.html"), key=lambda page: (page.stat().st_size, page))
    context = browser.new_context()
    tab = context.new_page()
    paths: list[str] = []
    tab.on("request", lambda request: paths.append(request.url.removeprefix(f"{site_url}/")))
    tab.goto(f"{site_url}/projects/{largest.parent.name}/", wait_until="networkidle")
    context.close()
    files = [built_site / (path + "index.html" if path.endswith("/") else path.partition("?")[0]) for path in paths]
    assert largest in files and any(file.suffix == ".css" for file in files)
    assert sum(len(compress(file.read_bytes())) for file in files if file.is_file()) < 45_000


# Nothing that a visitor opens grows with the whole


def lists_of(facts: Facts, history: releases.History) -> dict[str, int]:
    """The length of the first page of each list, and of what else speaks of all projects, by its path."""
    region_id, year = next(iter(facts.by_region_year))
    made: list[Page] = [
        home.page(facts),
        quality.page(facts),
        wording.page(facts, facts.wording_report),
        copies.page(facts, facts.rules.copies, facts.copies),
        changes.page(facts, history),
        downloads.page(facts),
        questions.page(facts),
        *(
            next(iter(some))
            for some in (
                regions.index(facts),
                results.index(facts),
                years.pages(facts, year),
                sectors.pages(facts, next(iter(facts.by_sector))),
                themes.pages(facts, next(iter(facts.by_theme)), has_feed=True),
                lists.departments(facts),
                lists.projects(facts),
                policies.pages(facts),
                leads.pages(facts),
                sources.index(facts),
                departments.pages(facts, next(iter(facts.departments))),
                region_year.pages(facts, region_id, year),
            )
        ),
    ]
    templates = pages.environment()
    return {page.path: len(pages.body(templates, page)) for page in made}


def grown(copies_of: int, folder: Path) -> tuple[Facts, releases.History]:
    """The tiny dataset so many times over, each copy a district with departments and documents of its own."""
    districts = tuple(
        RegionRow(f"d{at}", f"第{at}区", "district", "city", None, f"District {at}") for at in range(copies_of)
    )
    some = replace(tables(), regions=(*tables().regions, *districts))
    store.write(some.by_name(), SCHEMAS, folder)
    tiny = store.load(folder, SCHEMAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.multiply.DISTRICTS", copies_of)
        many, lines = multiply(tiny, lines_of(tables()), copies_of * len(tiny.tables.projects))
    return gather(many, lines, load(DATA)), releases.history(many, folder / "no-releases", {})


@pytest.mark.long
def test_no_page_grows_with_the_number_of_regions_and_projects(tmp_path: Path) -> None:
    """Once every list is full, twice as much adds digits to counts and pages to the list, and nothing else."""
    some, more = (lists_of(*grown(copies_of, tmp_path / str(copies_of))) for copies_of in (120, 240))
    assert len(some) == 19 and some.keys() == more.keys()
    for path, length in some.items():
        assert more[path] <= length * 1.02 + 200, f"/{path}: {length} characters, then {more[path]}"


def test_the_pages_of_a_list_hold_all_of_it_each_once(tmp_path: Path) -> None:
    facts, _ = grown(80, tmp_path / "dataset")
    found: list[str] = []
    paths = []
    for page in lists.departments(facts):
        view = page.view
        assert isinstance(view, lists.ListView) and view.pager is not None
        found += [item.name.href.rstrip("/").rpartition("/")[2] for group in view.groups for item in group.items]
        paths.append(page.path)
    assert sorted(found) == sorted(facts.departments)
    assert paths == ["departments/", "departments/page-2/"]


def test_a_year_of_many_projects_goes_on_with_its_whole_sum(tmp_path: Path) -> None:
    written = tables()
    first = written.projects[0]
    many = tuple(
        tiny_project(number, first.document_id, first.region_id, first.year, "100")
        for number in range(10, 2 * 120 + 10)
    )
    folder = tmp_path / "dataset"
    store.write(replace(written, projects=(*written.projects, *many)).by_name(), SCHEMAS, folder)
    facts = gather(store.load(folder, SCHEMAS), lines_of(written), load(DATA))
    whole = [row for row in facts.by_region_year[first.region_id, first.year] if row.form_type == "special_fund"]
    shown: list[str] = []
    for page in region_year.pages(facts, first.region_id, first.year):
        assert isinstance(page.view, region_year.RegionYearView | region_year.MoreView)
        (funds,) = (some for some in page.view.projects if some.title == "专项资金")
        assert funds.summary.startswith(f"{len(whole)} 项，合计 ")
        shown += [item.name.href.rstrip("/").rpartition("/")[2] for item in funds.items]
        pages.body(pages.environment(), page)
    assert sorted(shown) == sorted(row.project_id for row in whole)


@pytest.mark.site
def test_every_page_weighs_little(built_site: Path) -> None:
    """The pages of sources apart, which are as long as the document that they print."""
    for path in built_site.rglob("*.html"):
        if path.parent.parent.name != "sources":
            assert len(compress(path.read_bytes())) <= 60_000, path


@pytest.mark.site
def test_lists_are_eight_screens_of_a_phone_at_most(site_url: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for path in (
        *("", "regions/", "departments/", "projects/", "policies/", "leads/", "quality/", "quality/indicators/"),
        *("quality/copies/", "changes/", "sectors/", "sectors/social-security/", "themes/", "themes/elderly/"),
        *("regions/changshou/2024/", "regions/chongqing/2024/", "regions/wansheng/2025/", "years/2024/", "sources/"),
        "data/questions/",
    ):
        page.goto(f"{site_url}/{path}")
        screens = page.evaluate("document.documentElement.scrollHeight") / 844
        assert screens <= 8, f"/{path}: {screens:.1f}"
    page.close()


@pytest.mark.site
def test_letters_twice_as_large_stay_on_a_phone(browser: Browser, site_url: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    wider = {}
    for path in (
        *("", "regions/", "regions/changshou/", "regions/wansheng/2025/", "projects/changshou-2024-key-029/"),
        *("explore/", "search/?q=养老", "leads/", "themes/elderly/", "data/questions/", "about/", "en/"),
    ):
        page.goto(f"{site_url}/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
        if (width := page.evaluate("() => document.documentElement.scrollWidth")) > 390:
            wider[path] = width
    page.close()
    assert wider == {}
