"""One form each, cut from the published documents: what it is known for reads as the expected file says.

``tests/golden/{region}-{what is telling about it}.txt`` and ``.json`` beside it. After a change that is meant:
``pytest tests/test_golden.py --regenerate``, then read the diff line by line. A bug found in the wild adds a case.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from printed import compiled

from builder import text
from builder.model import Document
from builder.settings import Settings
from builder.settings.manifest import sha256

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.txt"))
TABLES = ("projects", "funding", "indicators", "catalogue", "citations", "attributes", "coverage", "findings")
# The same in every case, or following from another column.
LEFT_OUT = {"document_id", "region_id", "year", "series_id", "form_no", "indicator_id", "finding_id", "message_en"}


def read(path: Path, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The rows of the dataset that the file alone would make, without empty columns."""
    region_id = path.stem.partition("-")[0]
    proof, origin = (sha256(path), path.stat().st_size), ("https://example.gov.cn/", "2024-02-01")
    document = Document("golden", region_id, 2024, "", "", path, "text/plain", *proof, *origin)
    alone = replace(settings, documents=(document,), corrections=(), series=())
    tables = compiled(alone).tables.by_name()
    return {name: [shown(asdict(row)) for row in tables[name]] for name in TABLES if tables[name]}  # type: ignore[call-overload]


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: text.plain(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
        if value is not None and name not in LEFT_OUT and not (name == "project_id" and value == "golden-001")
    }


@pytest.mark.parametrize("case", CASES)
def test_reads_as_expected(case: str, settings: Settings, request: pytest.FixtureRequest) -> None:
    rows = json.dumps(read(GOLDEN / f"{case}.txt", settings), ensure_ascii=False, indent=1) + "\n"
    expected = GOLDEN / f"{case}.json"
    if request.config.getoption("--regenerate"):
        expected.write_text(rows, encoding="utf-8")
    assert rows == expected.read_text(encoding="utf-8")


def test_every_case_has_its_expected_file_and_no_other() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == CASES
    assert len(CASES) >= 15
    assert {path.suffix for path in GOLDEN.iterdir()} == {".txt", ".json"}
