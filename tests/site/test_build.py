"""The published site is replaced whole: a failed or interrupted build leaves the last good one."""

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

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


def test_a_sitemap_with_too_many_addresses_is_a_list_of_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "ADDRESSES_A_SITEMAP", 2)
    build._sitemap(tmp_path, "https://example.org/", ["", "a/", "区/"], "2026-11-21")
    said = {
        name: etree.parse(tmp_path / name).xpath("//*[local-name()='loc']/text()")
        for name in ("sitemap.xml", "sitemap-1.xml", "sitemap-2.xml")
    }
    assert said["sitemap.xml"] == ["https://example.org/sitemap-1.xml", "https://example.org/sitemap-2.xml"]
    assert said["sitemap-1.xml"] + said["sitemap-2.xml"] == [
        "https://example.org/",
        "https://example.org/a/",
        "https://example.org/%E5%8C%BA/",
    ]
    assert gzip.decompress((tmp_path / "sitemap-2.xml.gz").read_bytes()) == (tmp_path / "sitemap-2.xml").read_bytes()


def test_a_site_beyond_its_host_is_announced_with_what_to_do(settings: Settings) -> None:
    policy = settings.package
    assert build.beyond_a_host(181, policy) == ""
    most = policy.host_megabytes * 1000 // build.KILOBYTES_A_PROJECT
    assert build.beyond_a_host(most, policy) == ""
    said = build.beyond_a_host(most + 1, policy)
    assert all(word in said for word in (f"{most + 1:,} 个项目", "1,000 MB", "按年度", "data/sources.yml"))


@pytest.mark.site
def test_the_version_is_the_beginning_of_the_digest_that_anyone_can_take(built_site: Path) -> None:
    latest = json.loads((built_site / "data" / "latest.json").read_text(encoding="utf-8"))
    total = hashlib.sha256()
    for name in sorted(latest["rows"]):
        found = hashlib.sha256((built_site / "data" / f"{name}.csv").read_bytes()).hexdigest()
        total.update(f"{name} {found}\n".encode())
    assert latest["digest"] == f"sha256:{total.hexdigest()}"
    assert latest["released"] or latest["version"].endswith(f"+{total.hexdigest()[:8]}")
