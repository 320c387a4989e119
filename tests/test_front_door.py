"""What a newcomer meets first says what is true: README, CONTRIBUTING, the lock, the licences, the benchmark."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from conftest import long_but
from packaging.requirements import Requirement

from bench import printed
from bench.multiply import multiply
from builder.__main__ import main
from builder.dataset import compile as compiling
from builder.dataset import store
from builder.model import Document, Line
from builder.readers import formats
from builder.settings import load, places
from builder.settings.manifest import Correction
from builder.settings.schema import load_schemas

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
distributed = cache(packages_distributions)
LOCKS = ("requirements.lock", "requirements-dev.lock")
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/pull_request_template.md")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


# Commands


def test_readme_has_two_commands() -> None:
    assert [block.strip() for block in blocks(read("README.md"), "sh")] == ["make serve", "make test"]


@pytest.mark.parametrize("name", [*PAPERS, *LOCKS, ".ci/run"])
def test_make_targets_exist(name: str) -> None:
    mentioned = set(re.findall(r"(?:`|^ *|&& )make ([a-z-]+)", read(name), re.MULTILINE))
    assert {target for target in mentioned if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)} == set()


def test_every_command_is_documented_and_no_other() -> None:
    table = re.findall(r"^\| `python -m builder (\w+)", read("CONTRIBUTING.md"), re.MULTILINE)
    assert sorted(table) == sorted(main.commands)


@pytest.mark.parametrize("name", [*PAPERS, *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "data").glob("*.yml"))])
def test_commands_that_are_mentioned_exist(name: str) -> None:
    assert set(re.findall(r"-m builder (\w+)", read(name))) <= set(main.commands)


def test_options_of_the_recipe_exist() -> None:
    [recipe] = re.findall(r"^## 加一份文件$(.*?)^## ", read("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)
    mentioned = set(re.findall(r"(?<![\w-])--[a-z-]+", recipe))
    known = {option for parameter in main.commands["add"].params for option in parameter.opts}
    assert {"--dry-run", "--region"} <= mentioned <= known


# Files and links


@pytest.mark.parametrize("name", PAPERS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", read(name)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if anchor:
            assert f"## {anchor}\n" in file.read_text(encoding="utf-8"), target


@pytest.mark.parametrize("name", PAPERS)
def test_files_that_are_mentioned_exist(name: str) -> None:
    paths = re.findall(r"`((?:data|builder|docs|tests|templates|bench|\.ci)/[\w./-]*)`", read(name))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_what_is_generated_is_ignored_and_nothing_else() -> None:
    written = ["site/index.html", "build/x", ".cache/x"]
    done = subprocess.run(["git", "check-ignore", *written], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == written
    by_hand = [str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "assets").rglob("*") if path.is_file()]
    done = subprocess.run(["git", "check-ignore", "docs/a.md", *by_hand], cwd=ROOT, capture_output=True, check=False)
    assert done.stdout == b""


# The samples of CONTRIBUTING


def sample(key: str) -> object:
    [block] = [block for block in blocks(read("CONTRIBUTING.md"), "yaml") if key in block]
    return yaml.safe_load(block)


def test_sample_of_a_correction_has_the_keys_of_one() -> None:
    [entry] = sample("record:")  # type: ignore[misc]
    assert set(entry) == {field.alias or name for name, field in Correction.model_fields.items()}
    assert entry["record"] in {row.split(",")[0] for row in read("data/dataset/indicators.csv").splitlines()}


def test_sample_of_the_calendar_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yml"
    path.write_text(yaml.safe_dump({"due_month": 4, **sample("entries:")}), encoding="utf-8")  # type: ignore[dict-item]
    settings = load(ROOT / "data")
    [entry] = places.calendar(path, settings.regions, settings.documents).entries.values()
    assert entry.status == "unreadable"


# Versions and licences


def test_the_version_is_one() -> None:
    version = PROJECT["project"]["version"]
    package, citation = yaml.safe_load(read("data/package.yml")), yaml.safe_load(read("CITATION.cff"))
    assert package["version"] == citation["version"] == version
    assert package["published"] == citation["date-released"]
    released = re.findall(r"^## (\d\S*)$", read("CHANGELOG.md"), re.MULTILINE)
    assert released[0] == version


def test_changelog_keeps_two_lists() -> None:
    for part in read("CHANGELOG.md").split("\n## ")[1:]:
        assert re.findall(r"^### (.+)$", part, re.MULTILINE) == ["数据", "程序"]


def test_licences_agree() -> None:
    policy = yaml.safe_load(read("data/package.yml"))["licence"]
    assert policy["name"] == yaml.safe_load(read("CITATION.cff"))["license"] == "CC-BY-4.0"
    assert policy["path"] in read("LICENSE-DATA")
    assert read("LICENSE").startswith(f"{PROJECT['project']['license']} License\n")


# Dependencies


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ;]", name)[0]).lower()


RUN = {normal(name) for name in PROJECT["project"]["dependencies"]}
DEVELOP = RUN | {normal(name) for name in PROJECT["dependency-groups"]["dev"]}


def locked(name: str) -> list[str]:
    """The entries of a lock: a package with its version, its condition and its hashes."""
    return re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", read(name), flags=re.MULTILINE).strip())


def pins(name: str) -> set[str]:
    return {entry.partition(" \\\n")[0] for entry in locked(name)}


SERVING = {normal(entry) for entry in locked("requirements.lock")}


@pytest.mark.parametrize(("name", "wanted"), [("requirements.lock", RUN), ("requirements-dev.lock", DEVELOP)])
def test_a_lock_pins_and_hashes_every_dependency(name: str, wanted: set[str]) -> None:
    entries = locked(name)
    assert [
        entry for entry in entries if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S.* \\\n +--hash=sha256:", entry)
    ] == []
    assert wanted - {normal(entry) for entry in entries} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_the_locks_name_no_place(name: str) -> None:
    assert re.findall(r"\S*(?:://|--index|--extra|--find-links|file:)\S*|\s/\S*", read(name)) == []


def test_developers_have_the_versions_that_serve() -> None:
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


def test_serving_installs_few_packages() -> None:
    assert len(SERVING) < 58, "加上 pip 和 setuptools 要少于 60 个"


def needed(names: set[str]) -> set[str]:
    """What these packages say that they need on this machine, and what that needs in turn."""
    found: set[str] = set()
    while names:
        found |= names
        wanted = [Requirement(line) for name in names for line in requires(name) or ()]
        names = {normal(item.name) for item in wanted if not item.marker or item.marker.evaluate({"extra": ""})} - found
    return found


def test_what_is_left_out_of_the_lock_is_listed() -> None:
    listed = {normal(line) for line in read("requirements-unused.txt").splitlines() if not line.startswith("#")}
    assert needed(RUN) - SERVING == listed


def test_what_the_code_reads_beside_itself_is_installed_with_it() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["builder"]
    beside = [p for p in (ROOT / "builder").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc", ".md")]
    assert beside
    assert [p.name for p in beside if not any(p in (ROOT / "builder").glob(pattern) for pattern in patterns)] == []


def imported(folder: str) -> Mapping[str, str]:
    """Modules that a folder's code imports, each with one file that does."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            found.update({name.split(".")[0]: str(path.relative_to(ROOT)) for name in names})
    return found


