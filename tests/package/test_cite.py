"""One citation: the same author, title, version and date in every format and file."""

import json
import re
from pathlib import Path

import yaml
from tiny import DATA

from builder import settings as configuration
from builder.package import cite

POLICY = configuration.load(DATA).package
WORK = cite.of_project(POLICY, "east-2024-001", "某市财政局", "人才专项", "某市 2024 年预算绩效目标")
ROOT = Path(__file__).parents[2]


def test_gb_t_7714_2025_of_a_data_set() -> None:
    assert WORK.gb_t_7714 == (
        f"某市财政局. 人才专项: 某市 2024 年预算绩效目标[DS/OL]. V{POLICY.version}. {POLICY.publisher}({POLICY.published})"
        f"[引用日期]. {POLICY.base_url}projects/east-2024-001/."
    )


def test_the_date_is_that_of_the_data_and_not_the_budget_year() -> None:
    year = POLICY.published[:4]
    assert f"year = {{{year}}}" in WORK.bibtex
    assert f"PY  - {year}" in WORK.ris
    assert json.loads(WORK.csl)[0]["issued"]["date-parts"][0][0] == int(year)


def test_every_format_says_the_same() -> None:
    csl = json.loads(WORK.csl)[0]
    ris = dict(line.split("  - ", 1) for line in WORK.ris.splitlines())
    for text in (WORK.gb_t_7714, WORK.bibtex):
        assert all(part in text for part in (csl["title"], csl["version"], csl["publisher"], csl["URL"]))
    assert (ris["TI"], ris["ET"], ris["PB"], ris["UR"]) == (csl["title"], csl["version"], csl["publisher"], csl["URL"])
    assert WORK.ris.endswith("ER  - \r\n")


def test_bibtex_is_one_balanced_entry() -> None:
    assert WORK.bibtex.startswith("@dataset{east-2024-001,\n")
    assert WORK.bibtex.count("{") == WORK.bibtex.count("}")
    assert re.findall(r"^  (\w+) = ", WORK.bibtex, re.MULTILINE)[:2] == ["author", "title"]


def test_files_of_the_repository_agree_with_the_package() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    declared = yaml.safe_load((DATA / "package.yml").read_text(encoding="utf-8"))
    assert cff["title"] == zenodo["title"] == POLICY.title
    assert cff["url"] == declared["base_url"]
    assert cff["repository-code"] == declared["repository"]
    assert (str(cff["version"]), str(cff["date-released"])) == (POLICY.version, POLICY.published)
    assert zenodo["creators"][0]["name"] == POLICY.publisher
