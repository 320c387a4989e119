"""Small documents that once took all memory, hours, or the program with them: read, or refused in one sentence."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import long_but
from hostile import HEAVY, HOSTILE

from builder import readers
from builder.faults import DocumentFault

Case = tuple[str, Callable[[], bytes], str | None]


def assert_harmless(case: Case, folder: Path) -> None:
    ending, make, said = case
    path = folder / f"a.{ending}"
    path.write_bytes(make())
    if said is None:
        assert readers.read(path, readers.detect(path)).rows
        return
    with pytest.raises(DocumentFault) as caught:
        readers.read(path, readers.detect(path))
    message = str(caught.value)
    assert re.search(said, message)
    assert "请" in message and "\n" not in message and "没有料到" not in message


# Those that take a moment all the same: they are long because the limit that stops them is far away.
SLOW = {
    "docx numbering pattern", "docx grid columns", "docx spans", "docx chain of styles", "mhtml multiparts",
    "html character data", "xlsx wide sheets", "xlsx one part for 2,000 sheets", "xlsx long string", "xlsx merges",
    "xlsx hidden columns", "pdf frame of stubs", "text of 65 MB", "text of countless cells",
}  # fmt: skip


@pytest.mark.parametrize("name", long_but(HOSTILE.keys() - SLOW, HOSTILE))
def test_hostile_documents_are_bounded_before_they_cost(name: str, tmp_path: Path) -> None:
    start = time.monotonic()
    assert_harmless(HOSTILE[name], tmp_path)
    # Far more than any takes on a quiet machine (3 s), far less than what they took.
    assert time.monotonic() - start < 60


@pytest.mark.long
@pytest.mark.parametrize("name", HEAVY)
def test_what_cannot_be_bounded_is_stopped(name: str, tmp_path: Path) -> None:
    assert_harmless(HEAVY[name], tmp_path)
