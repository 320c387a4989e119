"""The workflows: valid, pinned, with no more rights than they need, and calling commands that exist."""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.__main__ import main

ROOT = Path(__file__).parents[1]
PATHS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# All values as text: YAML 1.1 takes the key ``on`` for a boolean.
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for path in PATHS
}
JOBS = {(name, job): entry for name, workflow in WORKFLOWS.items() for job, entry in workflow["jobs"].items()}
USES = re.compile(r"^\s*(?:- )?uses: (\S+?)(?:@(\S+))?(?: # (v\S+))?$", re.MULTILINE)

# Every right beyond reading the repository, and the job that has it.
RIGHTS = {
    ("publish", "build"): {"pages": "read"},
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
    ("release", "package"): {"pages": "read"},
    ("release", "release"): {"contents": "write"},
    ("yearly", "checklist"): {"issues": "write"},
    ("yearly", "publish"): {"pages": "write", "id-token": "write"},
}


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def actionlint(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [tool("actionlint"), "-shellcheck", tool("shellcheck"), "-pyflakes", "", *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_actionlint_finds_nothing() -> None:
    done = actionlint(*PATHS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_does_look(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(PATHS[0].read_text(encoding="utf-8").replace("runs-on:", "runs_on:"), encoding="utf-8")
    assert "runs_on" in actionlint(broken).stdout


def test_zizmor_finds_nothing() -> None:
    command = [tool("zizmor"), "--offline", "--quiet", "--min-severity", "medium", str(ROOT / ".github")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_with_their_version(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = USES.findall(text)
    assert len(found) == text.count("uses: "), "a line of another form"
    for action, commit, version in found:
        if not action.startswith("./.github/workflows/"):
            assert re.fullmatch("[0-9a-f]{40}", commit) and version, action


def test_an_action_has_one_commit_everywhere() -> None:
    commits = defaultdict(set)
    for path in PATHS:
        for action, commit, version in USES.findall(path.read_text(encoding="utf-8")):
            commits[action].add((commit, version))
    assert {action: pins for action, pins in commits.items() if len(pins) > 1} == {}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_rights_are_given_to_jobs_only(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


@pytest.mark.parametrize("job", JOBS, ids="/".join)
def test_jobs_have_no_more_rights_than_listed(job: tuple[str, str]) -> None:
    given = JOBS[job]["permissions"].items()
    assert dict(given - {("contents", "read")}) == RIGHTS.get(job, {})


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_strangers_run_nothing_with_rights(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text


@pytest.mark.parametrize("job", JOBS, ids="/".join)
def test_jobs_end_and_keep_no_token(job: tuple[str, str]) -> None:
    entry = JOBS[job]
    if "uses" in entry:
        return
    assert int(entry["timeout-minutes"]) <= 30
    for step in entry["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_runs_of_a_workflow_do_not_cross(name: str) -> None:
    assert "group" in WORKFLOWS[name]["concurrency"]


def test_every_push_and_pull_request_is_tested() -> None:
    assert WORKFLOWS["tests"]["on"]["push"] == {"branches-ignore": ["main"]}
    assert "pull_request" in WORKFLOWS["tests"]["on"]
    assert WORKFLOWS["publish"]["on"]["push"] == {"branches": ["main"]}
    assert JOBS["publish", "tests"]["uses"] == "./.github/workflows/tests.yml"
    assert any(step.get("run") == "make test" for step in JOBS["tests", "tests"]["steps"])


def test_only_what_was_tested_and_built_is_published() -> None:
    assert JOBS["publish", "build"]["needs"] == "tests"
    assert JOBS["publish", "deploy"]["needs"] == "build"
    assert JOBS["release", "package"]["needs"] == "tests"
    assert JOBS["release", "release"]["needs"] == "package"
    for name in ("publish", "release"):
        assert "continue-on-error" not in str(WORKFLOWS[name])
        assert not any("if" in entry for (workflow, _), entry in JOBS.items() if workflow == name)


def test_the_schedule_is_yearly_and_cannot_take_publishing_with_it() -> None:
    """GitHub disables a workflow with a schedule, all its triggers included, after 60 days without activity."""
    assert [name for name, workflow in WORKFLOWS.items() if "schedule" in workflow["on"]] == ["yearly"]
    [schedule] = WORKFLOWS["yearly"]["on"]["schedule"]
    minute, hour, day, month, weekday = schedule["cron"].split()
    assert weekday == "*" and minute.isdigit() and hour.isdigit() and day.isdigit() and int(month) in (2, 3)
    assert JOBS["yearly", "publish"]["uses"] == "./.github/workflows/publish.yml"


def test_commands_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PATHS)
    called = re.findall(r"-m builder (\w+)", text)
    assert {"review", "due"} <= set(called) <= set(main.commands)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\s*(?:- )?(?:run: )?make ([\w./-]+)$", text, re.MULTILINE)
    assert {"test", "build"} <= set(targets)
    assert [target for target in targets if not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)] == []
