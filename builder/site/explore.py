"""Dataset → ``site/explore/``: the rows of the table that docs/assets/explore.js shows.

``index.js`` says which parts there are: the whole, or, where that is too much to load at once, one for each region and year.
A part is three scripts, ``projects.js``, ``indicators.js`` and ``results.js``, in the folder that the index names.

Each script calls ``mingzhang(name, table)``, see docs/assets/load.js. A table holds its columns as lists of equal length;
a column of repeated names is ``{"values": [[code, name], …], "of": [place among them, …]}``. All scripts share a
``version``. Amounts are yuan. What is empty in the dataset is ``null``.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import words
from builder.dataset.rows import Indicator, Score, Tables, group
from builder.dataset.store import Dataset
from builder.measures import promise, terms
from builder.measures.kept import MONITORING
from builder.package.datapackage import Scope, split
from builder.settings import Settings
from builder.text import json_number


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of the whole, or of a region and year: how many each table has, its columns as JSON, and what they weigh
    on the wire."""

    scope: Scope | None
    rows: Mapping[str, int]
    tables: Mapping[str, bytes]
    kilobytes: Mapping[str, int]

    def described(self) -> dict[str, object]:
        of = {"region": self.scope.region_id, "year": self.scope.year} if self.scope else {}
        return {**of, "path": self.folder, "rows": self.rows, "kilobytes": self.kilobytes}

    @property
    def folder(self) -> str:
        return f"explore/{self.scope.name}/" if self.scope else "explore/"


def write(dataset: Dataset, settings: Settings, site: Path) -> None:
    """Write the index and the tables of every part below ``site``."""
    most = settings.package.explore_kilobytes
    parts = [_part(dataset, None, settings)]
    if sum(parts[0].kilobytes.values()) > most:
        parts = [_part(some, scope, settings) for scope, some in split(dataset).items()]
    # Indicators name their projects by place, so that the tables of two builds must never be joined.
    version = hashlib.sha256(b"".join(table for part in parts for table in part.tables.values())).hexdigest()[:12]
    held = {row.region_id for row in dataset.tables.documents}
    index = {
        "most": most,
        "regions": [[row.region_id, row.name] for row in dataset.tables.regions if row.region_id in held],
        "years": sorted({row.year for row in dataset.tables.documents}, reverse=True),
        "parts": [part.described() for part in parts],
    }
    scripts = {"explore/index": _json(index)}
    scripts |= {f"{part.folder}{name}": table for part in parts for name, table in part.tables.items()}
    for name, table in scripts.items():
        path = site / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'mingzhang("%s",{"version":"%s",%s)\n' % (name.encode(), version.encode(), table[1:]))


