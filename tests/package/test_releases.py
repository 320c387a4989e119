"""A version says one thing; what was released is never lost and never another."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import DATA, tables

from builder import settings as configuration
from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.diff import news
from builder.dataset.store import Dataset
from builder.faults import PublishingFault, RequestFault
from builder.package import files
from builder.package import releases as versions
from builder.upkeep import explain

LOADED = configuration.load(DATA)
POLICY = LOADED.package.model_copy(update={"version": "1.1.0"})
SETTINGS = replace(LOADED, package=POLICY)


def dataset(name: str = "农村危房改造") -> Dataset:
    first, *others = tables().projects
    return Dataset(replace(tables(), projects=(replace(first, name=name), *others)), SETTINGS.schemas)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    folder = tmp_path / "releases"
    releases.cut(dataset("旧名"), folder, "1.0.0", "2026-01-02", "第一版", {})
    releases.cut(dataset(), folder, "1.1.0", "2026-03-04", "改了一个名称", {})
    return folder


def test_a_value_that_changes_changes_the_version(record: Path) -> None:
    history = releases.history(dataset(), record, {})
    assert versions.stamped(POLICY, dataset(), history).version == "1.1.0"
    other = dataset("另一个名称")
    stamped = versions.stamped(POLICY, other, releases.history(other, record, {})).version
    assert stamped == f"1.1.0+{versions.digest(other)[:8]}"
    assert versions.digest(other) != versions.digest(dataset())


def test_a_version_that_is_not_released_yet_bears_its_digest(record: Path) -> None:
    ahead = POLICY.model_copy(update={"version": "1.2.0"})
    stamped = versions.stamped(ahead, dataset(), releases.history(dataset(), record, {})).version
    assert stamped == f"1.2.0+{versions.digest(dataset())[:8]}"


def test_where_a_value_comes_from_is_part_of_the_digest() -> None:
    origin, *others = tables().provenance
    moved = Dataset(replace(tables(), provenance=(replace(origin, line=99), *others)), SETTINGS.schemas)
    assert versions.digest(moved) != versions.digest(Dataset(tables(), SETTINGS.schemas))


def written(record: Path, kept: Path, site: Path) -> None:
    files.write(dataset(), SETTINGS, site / "data")
    versions.write(dataset(), POLICY, releases.history(dataset(), record, {}), kept, site)


def kept_release(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mingzhang.zip").write_bytes(b"as it was")
    total = hashlib.sha256(b"as it was").hexdigest()
    (folder / "SHA256SUMS").write_text(f"{total}  mingzhang.zip\n", encoding="utf-8")


@pytest.mark.long
def test_every_release_has_its_place_and_says_what_is_there(record: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    kept_release(tmp_path / "kept" / "1.0.0")
    written(record, tmp_path / "kept", site)
    index = json.loads((site / "releases" / "index.json").read_text(encoding="utf-8"))
    assert [one["version"] for one in index["releases"]] == ["1.1.0", "1.0.0"]
    for release in index["releases"]:
        for file in release["files"]:
            content = (site / file["url"].removeprefix(POLICY.base_url)).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (site / "releases" / "1.0.0" / "mingzhang.zip").read_bytes() == b"as it was"
    current = (site / "releases" / "1.1.0" / "mingzhang.zip").read_bytes()
    assert current == (site / "data" / "mingzhang.zip").read_bytes()


def test_a_release_that_is_not_as_it_was_stops_the_build(record: Path, tmp_path: Path) -> None:
    kept_release(tmp_path / "kept" / "1.0.0")
    (tmp_path / "kept" / "1.0.0" / "mingzhang.zip").write_bytes(b"another")
    with pytest.raises(PublishingFault, match="与发布时的校验值不同"):
        written(record, tmp_path / "kept", tmp_path / "site")


@pytest.mark.long
def test_the_deltas_lead_from_nothing_to_the_last_release(record: Path, tmp_path: Path) -> None:
    written(record, tmp_path / "kept", tmp_path / "site")
    state: dict[tuple[str, str], str] = {}
    for version in ("1.0.0", "1.1.0"):
        for line in (tmp_path / "site" / "releases" / version / "delta.jsonl").read_text("utf-8").splitlines():
            change = json.loads(line)
            key = change["table"], change["key"]
            assert (key in state) == (change["op"] != "ADD")
            if change["op"] == "DEL":
                del state[key]
            else:
                state[key] = change["fingerprint"]
    assert state == {key: entry.fingerprint for key, entry in news(dataset()).entries.items()}


@pytest.mark.long
def test_latest_says_which_dataset_it_is(record: Path, tmp_path: Path) -> None:
    written(record, tmp_path / "kept", tmp_path / "site")
    latest = json.loads((tmp_path / "site" / "data" / "latest.json").read_text(encoding="utf-8"))
    assert (latest["version"], latest["released"]) == ("1.1.0", True)
    assert latest["digest"] == f"sha256:{versions.digest(dataset())}"
    assert latest["rows"]["projects"] == len(tables().projects)


def test_a_record_is_verified_against_a_release(record: Path) -> None:
    def verdicts(version: str) -> dict[str, bool]:
        rows = explain.verify_release("east-2024-key-001", dataset(), record, version)
        return {row.key: not row.differences for row in rows if row.table == "projects"}

    assert verdicts("1.1.0") == {"east-2024-key-001": True}
    assert verdicts("1.0.0") == {"east-2024-key-001": False}
    with pytest.raises(RequestFault, match=r"没有 9\.9\.9 版"):
        verdicts("9.9.9")


def test_columns_that_came_later_do_not_make_an_old_record_differ(tmp_path: Path) -> None:
    before = {
        name: table.model_copy(update={"fields": table.fields[:-1]}) if name == "indicators" else table
        for name, table in SETTINGS.schemas.items()
    }
    releases.cut(Dataset(tables(), before), tmp_path, "1.0.0", "2026-01-02", "没有最后一栏", {})
    now = store.Dataset(tables(), SETTINGS.schemas)
    rows = explain.verify_release("east-2024-key-001", now, tmp_path, "1.0.0")
    assert {row.table for row in rows} == {"projects", "indicators", "funding"}
    assert not any(row.differences for row in rows)
