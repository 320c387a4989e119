"""What several test modules share: the five documents compiled once, the site built once, a browser."""

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import printed
import pytest
from hypothesis.internal.conjecture import providers

from builder.dataset.compile import Compiled
from builder.settings import Settings, load

# What only tests of the site need is imported where it is needed: it takes as long as a hundred quick tests.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
# A folder by its name, filled by whoever asks for it first.
Once = Callable[[str, Callable[[Path], object]], Path]

# A push fails for what it changed, not for what chance found in it. Looking further: --hypothesis-profile=search
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=3000)
hypothesis.settings.load_profile("repeatable")
# Hypothesis also draws constants that it finds in whatever modules are loaded: a test would try other examples alone than
# among others, and on one machine than on the next. There is no setting for it.
assert callable(providers._get_local_constants)
NO_CONSTANTS = providers.Constants()
providers._get_local_constants = lambda: NO_CONSTANTS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="重写 tests/golden/*.json；请逐行看 git diff 再提交。")


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load(ROOT / "data")


@pytest.fixture(scope="session")
def compiled(settings: Settings) -> Compiled:
    """The five documents of data/sources, read now and in this process; a long test reads them as a build does."""
    return printed.compiled(settings)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Makes a folder in this run, for whichever worker asks first; the others wait for it and read it too."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, fault = shared / name, shared / f"{name}.fault"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if fault.exists():
                pytest.fail(fault.read_text(encoding="utf-8"))
            if not folder.exists():
                try:
                    make(folder)
                except Exception as error:
                    fault.write_text(f"没有建成：{error}", encoding="utf-8")
                    raise
        return folder

    return made


@pytest.fixture(scope="session")
def built_site(once: Once, compiled: Compiled) -> Path:
    """The site, built in this session from this tree: no test can pass against an older one.

    Built in a copy of what a build reads, so that nobody's docs/ or site/ is touched.
    """
    from builder.site import build

    def make(root: Path) -> None:
        copy_sources_of_the_site(root)
        build.build(root, load(root / "data"), compiled.lines, lambda message: None)

    return once("tree", make) / "site"


@pytest.fixture(scope="session")
def told_site(once: Once) -> Path:
    """A small site with results, typed: see ``results_site``."""
    from results_site import build_with_results

    def make(root: Path) -> None:
        copy_sources_of_the_site(root)
        build_with_results(root)

    return once("told", make) / "site"


def long_but(kept: Collection[object], values: Iterable[object]) -> list[object]:
    """The ``values`` of a parameter, or tuples of several, of which the fast suite tries the ``kept`` and the whole one all."""

    def long(value: object) -> object:
        return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)

    return [value if value in kept else long(value) for value in values]


def copy_sources_of_the_site(root: Path) -> None:
    """What a build of the site reads, into the new folder ``root``."""
    root.mkdir()
    shutil.copy(ROOT / "mkdocs.yml", root)
    for name in ("data", "templates", "docs"):
        shutil.copytree(ROOT / name, root / name)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def served() -> Callable[[Path], AbstractContextManager[str]]:
    """Serves a folder over HTTP while a ``with`` lasts; gives its address without a slash at the end."""
    return _served


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    """The built site over HTTP, without a slash at the end."""
    with _served(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def told_url(told_site: Path) -> Iterator[str]:
    """The small site with results over HTTP, without a slash at the end."""
    with _served(told_site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A Chromium of the machine: the one that CHROMIUM names, else one on the path.

    The one without windows comes first: a page takes it a quarter of the processor time.
    """
    from playwright.sync_api import expect, sync_playwright

    names = (os.environ.get("CHROMIUM", "chromium-headless-shell"), "chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.fail(
            "找不到 Chromium，页面测试没有跑。请安装（Debian：apt install chromium-headless-shell），"
            "或用环境变量 CHROMIUM 指出它在哪里；暂时不跑页面测试：pytest -m 'not site'。"
        )
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.fixture(scope="session")
def libreoffice() -> None:
    """Fails where LibreOffice is missing: what was not tried has not passed."""
    if not any(map(shutil.which, ("soffice", "libreoffice"))):
        pytest.fail(
            "找不到 LibreOffice，有测试要用它打开文件。请安装（Debian：apt install libreoffice-writer libreoffice-calc）；"
            "暂时不跑：pytest -m 'not office'。"
        )
