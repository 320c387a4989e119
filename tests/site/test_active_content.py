"""No word of a document ever runs: on no page, in no view, over HTTP or from a disk.

A site is built from a dataset whose every text is a payload, one payload a document, and opened in a browser. Where
the escaping is taken out on purpose the payloads are live, and the pages' Content-Security-Policy alone stops them.
"""

import base64
import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Once, copy_sources_of_the_site
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tiny import DATA, spoiled, tables, with_units

from builder.dataset import store
from builder.dataset.rows import Tables
from builder.model import Line
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import build
from builder.site.offline import FOLDER

SCHEMAS = load_schemas(DATA / "schemas")
THEME = DATA.parent / "templates" / "theme"

# Each runs `ran=1`, or leaves the site, where a page takes it for markup; the name of the project stands before it.
PAYLOADS = (
    '甲"><svg/onload=ran=1>',
    "甲</title/x><svg/onload=ran=1>",
    "甲</title><script>ran=1</script>",
    "甲<img src=x onerror=ran=1>",
    '甲<img/src="x"onerror=ran=1>',
    "甲' onmouseover='ran=1' autofocus onfocus='ran=1' x='",
    '甲" onmouseover="ran=1" autofocus onfocus="ran=1" x="',
    "甲<details open ontoggle=ran=1>",
    "甲--><svg onload=ran=1><!--",
    "甲]]><svg onload=ran=1>",
    "甲</textarea></style></noscript></template><svg onload=ran=1>",
    "甲<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "甲<meta/http-equiv=refresh content=0;url=http://evil.example/>",
    "甲<link/rel=stylesheet href=http://evil.example/x.css>",
    "甲<base href=http://evil.example/>",
    "甲[x](javascript:ran=1) ![x](http://evil.example/x.png) <javascript:ran=1>",
    "甲</script><script>ran=1</script>",
    "甲\\u003csvg onload=ran=1\\u003e \\x3csvg onload=ran=1\\x3e",
    "甲{{ 7*7 }} {% include 'x' %} ${ran=1} `${ran=1}`",
    "甲&lt;img src=x onerror=ran=1&gt; &amp;lt;svg onload=ran=1&amp;gt;",
    '甲\n\n<svg/onload=ran=1>\n\n    <img src=x onerror=ran=1>\n"""',
    "甲<form action=javascript:ran=1><button autofocus>x</button></form>",
    "甲<a href=javascript:ran=1 autofocus onfocus=ran=1>x</a>",
    "甲<math><mtext></mtext><mglyph><style><img src=x onerror=ran=1></style></math>",
)
# Those that run, or fetch from elsewhere, as soon as a page's text is taken for markup.
LIVE = tuple(payload for payload in PAYLOADS if "<svg" in payload or "<img" in payload or "<script>" in payload)


