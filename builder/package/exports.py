"""Dataset → the downloads for people: XLSX for newsrooms, SQLite with full-text search, Parquet.

All are made from the loaded dataset, hold the same rows as its CSVs, and are the same bytes on every run.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from builder.dataset.store import Dataset
from builder.package import leads, parquet, sqlite, xlsx
from builder.package.datapackage import Policy, split
from builder.package.leads import Lead
from builder.settings.config import FindingCode


def write_exports(dataset: Dataset, policy: Policy, codes: Mapping[str, FindingCode], out: Path) -> None:
    """Write ``{name}.xlsx``, ``.sqlite`` and ``-parquet.zip`` and each ``{region}-{year}.xlsx`` into ``out``.

    ``codes`` are the finding codes, whose titles and explanations the leads quote.
    """
    out.mkdir(parents=True, exist_ok=True)
    found = leads.find(dataset, policy, codes)
    xlsx.write(dataset, policy, found, out / f"{policy.name}.xlsx", None)
    by_scope: dict[tuple[str, int], list[Lead]] = defaultdict(list)
    for lead in found:
        by_scope[lead.region_id, lead.year].append(lead)
    for scope, part in split(dataset).items():
        xlsx.write(part, policy, by_scope[scope.region_id, scope.year], out / f"{scope.name}.xlsx", scope)
    sqlite.write(dataset, policy, out / f"{policy.name}.sqlite")
    (out / f"{policy.name}-parquet.zip").write_bytes(parquet.packed(dataset, policy))
