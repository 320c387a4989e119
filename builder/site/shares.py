"""A site made in shares, on as many machines as there are: each makes its pages and downloads, one joins them.

A share is a folder ``{number}-of-{of}``: ``site/``, and ``share.json``, which says what it was made from and which pages are
in it. All shares together are what one machine makes of the same project, byte for byte.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from builder.faults import PublishingFault
from builder.workers import Share

# Below the project, where shares are made, and where they are looked for.
FOLDER = "shares"
# What is left when all shares are there: no part, and the whole.
REST = Share(slice(0), whole=True)


@dataclass(frozen=True, slots=True)
class Made:
    """A share that was made: from which ``inputs`` (see ``standing``), which one of how many, its pages' paths."""

    inputs: str
    number: int
    of: int
    pages: list[str]


def share(number: int, of: int) -> Share:
    """The ``number``-th of every ``of`` parts: neighbours, which are of one place and alike in size, are spread."""
    return Share(slice(number - 1, None, of), whole=False)


def folder(root: Path, number: int, of: int) -> Path:
    return root / FOLDER / f"{number}-of-{of}"


def note(made: Made, place: Path) -> None:
    """Say in the folder of the share what it is: the last step, so that a share that says it is whole."""
    (place / "share.json").write_text(json.dumps(asdict(made)), encoding="utf-8")


def join(root: Path, inputs: str, site: Path) -> list[str]:
    """Copy what all shares made into ``site``; returns their pages' paths.

    Raises ``PublishingFault`` unless each share is there once, made from these ``inputs``.
    """
    found = [
        (Made(**json.loads(path.read_text(encoding="utf-8"))), path.parent)
        for path in sorted((root / FOLDER).glob("*/share.json"))
    ]
    there = sorted(f"{made.number}/{made.of}" for made, _ in found)
    of = found[0][0].of if found else 1
    if there != sorted(f"{number}/{of}" for number in range(1, of + 1)):
        raise PublishingFault(
            f"{root / FOLDER}：要有每一份，各一次；现在有 {'、'.join(there) or '零份'}。"
            "请用 python -m builder build --share 1/4、2/4…… 建齐，不要的先删掉。"
        )
    for made, place in found:
        if made.inputs != inputs:
            raise PublishingFault(
                f"{place}：不是照现在的数据、模板、程序和网址建的，拼起来会前后不一。请重建 --share {made.number}/{of}。"
            )
        shutil.copytree(place / "site", site, dirs_exist_ok=True)
    return [path for made, _ in found for path in made.pages]
