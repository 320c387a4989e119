"""What is measured, each in a process of its own: nothing is warm, and the memory is its own."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from html import unescape
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from bench import printed, weight
from bench.multiply import multiply
from builder import room
from builder.dataset import compile as compiling
from builder.dataset import private, store
from builder.dataset.store import Dataset
from builder.model import Document, Line
from builder.readers import formats
from builder.settings import load
from builder.settings.manifest import sha256
from builder.site import build, search

ROOT = Path(__file__).resolve().parents[1]
Result = TypeVar("Result")
_ARTICLE = re.compile("<article[^>]*>|</article>")


@dataclass(frozen=True, slots=True)
class Built:
    """One build: projects in the dataset, pages generated, seconds in all and by stage, peak memory in MB.

    ``cpu`` is seconds of processor time: on a machine with other work it says more than the clock does. ``again`` is
    seconds of the clock for a second build with nothing changed, ``bytes`` and ``files`` those of the site without its
    copies for a disk, which weigh ``copies``. ``hugo`` is what Hugo takes for the project pages, in processor seconds,
    if it is installed. ``weight`` is that of the finished site.
    """

    projects: int
    pages: int
    seconds: float
    cpu: float
    stages: tuple[tuple[str, float], ...]
    megabytes: float
    again: float
    bytes: int
    files: int
    copies: int
    hugo: float | None
    weight: weight.Weight


@dataclass(frozen=True, slots=True)
class Read:
    """One document read: its forms and pages (0 where the format has none), seconds, processor seconds, peak memory in
    MB, the program's own included."""

    forms: int
    pages: int
    seconds: float
    cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Added:
    """Seconds to add a document, and how many documents were read for it, those that are text not counted."""

    seconds: float
    readings: int


@dataclass(frozen=True, slots=True)
class Found:
    """The search over so many projects: its weight, and the share of what it should find that it finds."""

    projects: int
    weight: weight.Weight
    recall: float


def apart(action: Callable[..., Result], *arguments: int | str) -> Result:
    """What ``action`` returns in a new process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(action, *arguments).result()


def read() -> tuple[int, int, float]:
    """Read all documents into forms: how many documents, how many forms, seconds."""
    settings = load(ROOT / "data")
    start = time.perf_counter()
    forms = 0
    for document in settings.current_documents:
        forms += compiling.read_document(document, settings, silent, lambda _, extract: len(extract.forms))
    return len(settings.current_documents), forms, time.perf_counter() - start


def compiled() -> float:
    """Seconds from the documents to the checked dataset, the vocabulary's loading included."""
    start = time.perf_counter()
    compiling.compile_dataset(load(ROOT / "data"), silent)
    return time.perf_counter() - start


def written(fmt: str, forms: int, path: str) -> None:
    """Print ``forms`` forms into a file."""
    printed.write(ROOT / "data", forms, fmt, Path(path))


def read_file(path: str) -> Read:
    """Read the forms of one file."""
    settings = load(ROOT / "data")
    file = Path(path)
    media_type = formats.detect(file)
    document = Document("bench", "", 0, "", "", file, media_type, "", 0)
    with compiling.seldom_collected():
        start, cpu = time.perf_counter(), _cpu()
        reading = private.publishable(formats.read(file, media_type))
        forms = compiling.extract_document(document, reading, settings).forms
    seconds, cpu = time.perf_counter() - start, _cpu() - cpu
    return Read(len(forms), max(row.page or 0 for row in reading.rows), seconds, cpu, _megabytes())


def read_at_once(path: str, copies: int) -> tuple[int, float]:
    """Read so many copies of a file as a build reads documents, as many at once as there are cores: forms, and seconds of
    the clock."""
    settings, file = load(ROOT / "data"), Path(path)
    document = Document("bench", "", 0, "", "", file, formats.detect(file), sha256(file), file.stat().st_size)
    begin = partial(compiling.begin, document, settings, silent, lambda _, extract: len(extract.forms))
    start = time.perf_counter()
    with closing(room.abreast([begin] * copies)) as rooms:
        forms = sum(made() for made in rooms)
    return forms, time.perf_counter() - start


