"""Wide tables: every row once, names for ids, numbers that add up in their group, and no join needed."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from tiny import DATA, tables

from builder import settings as configuration
from builder.dataset.compile import Compiled
from builder.dataset.store import Dataset
from builder.package import derived, files, flat
from builder.settings import Settings

SETTINGS = configuration.load(DATA)
DATASET = derived.published(Dataset(tables(), SETTINGS.schemas), SETTINGS)


def wide(name: str) -> pd.DataFrame:
    found = {one.table.name: one for one in flat.tables(DATASET, SETTINGS.package)}[name]
    return pd.DataFrame(found.rows, columns=list(found.table.names))


def test_projects_have_the_names_behind_their_ids() -> None:
    first = wide("projects_flat").iloc[0]
    assert (first["region"], first["year"], first["department"], first["sector"]) == (
        "东区",
        2024,
        "东区住建委",
        "住房",
    )
    assert (first["indicators"], first["weight"], first["doubts"]) == (2, Decimal("89.5"), 1)
    assert first["budget_wan"] == Decimal("121.070055")
    assert first["url"] == f"{SETTINGS.package.base_url}projects/east-2024-key-001/"


def test_indicators_lead_to_their_own_place_on_the_page() -> None:
    rows = wide("indicators_flat").set_index("indicator_id")
    assert rows.loc["east-2024-key-001-02", "url"].endswith("/projects/east-2024-key-001/#i-02")
    assert rows.loc["east-2024-key-001-01", "project"] == "农村危房改造"


def test_multiples_are_in_the_value(compiled: Compiled, settings: Settings) -> None:
    whole = derived.published(Dataset(compiled.tables, settings.schemas), settings)
    (indicators,) = (one for one in flat.tables(whole, settings.package) if one.table.name == "indicators_flat")
    frame = pd.DataFrame(indicators.rows, columns=list(indicators.table.names))
    assert len(frame) == len(compiled.tables.indicators)
    multiplied = {row.indicator_id: row for row in compiled.tables.indicators if row.base_value is not None}
    same = frame[frame["indicator_id"].isin(multiplied) & frame["dimension"].notna()]
    assert len(same) > 100
    assert all(multiplied[row.indicator_id].base_value == row.value for row in same.itertuples())


def test_groups_keep_unlike_sums_apart(compiled: Compiled, settings: Settings) -> None:
    whole = derived.published(Dataset(compiled.tables, settings.schemas), settings)
    projects = next(flat.tables(whole, settings.package))
    frame = pd.DataFrame(projects.rows, columns=list(projects.table.names))
    for _, group in frame.groupby("sum_group"):
        assert group[["region", "year", "form_type", "scope"]].drop_duplicates().shape[0] == 1
    assert not frame[frame["form_type"] == "department_overall"]["is_additive"].any()


@pytest.mark.long
def test_both_are_published_loose_and_described(tmp_path: Path) -> None:
    files.write(DATASET, SETTINGS, tmp_path)
    described = (tmp_path / "datapackage.json").read_text(encoding="utf-8")
    for name in ("projects_flat", "indicators_flat"):
        csv, parquet = pd.read_csv(tmp_path / f"{name}.csv"), pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet")
        assert list(csv.columns) == list(parquet.columns)
        assert len(csv) == len(parquet)
        assert f'"{name}.csv"' in described


@pytest.mark.long
def test_the_projects_of_a_region_and_year_say_what_the_documents_cover(tmp_path: Path) -> None:
    files.write(DATASET, SETTINGS, tmp_path)
    whole = pd.read_csv(tmp_path / "projects_flat.csv", dtype=str)
    parts = [*tmp_path.glob("*/projects_flat.csv")]
    assert parts
    for path in parts:
        part = pd.read_csv(path, dtype=str)
        assert part["scope"].notna().all() and part["sum_group"].str.startswith(path.parent.name).all()
        assert set(part["project_id"]) <= set(whole["project_id"])
        assert '"projects_flat.csv"' in (path.parent / "datapackage.json").read_text(encoding="utf-8")
