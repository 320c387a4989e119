"""A site made in shares and joined is the one that one machine makes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_sources_of_the_site
from test_same_bytes import hashes

from builder.faults import PublishingFault
from builder.site import shares


def command(root: Path, *options: str) -> "subprocess.Popen[str]":
    whole = [sys.executable, "-m", "builder", "build", *options]
    return subprocess.Popen(whole, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _ = process.communicate()
    return process.returncode, said


@pytest.mark.site
@pytest.mark.long
def test_shares_made_apart_and_joined_are_the_site_that_one_machine_makes(built_site: Path, tmp_path: Path) -> None:
    """Each share in a project of its own, as on machines of their own; then all in one, which makes the rest."""
    roots = [tmp_path / name for name in ("first", "second")]
    for root in roots:
        copy_sources_of_the_site(root)
        shutil.copytree(ROOT / "builder", root / "builder")
    for number, process in enumerate([command(root, "--share", f"{n}/2") for n, root in enumerate(roots, 1)], 1):
        code, said = ended(process)
        assert (code, f"{number}-of-2" in said) == (0, True), said
    first, second = roots
    code, said = ended(command(first, "--join"))
    assert code == 1 and "现在有 1/2" in said and "Traceback" not in said
    assert not (first / "site").exists()
    (second / "shares" / "2-of-2").rename(first / "shares" / "2-of-2")
    code, said = ended(command(first, "--join"))
    assert code == 0, said
    alone, joined = hashes(built_site.parent, "site"), hashes(first, "site")
    assert alone.keys() == joined.keys()
    assert [name for name in alone if alone[name] != joined[name]] == []


def made(root: Path, number: int, of: int, inputs: str = "same") -> None:
    place = shares.folder(root, number, of)
    (place / "site" / "projects" / str(number)).mkdir(parents=True)
    (place / "site" / "projects" / str(number) / "index.html").write_text(str(number))
    shares.note(shares.Made(inputs, number, of, [f"projects/{number}/"]), place)


def test_every_part_is_in_one_share() -> None:
    parts = list(range(11))
    taken = [part for number in (1, 2, 3) for part in parts[shares.share(number, 3).parts]]
    assert sorted(taken) == parts
    assert parts[shares.REST.parts] == []
    assert [share.whole for share in (shares.share(1, 3), shares.REST)] == [False, True]


def test_all_shares_are_joined(tmp_path: Path) -> None:
    made(tmp_path, 1, 2)
    made(tmp_path, 2, 2)
    assert shares.join(tmp_path, "same", tmp_path / "site") == ["projects/1/", "projects/2/"]
    assert (tmp_path / "site" / "projects" / "2" / "index.html").read_text() == "2"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ([], "现在有 零份"),
        ([(1, 2, "same")], "现在有 1/2"),
        ([(1, 2, "same"), (2, 2, "same"), (1, 3, "same")], "现在有 1/2、1/3、2/2"),
        ([(1, 2, "same"), (2, 2, "other")], "请重建 --share 2/2"),
    ],
)
def test_shares_that_do_not_fit_are_not_joined(tmp_path: Path, there: list[tuple[int, int, str]], said: str) -> None:
    for number, of, inputs in there:
        made(tmp_path, number, of, inputs)
    with pytest.raises(PublishingFault, match=said):
        shares.join(tmp_path, "same", tmp_path / "site")


def test_a_share_that_was_cut_short_is_not_taken_for_one(tmp_path: Path) -> None:
    made(tmp_path, 1, 1)
    assert json.loads((shares.folder(tmp_path, 1, 1) / "share.json").read_text())["pages"] == ["projects/1/"]
    (shares.folder(tmp_path, 1, 1) / "share.json").unlink()
    with pytest.raises(PublishingFault, match="零份"):
        shares.join(tmp_path, "same", tmp_path / "site")
