"""A dataset that says as little as the schemas allow builds everything that is published; a misspelt column does not."""

import subprocess
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import DATA, tables

from builder.dataset import store
from builder.dataset.rows import Tables
from builder.dataset.store import Dataset
from builder.model import Line
from builder.package import catalogues, files
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import explore, pages, search
from builder.site.frame import Frame

SCHEMAS = load_schemas(DATA / "schemas")


def bare(whole: Tables) -> Tables:
    """The tables with every column empty that may be, all at once."""
    emptied: dict[str, tuple[object, ...]] = {}
    for name, rows in whole.by_name().items():
        hints = typing.get_type_hints(store.ROW_TYPES[name])
        optional = {column: None for column, hint in hints.items() if isinstance(hint, types.UnionType)}
        emptied[name] = tuple(dict.fromkeys(replace(row, **optional) for row in rows))
    return Tables(**emptied)  # type: ignore[arg-type]


@pytest.fixture
def empty(tmp_path: Path) -> Dataset:
    store.write(bare(tables()).by_name(), SCHEMAS, tmp_path / "dataset")
    return store.load(tmp_path / "dataset", SCHEMAS)


def test_what_may_be_empty_is(empty: Dataset) -> None:
    assert {row.department_id for row in empty.tables.projects} == {None}
    assert {row.budget_yuan for row in empty.tables.projects} == {row.name_as_filed for row in empty.tables.projects}
    assert {row.line for row in empty.tables.findings} == {None}


@pytest.mark.long
def test_everything_is_published_of_a_dataset_with_nothing_but_what_must_be(empty: Dataset, tmp_path: Path) -> None:
    site = tmp_path / "site"
    lines: Mapping[str, Sequence[Line]] = {row.document_id: (Line(1, "东区"),) for row in empty.tables.documents}
    files.write(empty, load(DATA), site / "data")
    catalogues.write(empty, load(DATA).package, "https://example.org/", site)
    written = pages.write(empty, lines, load(DATA), Frame(DATA.parent, site), print)
    assert {f"projects/{row.project_id}/" for row in empty.tables.projects} < set(written)
    explore.write(empty, load(DATA), site)
    entries = {entry.path for entry in search.dataset_entries(empty, load(DATA))}
    assert {f"projects/{row.project_id}/" for row in empty.tables.projects} < entries


@pytest.mark.long
def test_a_site_without_documents_says_so(tmp_path: Path) -> None:
    settings, site = load(DATA), tmp_path / "site"
    nothing = Tables(**dict.fromkeys(tables().by_name(), ()))  # type: ignore[arg-type]
    store.write(nothing.by_name(), SCHEMAS, tmp_path / "dataset")
    none = store.load(tmp_path / "dataset", SCHEMAS)
    files.write(none, settings, site / "data")
    written = pages.write(none, {}, settings, Frame(DATA.parent, site), print)
    catalogues.write(none, settings.package, "https://example.org/", site)
    explore.write(none, settings, site)
    assert {"", "regions/", "sources/", "data/"} <= set(written)
    assert "本站还没有收录任何文件" in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "robots.txt").is_file()


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("facts.projects[key].budget_yuan", ""),
        ("facts.projects[key].budget_yaun", '"Project" has no attribute "budget_yaun"'),
        ('facts.projects[key]["budget_yuan"]', 'Value of type "Project" is not indexable'),
        ("facts.indicators[key][0].wieght", '"Indicator" has no attribute "wieght"'),
        ("facts.codes[key].titel", '"FindingCode" has no attribute "titel"'),
        ("facts.calendar[key, 2024].statsu", '"Noted" has no attribute "statsu"'),
    ],
)
def test_a_misspelt_column_is_found_by_the_type_checker(tmp_path: Path, code: str, fault: str) -> None:
    """From the dataset to the page every column is an attribute that mypy knows."""
    snippet = tmp_path / "snippet.py"
    snippet.write_text(
        f"from builder.site.facts import Facts\n\n\ndef shown(facts: Facts, key: str) -> object:\n    return {code}\n",
        encoding="utf-8",
    )
    root = DATA.parent
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(root / "pyproject.toml"), str(snippet)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (fault in done.stdout) if fault else done.returncode == 0, done.stdout
    assert done.returncode == (1 if fault else 0), done.stdout