@pytest.mark.parametrize(("folder", "declared"), [("builder", RUN), ("bench", DEVELOP), ("tests", DEVELOP)])
@pytest.mark.long
def test_every_import_is_declared(folder: str, declared: set[str]) -> None:
    ours = {"builder", "bench", "tests", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    distributions = distributed()
    undeclared = {
        name: path
        for name, path in imported(folder).items()
        if name not in ours | set(sys.stdlib_module_names)
        and not declared & {normal(owner) for owner in distributions.get(name, [])}
    }
    assert undeclared == {}


# Continuous integration and the benchmark


def test_ci_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("\nmake test")
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([shellcheck, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("wanted", long_but((1,), [1, 200, 400]))
def test_the_benchmark_multiplies_whole_documents(tmp_path: Path, wanted: int) -> None:
    schemas = load_schemas(ROOT / "data" / "schemas")
    real = store.load(ROOT / "data" / "dataset", schemas)
    lines = {row.document_id: (Line(1, row.document_id),) for row in real.tables.documents}
    many, copied = multiply(real, lines, wanted)
    for name, schema in schemas.items():
        (tmp_path / f"{name}.csv").write_bytes(store.csv_bytes(schema.names, many.rows(name)))
    store.load(tmp_path, schemas)

    assert len(many.tables.projects) >= wanted
    assert set(copied) == {row.document_id for row in many.tables.documents}
    forms = Counter(row.document_id for row in real.tables.projects)
    for key, count in Counter(row.document_id for row in many.tables.projects).items():
        assert count == forms[copied[key][0].text]


def test_the_benchmark_does_not_change_the_dataset_itself() -> None:
    schemas = load_schemas(ROOT / "data" / "schemas")
    real = store.load(ROOT / "data" / "dataset", schemas)
    lines = {row.document_id: () for row in real.tables.documents}
    same, _ = multiply(real, lines, len(real.tables.projects))
    assert same == real


@pytest.mark.long
def test_the_benchmark_prints_forms_that_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "forms.txt"
    printed.write(ROOT / "data", 200, "txt", path)
    document = Document("bench", "", 0, "", "", path, "text/plain", "", 0)
    extract = compiling.extract_document(document, formats.read(path, "text/plain"), load(ROOT / "data"))
    assert len(extract.forms) == 200
    assert extract.findings == ()
    assert len({form.fields["name"].text for form in extract.forms}) > 150
