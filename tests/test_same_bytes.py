"""The same input makes the same bytes: in another folder, locale, zone, umask, home, and with another hash seed."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_sources_of_the_site

PLACES = (
    ("a", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}, 0o022),
    ("乙 'b\" &", {"TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "zh_CN.GB18030", "PYTHONHASHSEED": "4242"}, 0o077),
)


def built(root: Path, given: dict[str, str], umask: int) -> dict[str, str]:
    """The hash of each file that a build in ``root`` makes."""
    root.parent.mkdir(parents=True)
    copy_sources_of_the_site(root)
    shutil.copytree(ROOT / "builder", root / "builder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(root / "data" / "dataset")
    for path in root.rglob("*"):
        os.utime(path, (umask, umask))
    environment = {"PATH": os.environ["PATH"], "HOME": str(root.parent), **given}
    command = [sys.executable, "-m", "builder", "build"]
    said = subprocess.run(command, cwd=root, env=environment, umask=umask, capture_output=True, check=False)
    assert said.returncode == 0, said.stderr.decode(errors="replace")
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("data", "docs", "site")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


@pytest.mark.site
@pytest.mark.long
def test_the_same_bytes_anywhere(tmp_path: Path) -> None:
    first, second = (built(tmp_path / name / "tree", given, umask) for name, given, umask in PLACES)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert {"data/dataset/projects.csv", "site/data/datapackage.json", "site/index.html"} <= first.keys()
    for path in (ROOT / "data" / "dataset").glob("*.csv"):
        assert first[f"data/dataset/{path.name}"] == hashlib.sha256(path.read_bytes()).hexdigest(), path.name
