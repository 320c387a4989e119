"""The one list of downloads: what each is called, what it holds, its media type, and who makes it.

The pages that offer downloads and the catalogues that describe them quote this list. A new format is a new ``Kind``.
All files of a kind hold the same rows and are the same bytes on every run.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from builder.dataset.rows import group
from builder.dataset.store import Dataset, csv_bytes
from builder.faults import PublishingFault
from builder.measures import leads
from builder.measures import scope as covered
from builder.package import cite, datapackage, datasette, parquet, sqlite, xlsx
from builder.package.datapackage import Content, Scope, split
from builder.settings import Settings
from builder.settings.package import Policy
from builder.workers import EVERYTHING, Share, spread

ZIP = "application/zip"
# Regions and years of which the downloads of the whole say what their sums are sums of.
MOST_COVERS = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A format. ``media_type`` is that of the data, which lie in a zip where ``zipped``; ``note`` tells readers what
    is in the file; ``make`` writes it to a path."""

    key: str
    ending: str
    title: str
    title_en: str
    note: str
    media_type: str
    make: Callable[[Content, Path], None]
    zipped: bool = False

    @property
    def file_type(self) -> str:
        """The media type of the file as it is served."""
        return ZIP if self.zipped else self.media_type

    def file(self, policy: Policy, scope: Scope | None) -> str:
        """The name of the file of ``scope``, below ``data/``."""
        return f"{scope.name if scope else policy.name}{self.ending}"


XLSX = Kind(
    "xlsx",
    ".xlsx",
    "Excel 工作簿",
    "Excel workbook",
    "Excel：说明、字典、全部表和线索，表头冻结、可以筛选",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    xlsx.write,
)
CSV = Kind(
    "csv",
    ".zip",
    "CSV 和数据包（zip）",
    "CSV with data package (zip)",
    "全部 CSV、字典、许可和校验值",
    "text/csv",
    datapackage.write,
    zipped=True,
)
SQLITE = Kind(
    "sqlite",
    ".sqlite",
    "SQLite 数据库，带全文检索",
    "SQLite with full-text search",
    "SQLite 数据库，带全文检索",
    "application/vnd.sqlite3",
    sqlite.write,
)
PARQUET = Kind(
    "parquet",
    "-parquet.zip",
    "Parquet（zip）",
    "Parquet (zip)",
    "Parquet，每张表一个文件，带类型",
    "application/vnd.apache.parquet",
    parquet.write,
    zipped=True,
)
# Addresses at which a table was published before it was one of the package.
FORMER = {"lint-rates.csv": "lint_rates"}
OF_EACH = (CSV, XLSX)
OF_THE_WHOLE = (*OF_EACH, SQLITE, PARQUET)


def kinds(scope: Scope | None) -> tuple[Kind, ...]:
    """The formats in which a region and year, or the whole, can be had."""
    return OF_EACH if scope else OF_THE_WHOLE


def write(dataset: Dataset, settings: Settings, out: Path, share: Share = EVERYTHING) -> None:
    """Make the ``share`` of the downloads of the whole and of each region and year in ``out``, which may hold other files."""
    policy, found = settings.package, leads.find(dataset.tables, settings)
    by_scope = group(found, lambda lead: (lead.region_id, lead.year))
    covers = covered.sentences(dataset.tables, settings.regions)
    contents = [
        Content(part, policy, scope, by_scope.get(key, ()), [covers[key]])
        for scope, part in [*split(dataset).items()][share.parts]
        for key in [(scope.region_id, scope.year)]
    ]
    out.mkdir(parents=True, exist_ok=True)
    if share.whole:
        contents.insert(0, Content(dataset, policy, None, found, [*covers.values()][:MOST_COVERS]))
        described = {datasette.FILE: datasette.metadata(dataset, policy, settings.questions)}
        for name, text in {**cite.files(policy), **described}.items():
            (out / name).write_bytes(text)
        for old, name in FORMER.items():
            if name in dataset.schemas:
                (out / old).write_bytes(csv_bytes(dataset.schemas[name].names, dataset.rows(name), bom=True))
    # The whole, which takes longest, is begun first.
    list(
        spread(
            [
                partial(kind.make, content, out / kind.file(policy, content.scope))
                for content in contents
                for kind in kinds(content.scope)
            ]
        )
    )


def measure(site: Path, file: str) -> tuple[int, str]:
    """Bytes and SHA-256 of a published file below ``site``; raises ``PublishingFault`` if it is not there."""
    path = site / file
    if not path.is_file():
        raise PublishingFault(f"{path}：没有这个下载文件；请先生成数据包和表格文件。")
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()