def added(*paths: str) -> list[Added]:
    """Add the files to the project, one after the other, in a copy that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("builder", "data"):
            shutil.copytree(ROOT / name, root / name)
        return [_added(root, path, number) for number, path in enumerate(paths)]


def _added(root: Path, path: str, number: int) -> Added:
    kept = load(root / "data").kept_readings
    before = len(list(kept.glob("*")))
    # A region and year of its own for each: the same ones would make it a revision of another document.
    given = ["--region", "chongqing", "--year", str(2030 + number)]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "builder", "add", path, *given], cwd=root, check=True, capture_output=True)
    return Added(time.perf_counter() - start, len(list(kept.glob("*"))) - before)


def found(projects: int) -> Found:
    """Search at least so many projects. Their pages are not built: what a search loads is the search page, the index,
    and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy_project(root)
        tables, lines = _real()
        build.build(root, load(root / "data"), lines, silent)
        tables, _ = multiply(tables, lines, projects)
        entries = [*search.dataset_entries(tables, load(root / "data")), *search.written_entries(root / "site")]
        aliases = search.aliases(load(root / "data"))
        with store.replacing(root / "site" / "search" / "data") as index:
            search.write(entries, aliases, index)
        share = weight.recall(root / "site", entries, aliases)
        return Found(len(tables.tables.projects), weight.of_site(root / "site"), share)


def built(projects: int) -> Built:
    """Build the site of the real dataset (``projects`` 0) or of at least so many, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy_project(root)
        tables, lines = _real()
        if projects:
            tables, lines = multiply(tables, lines, projects)
            for name, schema in tables.schemas.items():
                text = store.csv_bytes(schema.names, tables.rows(name))
                (root / "data" / "dataset" / f"{name}.csv").write_bytes(text)
        moments: list[tuple[str, float]] = []
        start, cpu = time.perf_counter(), _cpu()
        count = build.build(
            root, load(root / "data"), lines, lambda message: moments.append((message, time.perf_counter()))
        )
        end, cpu = time.perf_counter(), _cpu() - cpu
        megabytes = _megabytes()
        build.build(root, load(root / "data"), lines, silent)
        again = time.perf_counter() - end
        files = [path for path in (root / "site").rglob("*") if path.is_file()]
        copies = sum(path.stat().st_size for path in files if path.name.endswith("-site.zip"))
        size = sum(path.stat().st_size for path in files) - copies
        hugo = _hugo(root / "site" / "projects", root / "hugo")
        on_the_wire = weight.of_site(root / "site")
    stages = [(name, after - at) for (name, at), (_, after) in zip(moments, [*moments[1:], ("", end)], strict=True)]
    return Built(
        *(len(tables.tables.projects), count, end - start, cpu, tuple(stages), megabytes),
        *(again, size, len(files), copies, hugo, on_the_wire),
    )


def _hugo(pages: Path, root: Path) -> float | None:
    """Processor seconds for Hugo to put the same bodies into the same frame; ``None`` where it is not installed."""
    if shutil.which("hugo") is None:
        return None
    frame = ""
    for page in sorted(pages.glob("*/index.html")):
        before, body, after = _ARTICLE.split(page.read_text(encoding="utf-8"))
        title = before.partition("<title>")[2].partition("</title>")[0]
        frame = f"{before.replace(title, '{{ .Title }}')}<article>{{{{ .Content }}}}</article>{after}"
        content = root / "content" / "projects" / page.parent.name / "index.html"
        content.parent.mkdir(parents=True)
        content.write_text(f"---\ntitle: {json.dumps(unescape(title))}\n---\n{body}", encoding="utf-8")
    (root / "layouts" / "_default").mkdir(parents=True)
    (root / "layouts" / "_default" / "single.html").write_text(frame, encoding="utf-8")
    kinds = ["home", "section", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
    (root / "config.json").write_text(json.dumps({"baseURL": "https://example.org/", "disableKinds": kinds}))
    before_cpu = _cpu()
    subprocess.run(["hugo", "--quiet"], cwd=root, check=True)
    return _cpu() - before_cpu


def silent(message: str) -> None:
    """Nobody watches a benchmark."""


def _cpu() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def _megabytes() -> float:
    """The peak memory of this process or of those that it has waited for, whichever is more."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _real() -> tuple[Dataset, Mapping[str, Sequence[Line]]]:
    """The published dataset, and the lines of its documents."""
    settings = load(ROOT / "data")
    lines = compiling.compile_dataset(settings, silent).lines
    return store.load(ROOT / "data" / "dataset", settings.schemas), lines


def _copy_project(root: Path) -> None:
    """All that a build reads, without what earlier builds left."""
    for name in ("data", "templates", "docs"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
