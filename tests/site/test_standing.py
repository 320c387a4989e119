"""A site is left as it stands exactly where a build would make the same again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.model import Line
from builder.site import standing

LINES = {"a-2024": (Line(1, "绩效目标表"),)}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(standing, "PROGRAM", tmp_path / "program")
    for name in (
        "program/a.py",
        "data/labels.yml",
        "docs/search.md",
        "templates/theme/main.html",
        "site/a/index.html",
        "mkdocs.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("一", encoding="utf-8")
    standing.note(tmp_path, standing.inputs(tmp_path, tmp_path / "data", LINES), 7)
    return tmp_path


def found(root: Path) -> int | None:
    return standing.pages(root, standing.inputs(root, root / "data", LINES))


def test_a_site_of_which_nothing_changed_stands(root: Path) -> None:
    assert found(root) == 7


CHANGES: dict[str, Callable[[Path], object]] = {
    "a word of the vocabulary": lambda root: (root / "data/labels.yml").write_text("二", encoding="utf-8"),
    "a written page": lambda root: (root / "docs/new.md").write_text("", encoding="utf-8"),
    "a template": lambda root: (root / "templates/theme/main.html").write_text("二", encoding="utf-8"),
    "the settings of mkdocs": lambda root: (root / "mkdocs.yml").unlink(),
    "a page of the site": lambda root: (root / "site/a/index.html").write_text("改了", encoding="utf-8"),
    "a file fewer": lambda root: (root / "site/a/index.html").unlink(),
    "a file more": lambda root: (root / "site/x").write_text("", encoding="utf-8"),
    "no note": lambda root: (root / ".cache/site.json").unlink(),
    "half a note": lambda root: (root / ".cache/site.json").write_text('{"inputs":', encoding="utf-8"),
    "a note of something else": lambda root: (root / ".cache/site.json").write_text("[]", encoding="utf-8"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_site_is_built_again_after(root: Path, change: Callable[[Path], object]) -> None:
    change(root)
    assert found(root) is None


def test_a_pipe_among_the_files_is_never_waited_for(root: Path) -> None:
    os.mkfifo(root / "data" / "pipe.txt")
    assert found(root) == 7


def test_lines_addresses_and_the_program_decide_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = standing.inputs(root, root / "data", LINES)
    assert standing.inputs(root, root / "data", {"a-2024": (Line(1, "目标表"),)}) != before
    monkeypatch.setattr(standing, "PROGRAM", root / "docs")
    assert standing.inputs(root, root / "data", LINES) != before
    monkeypatch.undo()
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    assert standing.inputs(root, root / "data", LINES) != before
