"""Whole documents of regions that are not in the data yet, read the whole way as ``add`` reads them.

``make_samples`` printed each document and its expectation from one description, without asking the reader. Where they
differ, look at the document: either the reader or the description is wrong.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import make_samples
import pytest
from printed import compiled
from samples_described import SAMPLES

from builder import text
from builder.dataset.rows import Tables
from builder.settings import Settings
from builder.upkeep import add

# A converted PDF carries the outlines of its characters, the others only what they say.
LARGEST = 80_000
FOLDER = make_samples.SAMPLES_FOLDER


@dataclass(frozen=True)
class Read:
    """A sample after reading: what ``add`` takes it for, its dataset alone, and what was to be expected."""

    seen: Mapping[str, Any]
    tables: Tables
    expected: Mapping[str, Any]


@pytest.fixture(scope="module", params=[sample.file for sample in SAMPLES])
def sample(request: pytest.FixtureRequest, settings: Settings) -> Read:
    file = FOLDER / request.param
    proposal = add.propose(
        file, add.Wanted(source_url="https://example.org/", retrieved_on="2026-02-10"), settings, lambda message: None
    ).document
    seen = {name: getattr(proposal, name) for name in ("region_id", "year", "title", "publisher", "document_id")}
    alone = replace(settings, documents=(proposal,), corrections=(), series=())
    expected = json.loads(file.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return Read(seen, compiled(alone).tables, expected)


def plain(value: Any) -> Any:
    return text.plain(value) if isinstance(value, Decimal) else value


def columns(row: object, names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names if hasattr(row, name)}


def test_add_sees_what_document_it_is(sample: Read) -> None:
    assert sample.seen == {name: value for name, value in sample.expected.items() if name in sample.seen}


def test_every_form_is_read_as_printed(sample: Read) -> None:
    tables, forms = sample.tables, sample.expected["forms"]
    assert [project.name for project in tables.projects] == [form["name"] for form in forms]
    for project, form in zip(tables.projects, forms, strict=True):
        own = {name: value for name, value in form.items() if hasattr(project, name)}
        assert columns(project, own) == own
        key = project.project_id
        assert [[part.source, plain(part.amount_yuan)] for part in tables.funding if part.project_id == key] == form[
            "funding"
        ]
        assert [[other.label_as_filed, other.value] for other in tables.attributes if other.project_id == key] == form[
            "others"
        ]
        indicators = [row for row in tables.indicators if row.project_id == key]
        assert [columns(row, form["indicators"][0]) for row in indicators] == form["indicators"]


def test_what_the_document_says_of_itself(sample: Read) -> None:
    tables, wanted = sample.tables, sample.expected
    (document,) = tables.documents
    assert document.stated_projects == wanted["stated_projects"]
    assert plain(document.stated_total_yuan) == wanted["stated_total_yuan"]
    entries = [[row.serial_no, row.name, row.department_as_filed, plain(row.amount_yuan)] for row in tables.catalogue]
    assert entries == wanted["catalogue"]
    assert [row.project_id for row in tables.catalogue] == [row.project_id for row in tables.projects][: len(entries)]


def test_no_cell_is_lost_and_no_finding_is_made_up(sample: Read) -> None:
    tables, wanted = sample.tables, sample.expected
    (account,) = tables.coverage
    found = Counter(row.code for row in tables.findings)
    assert found == wanted["findings"], [row.message for row in tables.findings if row.code not in wanted["findings"]]
    assert account.reported == wanted["reported_cells"]
    assert account.cells == account.read + account.furniture + account.reported
    indicators = sum(len(form["indicators"]) for form in wanted["forms"])
    assert account.read > 4 * indicators


def test_samples_are_what_their_descriptions_say(tmp_path: Path) -> None:
    for name in make_samples.CONVERTED:
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    make_samples.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.iterdir())
    for path in FOLDER.iterdir():
        assert content(path) == content(tmp_path / path.name), f"{path.name}：请运行 python tests/make_samples.py"
        assert path.stat().st_size < LARGEST


def content(path: Path) -> bytes | list[tuple[str, bytes]]:
    """The bytes; of an archive those of its members, for how they are packed is up to the machine's zlib."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
