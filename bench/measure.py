"""What is measured, each in a process of its own: nothing is warm, and the memory is its own."""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from bench.multiply import multiply
from builder import config, dataset, pages, pipeline, site

ROOT = Path(__file__).resolve().parents[1]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Built:
    """One build: projects in the dataset, pages generated, seconds in all and by stage, peak memory in MB.

    ``cpu`` is seconds of processor time: on a machine with other work it says more than the clock does.
    """

    projects: int
    pages: int
    seconds: float
    cpu: float
    stages: tuple[tuple[str, float], ...]
    megabytes: float


def apart(action: Callable[..., Result], *arguments: int) -> Result:
    """What ``action`` returns in a new process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(action, *arguments).result()


def read() -> tuple[int, int, float]:
    """Read all documents into forms: how many documents, how many forms, seconds."""
    settings = config.load(ROOT / "data")
    start = time.perf_counter()
    forms = 0
    for document in settings.current_documents:
        reading = pipeline.read_document(document, settings, silent)
        forms += len(pipeline.extract_document(document, reading, settings).forms)
    return len(settings.current_documents), forms, time.perf_counter() - start


def compiled() -> float:
    """Seconds from the documents to the checked dataset, the vocabulary's loading included."""
    start = time.perf_counter()
    pipeline.compile_dataset(config.load(ROOT / "data"), silent)
    return time.perf_counter() - start


def built(projects: int) -> Built:
    """Build the site of the real dataset (``projects`` 0) or of at least so many, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy_project(root)
        lines = pipeline.compile_dataset(config.load(ROOT / "data"), silent).lines
        schemas = dataset.load_schemas(ROOT / "data" / "schemas")
        tables = dataset.load(ROOT / "data" / "dataset", schemas)
        if projects:
            tables, lines = multiply(tables, lines, projects)
            for name, schema in schemas.items():
                text = dataset.csv_bytes(schema, list(tables.rows(name)))
                (root / "data" / "dataset" / f"{name}.csv").write_bytes(text)
        moments: list[tuple[str, float]] = []
        start, cpu = time.perf_counter(), _cpu()
        count = site.build(root, lines, lambda message: moments.append((message, time.perf_counter())))
        end, cpu = time.perf_counter(), _cpu() - cpu
    stages = [(name, after - at) for (name, at), (_, after) in zip(moments, [*moments[1:], ("", end)], strict=True)]
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Built(len(tables.tables["projects"]), count, end - start, cpu, tuple(stages), peak / 1024)


def silent(message: str) -> None:
    """Nobody watches a benchmark."""


def _cpu() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def _copy_project(root: Path) -> None:
    """All that a build reads, without what earlier builds left."""
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copytree(ROOT / "docs", root / "docs", ignore=lambda path, names: _left_over(Path(path)))
    shutil.copy(ROOT / "mkdocs.yml", root)


def _left_over(folder: Path) -> set[str]:
    return set(pages.GENERATED) if folder == ROOT / "docs" else set()
