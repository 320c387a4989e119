"""The published site is replaced whole: a failed or interrupted build leaves the last good one."""

from dataclasses import replace
from pathlib import Path

import pytest

from builder.faults import Fault
from builder.settings import Settings
from builder.site import build


def test_a_failing_step_leaves_the_site_as_it_was(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("上一次")
    without_dataset = replace(settings, data=tmp_path / "data")
    with pytest.raises(Fault):
        build.build(tmp_path, without_dataset, {}, lambda message: None)
    assert (tmp_path / "site" / "index.html").read_text() == "上一次"


def test_a_build_stopped_between_the_two_renames_is_put_back(tmp_path: Path) -> None:
    aside = tmp_path / "build" / "replaced"
    aside.mkdir(parents=True)
    (aside / "index.html").write_text("上一次")
    build._recover(tmp_path / "site", aside)
    assert (tmp_path / "site" / "index.html").read_text() == "上一次"


def test_a_standing_site_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    for folder, text in (("site", "新的"), ("build/replaced", "旧的")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "index.html").write_text(text)
    build._recover(tmp_path / "site", tmp_path / "build" / "replaced")
    assert (tmp_path / "site" / "index.html").read_text() == "新的"
