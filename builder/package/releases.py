"""Which version of the dataset is published, and where each release can be had for good.

A version says one thing: the release, or, where a value has changed since, the release and a digest of the dataset.
``/releases/{version}/`` holds what never changes again: the changes as JSON lines, and the downloads of that release, as
they were built when it was current and carried over since.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.dataset.history import History, Release
from builder.dataset.store import Dataset, csv_bytes
from builder.faults import PublishingFault
from builder.package.datapackage import heading, ordered
from builder.package.files import OF_THE_WHOLE, measure
from builder.settings.package import Policy

Node = dict[str, Any]

# What a change is called in a delta that a mirror follows.
OPERATIONS = {"added": "ADD", "changed": "MOD", "removed": "DEL"}
_SUM = re.compile(r"([0-9a-f]{64}) [ *](\S+)")


def digest(dataset: Dataset, published: Path | None = None) -> str:
    """SHA-256 over every value of every table, in the order of the rows; ``published`` is a folder that holds their CSVs
    already."""
    total = hashlib.sha256()
    for name, table in sorted(dataset.schemas.items()):
        content = (published / f"{name}.csv").read_bytes() if published else csv_bytes(table.names, dataset.rows(name))
        total.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def stamped(policy: Policy, dataset: Dataset, history: History) -> Policy:
    """The policy with the version of this very dataset: ``1.0.0``, or ``1.0.0+3f2a9c01`` where it is not that release: the
    beginning of its digest, derived tables included, which ``latest.json`` gives whole."""
    released = history.releases and history.releases[-1].version == policy.version and not history.pending
    return policy if released else policy.model_copy(update={"version": f"{policy.version}+{digest(dataset)[:8]}"})


def write(dataset: Dataset, policy: Policy, history: History, kept: Path, site: Path) -> None:
    """Write ``/data/latest.json``, ``/releases/index.json`` and ``/releases/{version}/`` into ``site``.

    ``policy`` is ``stamped``. ``kept`` holds, in a folder per version, the downloads of earlier releases with the
    ``SHA256SUMS`` that they were released with. Raises ``PublishingFault`` for one that is not as it was.
    """
    downloads = [f"data/{kind.file(policy, None)}" for kind in OF_THE_WHOLE]
    latest: Node = {
        "name": policy.name,
        "version": policy.version,
        "released": policy.version in {release.version for release in history.releases},
        "published": policy.published,
        "digest": f"sha256:{digest(dataset, site / 'data')}",
        "id": heading(policy, None).id,
        "license": policy.licence.path,
        "releases": f"{policy.base_url}releases/index.json",
        "rows": {name: len(dataset.rows(name)) for name in ordered(dataset, policy)},
        "files": [_file(policy, site, path) for path in ("data/datapackage.json", *downloads)],
    }
    _write(site / "data" / "latest.json", latest)
    described = []
    for release in reversed(history.releases):
        folder = site / "releases" / release.version
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "delta.jsonl").write_text("".join(_delta(release)), encoding="utf-8")
        if latest["released"] and release.version == policy.version:
            for path in downloads:
                (folder / Path(path).name).write_bytes((site / path).read_bytes())
        elif (kept / release.version).is_dir():
            _carry_over(kept / release.version, folder)
        files = sorted(path.relative_to(site).as_posix() for path in folder.iterdir())
        described.append(
            {
                "version": release.version,
                "date": release.date,
                "note": release.note,
                "changes": _counted(release),
                "assets": f"{policy.repository}/releases/tag/v{release.version}",
                "files": [_file(policy, site, path) for path in files],
            }
        )
    _write(site / "releases" / "index.json", {"name": policy.name, "latest": policy.version, "releases": described})


def _delta(release: Release) -> Iterator[str]:
    """One change a line: what became of which row of which table, and why."""
    for change in release.changes:
        line = {
            "op": OPERATIONS[change.kind],
            "table": change.entry.table,
            "key": change.entry.key,
            "fingerprint": change.entry.fingerprint,
            "reason": change.reason,
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _counted(release: Release) -> Node:
    counts = {kind: 0 for kind in OPERATIONS}
    for change in release.changes:
        counts[change.kind] += 1
    return counts


def _carry_over(kept: Path, folder: Path) -> None:
    sums = kept / "SHA256SUMS"
    if not sums.is_file():
        raise PublishingFault(
            f"{sums}：没有这一版的校验值。请连同 SHA256SUMS 一起从发行版下载（gh release download）。"
        )
    for sha256, name in _SUM.findall(sums.read_text(encoding="utf-8")):
        content = (kept / name).read_bytes() if (kept / name).is_file() else b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise PublishingFault(f"{kept / name}：与发布时的校验值不同。已发布的版本不能改：请从发行版重新下载。")
        (folder / name).write_bytes(content)


def _file(policy: Policy, site: Path, path: str) -> Node:
    size, sha256 = measure(site, path)
    return {"url": f"{policy.base_url}{path}", "bytes": size, "sha256": sha256}


def _write(path: Path, node: Node) -> None:
    path.parent.mkdir(exist_ok=True)  # a fork that has released nothing has no folder of releases
    path.write_text(json.dumps(node, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
