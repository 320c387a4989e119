"""The same input makes the same bytes: in another folder, locale, zone, umask, home, and with another hash seed."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import ROOT, copy_sources_of_the_site
from test_front_door import SERVING, normal

ELSEWHERE = {"TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "zh_CN.GB18030", "PYTHONHASHSEED": "4242"}


def hashes(root: Path, *folders: str) -> dict[str, str]:
    """The hash of each file that a build made."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


def only_what_serves(folder: Path) -> None:
    """Makes a folder which, on the import path, hides every module that serving does not install."""
    others = {
        module
        for module, owners in packages_distributions().items()
        if not {normal(owner) for owner in owners} & (SERVING | {"pip", "setuptools"})
    }
    assert {"pytest", "duckdb", "rich", "requests"} <= others
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({sorted(others)!r}))\n")


@pytest.mark.site
@pytest.mark.long
def test_the_same_bytes_anywhere_with_no_package_but_what_serving_installs(built_site: Path, tmp_path: Path) -> None:
    """The tests' own site, and one that the command makes elsewhere from a project without a dataset."""
    home = tmp_path / "乙 'b\" &"
    root, hook = home / "tree", tmp_path / "hook"
    home.mkdir()
    copy_sources_of_the_site(root)
    shutil.copytree(ROOT / "builder", root / "builder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(root / "data" / "dataset")
    for path in root.rglob("*"):
        os.utime(path, (77, 77))
    only_what_serves(hook)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(hook), **ELSEWHERE}
    command = [sys.executable, "-m", "builder", "build"]
    said = subprocess.run(command, cwd=root, env=environment, umask=0o077, capture_output=True, check=False)
    assert said.returncode == 0, said.stderr.decode(errors="replace")

    first, second = (
        hashes(built_site.parent, "data/dataset", "docs", "site"),
        hashes(root, "data/dataset", "docs", "site"),
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert {"data/dataset/projects.csv", "site/data/datapackage.json", "site/index.html"} <= first.keys()
