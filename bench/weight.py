"""What a browser that knows nothing of the site loads: bytes on the wire, every answer compressed as hosts do."""

import gzip
import os
import random
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import click
from playwright.sync_api import Browser, Response, sync_playwright

from builder.site.search import Entry
from builder.text import searchable

# A name, an indicator that nearly every project has, an alias, a document number, and two terms.
QUERIES = ("老党员", "满意度", "区教委", "渝府办发〔2017〕121号", "危房 万盛")
SAMPLES = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire: the heaviest first search, and the largest project page with all that it loads."""

    search: int
    project: int


def of_site(site: Path) -> Weight:
    """The weight of a built site."""
    with _browser() as browser, _served(site) as address:
        largest = max((site / "projects").glob("*/index.html"), key=lambda page: (page.stat().st_size, page))
        project = _loaded(browser, f"{address}/projects/{largest.parent.name}/", "h1")
        searches = [_loaded(browser, f"{address}/search/?q={quote(query)}", ".hit") for query in QUERIES]
    return Weight(max(searches), project)


def recall(site: Path, entries: Sequence[Entry], aliases: Sequence[Sequence[str]]) -> float:
    """Of all entries that hold a text, the share that a search for it finds, over pieces of names and indicators."""
    texts = [[searchable(text) for zone in entry.zones for text in zone] for entry in entries]
    known = {word for group in aliases for word in group}
    chance = random.Random(1)
    names = sorted({searchable(text) for entry in entries for text in (entry.name, *entry.indicators)})
    queries = [name[:6] for name in chance.sample(names, SAMPLES) if len(name) > 1 and name[:6] not in known]
    wanted = found = 0
    with _browser() as browser, _served(site) as address:
        page = browser.new_page()
        page.goto(f"{address}/search/")
        page.wait_for_function("() => Boolean(window.mingzhang?.search)")
        for query in queries:
            expected = {number for number, some in enumerate(texts) if any(query in text for text in some)}
            hits = page.evaluate("async (query) => (await mingzhang.search(query)).hits.map((hit) => hit.entry)", query)
            wanted, found = wanted + len(expected), found + len(expected & set(hits))
    return found / wanted


def _loaded(browser: Browser, address: str, shown: str) -> int:
    """Bytes of all answers until ``shown`` is there and nothing more comes."""
    sizes: list[int] = []

    def note(answer: Response | None) -> None:
        assert answer is not None
        sizes.append(len(gzip.compress(answer.body())))

    context = browser.new_context()
    page = context.new_page()
    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(address)
    page.wait_for_selector(shown)
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(sizes)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def _browser() -> Iterator[Browser]:
    names = (os.environ.get("CHROMIUM", "chromium-headless-shell"), "chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        raise click.ClickException(
            "找不到 Chromium，量不了网页的大小。请安装（Debian：apt install chromium-headless-shell），或用环境变量 CHROMIUM 指出它在哪里。"
        )
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
