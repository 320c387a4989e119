"""The dataset → site/: packages and downloads, generated pages, mkdocs, the search index; then swapped in at once.

Everything is made beside the published site, which is replaced by a rename at the very end: an interrupted or failed
build leaves the last good one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from builder.dataset import history as releases
from builder.dataset import store
from builder.faults import PublishingFault
from builder.model import Line
from builder.package import catalogues, derived, files
from builder.package import releases as versions
from builder.package.judge import judge
from builder.settings import Settings
from builder.site import explore, offline, pages, search

Progress = Callable[[str], None]


def build(root: Path, settings: Settings, lines: Mapping[str, Sequence[Line]], progress: Progress) -> int:
    """Build ``root/site`` from the dataset beside the ``settings``; returns how many pages were generated. Raises ``PublishingFault``.

    ``lines`` holds each document's lines for the pages that show them. Generated pages are written below ``docs/``,
    which mkdocs reads; what an earlier build left there is removed first.
    """
    docs, staging = root / "docs", root / "build"
    _recover(root / "site", staging / "replaced")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    for name in pages.GENERATED:
        shutil.rmtree(docs / name, ignore_errors=True)
    tables = store.load(settings.data / "dataset", settings.schemas)
    history = releases.history(tables, settings.data / "releases", releases.replacements(settings.documents))
    settings = replace(settings, package=versions.stamped(settings.package, tables, history))
    progress("生成数据包和下载文件")
    whole = derived.published(tables, settings)
    files.write(whole, settings, docs / "data")
    progress("用 frictionless 校验数据包")
    judge(docs / "data")
    progress("生成页面")
    paths = pages.write(whole, lines, settings, docs)
    progress(f"mkdocs 排版 {len(paths)} 页")
    _mkdocs(root, staging / "site")
    _drop_assets_of_the_theme(staging / "site" / "assets", docs / "assets")
    progress("建搜索索引和筛选表")
    search.index(tables, settings, staging / "site")
    explore.write(tables, settings.codes, staging / "site" / "explore")
    progress("写机器可读的目录")
    catalogues.write(whole, settings.package, settings.package.base_url, staging / "site")
    versions.write(whole, settings.package, history, root / ".cache" / "releases", staging / "site")
    progress("打包离线网站")
    offline.write(staging / "site", staging / "site" / "data" / "mingzhang-site.zip")
    progress("换上新站点")
    _swap(staging / "site", root / "site", staging / "replaced")
    shutil.rmtree(staging)
    return len(paths)


def _mkdocs(root: Path, out: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    # The gzipped sitemap holds a time; a fixed one keeps the bytes the same.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        raise PublishingFault(f"mkdocs build --strict 没有通过，站点保持上一次的样子。它说：\n{said}")


def _drop_assets_of_the_theme(published: Path, own: Path) -> None:
    """Leave only our own assets: mkdocs copies 2.3 MB of the theme's scripts and styles, which no page of ours loads."""
    for path in sorted(published.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and not (own / path.relative_to(published)).is_file():
            path.unlink()


def _swap(new: Path, published: Path, aside: Path) -> None:
    if published.exists():
        published.rename(aside)
    new.rename(published)


def _recover(published: Path, aside: Path) -> None:
    """Put back the site of a build that was stopped between the two renames of ``_swap``."""
    if aside.exists() and not published.exists():
        aside.rename(published)