def _part(dataset: Dataset, scope: Scope | None, settings: Settings) -> _Part:
    tables, schemas = dataset.tables, dataset.schemas
    titles = {code: entry.title for code, entry in settings.codes.items()}
    told = promise.find(tables, settings.promises)
    columns = {
        "projects": _projects(tables, titles, schemas["projects"].words("form_type"), told),
        "indicators": _indicators(tables, titles, schemas["indicators"].words("comparison")),
        "results": _results(dataset, titles),
    }
    rows = {"projects": len(tables.projects), "indicators": len(tables.indicators), "results": len(tables.scores)}
    written = {name: _json(some) for name, some in columns.items()}
    return _Part(scope, rows, written, {name: len(gzip.compress(some)) // 1000 + 1 for name, some in written.items()})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=json_number).encode()


def _projects(
    tables: Tables, codes: Mapping[str, str], form_types: Mapping[str, str], told: Mapping[str, promise.Promise]
) -> dict[str, object]:
    projects = tables.projects
    departments = {row.department_id: row.name for row in tables.departments}
    sectors: dict[str | None, str | None] = {row.department_id: row.sector_id for row in tables.departments}
    findings = group(tables.findings, lambda row: row.project_id)
    found = [findings.get(row.project_id, ()) for row in projects]
    return {
        "id": [row.project_id for row in projects],
        "name": [row.name for row in projects],
        "region": _coded({row.region_id: row.name for row in tables.regions}, [row.region_id for row in projects]),
        "year": [row.year for row in projects],
        "sector": _coded(
            {row.sector_id: row.name for row in tables.sectors},
            [sectors.get(row.department_id) for row in projects],
        ),
        "department": _coded(departments, [row.department_id for row in projects]),
        "form_type": _coded(form_types, [row.form_type for row in projects]),
        "promise": [words.bound(told[row.project_id].text) if row.project_id in told else None for row in projects],
        "budget": [row.budget_yuan for row in projects],
        # Only where no amount was read: what was printed instead, so that unreadable and absent can be told apart.
        "budget_as_filed": [row.budget_as_filed if row.budget_yuan is None else None for row in projects],
        "finding": _several(codes, [[finding.code for finding in some] for some in found]),
        "doubts": [terms.doubts(some) for some in found],
    }


def _indicators(tables: Tables, codes: Mapping[str, str], comparisons: Mapping[str, str]) -> dict[str, object]:
    indicators = tables.indicators
    place = {row.project_id: number for number, row in enumerate(tables.projects)}
    findings = group(tables.findings, lambda row: row.indicator_id)
    found = [findings.get(row.indicator_id, ()) for row in indicators]
    units = {row.unit: row.unit for row in indicators if row.unit is not None}
    return {
        # The row in projects.js that the indicator belongs to.
        "project": [place[row.project_id] for row in indicators],
        "position": [row.position for row in indicators],
        "name": [row.name for row in indicators],
        "comparison": _coded(comparisons, [row.comparison for row in indicators]),
        "target": [row.target_as_filed for row in indicators],
        "value": [row.target_value for row in indicators],
        "unit": _coded(units, [row.unit for row in indicators]),
        "weight": [row.weight for row in indicators],
        "core": [None if row.is_core is None else int(row.is_core) for row in indicators],
        "execution": [int(row.is_execution_rate) for row in indicators],
        "finding": _several(codes, [[finding.code for finding in some] for some in found]),
        "doubts": [terms.doubts(some) for some in found],
    }


def _results(dataset: Dataset, codes: Mapping[str, str]) -> dict[str, object]:
    """Each scored indicator, and the sheets that they stand on under the names of a project's columns."""
    tables, schemas = dataset.tables, dataset.schemas
    sheets, scores = tables.results, tables.scores
    projects = {row.project_id: row for row in tables.projects}
    promised = {row.indicator_id: row for row in tables.indicators}
    place = {row.result_id: number for number, row in enumerate(sheets)}
    findings = group(tables.findings, lambda row: (row.document_id, row.line))
    found = [findings.get((sheets[place[row.result_id]].document_id, row.line), ()) for row in scores]
    of = [projects.get(row.project_id or "") for row in sheets]
    sectors = {row.department_id: row.sector_id for row in tables.departments}
    owners = [
        row.department_id or (None if one is None else one.department_id) for row, one in zip(sheets, of, strict=True)
    ]
    # What looks at a part of the year tells no outcome.
    judged = [None if sheets[place[row.result_id]].kind == MONITORING else row for row in scores]
    codes_of = schemas["scores"].words
    targets = [promised.get(row.indicator_id or "") for row in scores]
    return {
        "sheets": {
            "id": [row.result_id for row in sheets],
            "name": [row.name for row in sheets],
            "region": _coded({row.region_id: row.name for row in tables.regions}, [row.region_id for row in sheets]),
            "year": [row.year for row in sheets],
            "sector": _coded(
                {row.sector_id: row.name for row in tables.sectors},
                [sectors.get(owner or "") for owner in owners],
            ),
            "department": _coded({row.department_id: row.name for row in tables.departments}, owners),
            "form_type": _coded(
                schemas["projects"].words("form_type"), [None if row is None else row.form_type for row in of]
            ),
            "budget": [row.adjusted_yuan for row in sheets],
            "spent": [row.executed_yuan for row in sheets],
            "judge": _coded(schemas["results"].words("kind"), [row.kind for row in sheets]),
            "total": [row.total_score for row in sheets],
            # The page of the promise; none where no promise was found.
            "project": [row.project_id for row in sheets],
        },
        "sheet": [place[row.result_id] for row in scores],
        "position": [row.position for row in scores],
        "name": [row.name for row in scores],
        "promised": [None if row is None else _target(row) for row in targets],
        "printed": [_target(row) for row in scores],
        "actual": [row.actual_as_filed for row in scores],
        "value": [row.actual_value for row in scores],
        "attainment": _coded(codes_of("attainment"), [None if row is None else row.attainment for row in judged]),
        "method": _coded(
            codes_of("attainment_method"), [None if row is None else row.attainment_method for row in judged]
        ),
        "points": [row.points for row in scores],
        "score": [row.score for row in scores],
        "reason": [row.reason for row in scores],
        "finding": _several(codes, [[finding.code for finding in some] for some in found]),
        "doubts": [terms.doubts(some) for some in found],
    }


def _target(row: Indicator | Score) -> str:
    return words.promise(row.comparison, row.target_as_filed, row.target_value, row.unit)


def _coded(names: Mapping[str, str], column: Sequence[str | None]) -> dict[str, object]:
    """A column of codes, with the names of those that occur in it, in the order of ``names``."""
    places = _places(names, column)
    return {
        "values": [[code, names[code]] for code in places],
        "of": [None if code is None else places[code] for code in column],
    }


def _several(names: Mapping[str, str], column: Sequence[Sequence[str]]) -> dict[str, object]:
    """As ``_coded``, of a column whose cells hold any number of codes."""
    places = _places(names, [code for cell in column for code in cell])
    return {
        "values": [[code, names[code]] for code in places],
        "of": [sorted({places[code] for code in cell}) for cell in column],
    }


def _places(names: Mapping[str, str], codes: Iterable[str | None]) -> dict[str, int]:
    used = set(codes)
    return {code: place for place, code in enumerate(code for code in names if code in used)}
