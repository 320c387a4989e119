"""The published site is replaced whole: a failed or interrupted build leaves the last good one."""

from pathlib import Path

import pytest

from builder.faults import PublishingFault
from builder.settings import load
from builder.site import build


def test_a_failing_step_leaves_the_site_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("上一次")
    (tmp_path / "docs").mkdir()

    def fail(folder: Path) -> None:
        raise PublishingFault("没有成")

    monkeypatch.setattr(build.store, "load_schemas", fail)
    with pytest.raises(PublishingFault):
        build.build(
            tmp_path,
            load(tmp_path / "data"),
            load(tmp_path / "data"),
            load(tmp_path / "data"),
            {},
            lambda message: None,
        )
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
