"""What frictionless finds in a written package stops the build, in our words."""

from pathlib import Path

import pytest
from tiny import DATA, tables

from builder.dataset import store
from builder.faults import PublishingFault
from builder.package import datapackage
from builder.package.datapackage import Content
from builder.package.validate import validate
from builder.settings import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings = load(DATA)
    store.write(tables().by_name(), settings.schemas, tmp_path / "dataset")
    dataset = store.load(tmp_path / "dataset", settings.schemas)
    datapackage.write(Content(dataset, settings.package, None, [], []), tmp_path / "whole.zip")
    return tmp_path


@pytest.mark.long
def test_a_good_package_passes(folder: Path) -> None:
    validate(folder)


@pytest.mark.parametrize(("was", "is_", "said"), [(",2024,", ",two,", "year"), ("east-2024-key,", "gone,", "gone")])
@pytest.mark.long
def test_a_table_that_does_not_keep_its_schema_is_refused(folder: Path, was: str, is_: str, said: str) -> None:
    path = folder / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(was, is_, 1), encoding="utf-8")
    with pytest.raises(PublishingFault, match=said):
        validate(folder)