def of_document(number: int, rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """The rows of ``tiny``'s first document, under ids of their own."""
    found = []
    for row in rows:
        ids = {f.name: getattr(row, f.name) for f in fields(row) if f.name.endswith("_id") or f.name == "file"}
        own = next(iter(ids.values()), getattr(row, "record_id", ""))
        if ("east" not in " ".join(map(str, ids.values())) and "policy_id" not in ids) or "2025" in str(own):
            continue
        renamed = {
            name: f"p{number:02d}-{value}"
            for name, value in ids.items()
            if value is not None and name not in ("region_id", "sector_id")
        }
        found.append(replace(row, **renamed))
    return tuple(found)


def hostile_tables() -> Tables:
    """A document, a department and two projects for each payload, with the payload in every text."""
    clean = tables()
    found: dict[str, tuple[Any, ...]] = {name: () for name in clean.by_name()}
    for number, payload in enumerate(PAYLOADS):
        for name, rows in spoiled(clean, payload).by_name().items():
            found[name] += of_document(number, rows)
    # A finding belongs to a project or to its document; those of other documents went with them.
    documents = {row.document_id for row in found["documents"]}
    found["findings"] = tuple(row for row in found["findings"] if row.document_id in documents)
    return with_units(Tables(**{**found, "regions": clean.regions, "sectors": clean.sectors, "units": clean.units}))


@pytest.fixture(scope="module")
def hostile_site(once: Once) -> Path:
    def make(root: Path) -> None:
        copy_sources_of_the_site(root)
        shutil.rmtree(root / "data" / "releases")
        written = hostile_tables()
        store.write(written.by_name(), SCHEMAS, root / "data" / "dataset")
        lines = {
            row.document_id: tuple(Line(number, row.title, row.title) for number in range(1, 10))
            for row in written.documents
        }
        build.build(root, load(root / "data"), lines, lambda message: None)

    return once("hostile", make) / "site"


@pytest.fixture(scope="module")
def hostile_url(hostile_site: Path, served: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with served(hostile_site) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    made.add_init_script(
        "window.broken=[];addEventListener('securitypolicyviolation',e=>broken.push(e.violatedDirective+' '+e.blockedURI))"
    )
    yield made
    made.close()


class Watched:
    """A page, and what it asked of others."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.elsewhere: list[str] = []
        self.page.route(re.compile(r"^(?!http://127\.0\.0\.1|file:|data:|blob:)"), self._refuse)

    def _refuse(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def has_run(self, *, awaited: bool) -> bool:
        """Whether a script ran. One that is ``awaited`` has the time that a busy machine takes."""
        if awaited:
            self.page.wait_for_function("window.ran === 1")
        else:
            self.page.wait_for_timeout(200)
        ran: bool = self.page.evaluate("window.ran") == 1
        return ran

    def require_quiet(self) -> None:
        """Nothing ran, nothing was fetched from elsewhere, and the policy had nothing to stop."""
        assert self.page.evaluate("window.ran") is None, self.page.url
        assert self.elsewhere == [], self.page.url
        assert self.page.evaluate("window.broken") == [], self.page.url


def html_pages(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


@pytest.mark.site
def test_nothing_runs_on_any_page(hostile_site: Path, hostile_url: str, context: BrowserContext) -> None:
    watched = Watched(context)
    names = html_pages(hostile_site)
    assert sum(name.startswith("projects/p") for name in names) == 2 * len(PAYLOADS)
    for name in names:
        watched.page.goto(f"{hostile_url}/{name}")
        watched.require_quiet()


@pytest.mark.site
def test_nothing_runs_from_a_disk(hostile_site: Path, context: BrowserContext, tmp_path: Path) -> None:
    with zipfile.ZipFile(hostile_site / "data" / "mingzhang-site.zip") as archive:
        archive.extractall(tmp_path)
    folder, watched = tmp_path / FOLDER, Watched(context)
    for name in html_pages(folder):
        watched.page.goto((folder / name).as_uri())
        watched.require_quiet()


def explored(page: Page, address: str, query: str) -> int:
    """Open a view of the table and page through it; the number of its rows."""
    page.goto(f"{address}/explore/{query}")
    page.wait_for_selector("[data-explore-table] tbody tr")
    rows, last = 0, page.url
    while True:
        rows += page.locator("[data-explore-table] tbody tr").count()
        following = page.locator("[data-explore-table] nav [aria-label=下一页]:not(.disabled)")
        if not following.count():
            return rows
        following.click()
        expect(page).not_to_have_url(last)
        last = page.url


@pytest.mark.site
@pytest.mark.parametrize("view", ["projects", "indicators"])
def test_nothing_runs_in_the_table_of_all_data(hostile_url: str, context: BrowserContext, view: str) -> None:
    watched = Watched(context)
    rows = explored(watched.page, hostile_url, f"?view={view}")
    assert rows == {"projects": 2, "indicators": 3}[view] * len(PAYLOADS)
    watched.require_quiet()


@pytest.mark.site
def test_nothing_runs_in_the_search(hostile_url: str, context: BrowserContext) -> None:
    watched = Watched(context)
    for words in ("甲", "onload", "script ran"):
        watched.page.goto(f"{hostile_url}/search/?q={words}")
        results = watched.page.locator("[data-search-results] li")
        results.first.wait_for()
        while (more := watched.page.locator("[data-search-more]")).is_visible():
            shown = results.count()
            more.click()
            # The button tells by itself when its results stand: clicked earlier it may be gone by the time it is found.
            results.nth(shown).wait_for()
        assert results.count() >= 10
        watched.require_quiet()


@pytest.mark.site
def test_nothing_runs_from_an_address(site_url: str, context: BrowserContext) -> None:
    watched = Watched(context)
    for payload in LIVE:
        for place in ("search/?q=", "explore/?q=", "explore/?region=", "#", "explore/#"):
            watched.page.goto(f"{site_url}/{place}{payload}")
            watched.page.wait_for_timeout(20)
            watched.require_quiet()


# The policy alone


def unescaped(page: str, payload: str) -> str:
    """The page as templates without escaping would print it: the words raw in its title, an attribute and its text."""
    raw = re.sub(r"<title>.*?</title>", lambda _: f"<title>{payload}</title>", page, count=1, flags=re.DOTALL)
    return raw.replace("<h1", f'<p title="{payload}">{payload}</p><h1', 1)


def answering(body: str, content_type: str = "text/html; charset=utf-8") -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type=content_type)

    return answer


def without_policy(page: str) -> str:
    stripped = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    assert stripped != page
    return stripped


@pytest.mark.site
@pytest.mark.parametrize("payload", LIVE)
def test_the_policy_stops_what_is_not_escaped(
    payload: str, hostile_site: Path, hostile_url: str, context: BrowserContext
) -> None:
    number = PAYLOADS.index(payload)
    path = f"departments/p{number:02d}-east-zhujian/"
    raw = unescaped((hostile_site / path / "index.html").read_text(encoding="utf-8"), payload)
    ran = []
    for body in (without_policy(raw), raw):
        watched = Watched(context)
        watched.page.route(
            f"{hostile_url}/{path}",
            answering(body),
        )
        watched.page.goto(f"{hostile_url}/{path}")
        ran.append(watched.has_run(awaited=not ran))
        assert watched.elsewhere == []
    assert ran == [True, False], "live without the policy, dead with it"


@pytest.mark.site
def test_the_policy_stops_the_table_where_words_are_written_as_html(
    hostile_url: str, hostile_site: Path, context: BrowserContext
) -> None:
    script = (hostile_site / "assets" / "explore.js").read_text(encoding="utf-8")
    assert script.count("return node(") == 1
    careless = script.replace("return node(", "return String(")
    page = (hostile_site / "explore" / "index.html").read_text(encoding="utf-8")
    ran = []
    for body in (without_policy(page), page):
        watched = Watched(context)
        watched.page.route("**/assets/explore.js", answering(careless, "text/javascript"))
        watched.page.route(
            re.compile(r"/explore/(\?.*)?$"),
            answering(body),
        )
        # Not the row that leads elsewhere by `http-equiv=refresh`: a policy forbids scripts and fetches, not leaving.
        explored(watched.page, hostile_url, "?view=indicators&q=img src=x onerror")
        ran.append(watched.has_run(awaited=not ran))
    assert ran == [True, False], "live without the policy, dead with it"


@pytest.mark.site
def test_every_page_bears_the_policy_before_anything_that_it_governs(built_site: Path) -> None:
    usual = (THEME / "partials" / "content-security-policy.html").read_text(encoding="utf-8").strip()
    # One page runs SQLite, which is WebAssembly.
    query = usual.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    for name in html_pages(built_site):
        policy = query if str(name) == "data/query/index.html" else usual
        head = html.fromstring((built_site / name).read_bytes()).find("head")
        assert [element.tag for element in head][:2] == ["meta", "meta"], name
        assert head[1].attrib == {"http-equiv": "Content-Security-Policy", "content": policy}, name


@pytest.mark.site
def test_the_only_script_within_a_page_is_the_one_whose_hash_the_policy_names(built_site: Path) -> None:
    policy = (THEME / "partials" / "content-security-policy.html").read_text(encoding="utf-8")
    for name in html_pages(built_site):
        for script in html.fromstring((built_site / name).read_bytes()).iter("script"):
            if script.get("type") == "application/ld+json" or script.get("src"):
                continue
            digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, f"{name}：把这个写进 content-security-policy.html：'sha256-{digest}'"


@pytest.mark.site
def test_the_real_site_keeps_its_own_policy(built_site: Path, site_url: str, context: BrowserContext) -> None:
    watched = Watched(context)
    kinds: dict[tuple[str, int], str] = {}
    for name in html_pages(built_site):
        kinds.setdefault((name.split("/")[0], name.count("/")), name)
    assert len(kinds) > 20
    for name in kinds.values():
        watched.page.goto(f"{site_url}/{name}")
        watched.require_quiet()
    for view in ("?view=indicators&sort=-weight", "?region=changshou"):
        explored(watched.page, site_url, view)
        for kind in ("csv", "xlsx"):
            with watched.page.expect_download():
                watched.page.locator(f"[data-download={kind}]").click()
        watched.require_quiet()
