"""The workflows: valid, pinned, with no more rights than they need, and calling commands that exist."""

import os
import re
import subprocess
import sys
import tomllib
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
    ("comment", "comment"): {"actions": "read", "pull-requests": "write"},
    ("publish", "share"): {"pages": "read"},
    ("publish", "build"): {"pages": "read"},
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
    ("release", "package"): {"pages": "read"},
    ("release", "release"): {"contents": "write", "id-token": "write", "attestations": "write"},
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


def test_every_pull_request_is_tested_once_and_main_before_it_is_published() -> None:
    """A branch of this repository would be tested twice if its pushes were tested beside its pull request."""
    assert set(WORKFLOWS["tests"]["on"]) == {"pull_request", "workflow_dispatch", "workflow_call"}
    assert WORKFLOWS["publish"]["on"]["push"] == {"branches": ["main"]}
    assert JOBS["publish", "tests"]["uses"] == "./.github/workflows/tests.yml"
    assert any(step.get("run") == "make test" for step in JOBS["tests", "tests"]["steps"])


# What a pull request's report says is written by a stranger's program, and posted by a job that may write.


def test_the_job_that_comments_runs_nothing_of_the_pull_request() -> None:
    assert WORKFLOWS["comment"]["on"] == {
        "workflow_run": {"workflows": [WORKFLOWS["review"]["name"]], "types": ["completed"]}
    }
    [step] = JOBS["comment", "comment"]["steps"]
    assert "uses" not in step and "${{" not in step["run"]
    given = re.findall(r"\$\{\{ ([\w.]+) \}\}", " ".join(step["env"].values()))
    of_the_run = {f"github.event.workflow_run.{key}" for key in ("head_sha", "id", "html_url")}
    assert set(given) == {"github.token", "github.repository", *of_the_run}


def run_with_gh(job: tuple[str, str], gh: str, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The last step of the job as the runner runs it, with ``gh`` for GitHub's program; it notes its calls."""
    program = folder / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/bash\necho "$*" >> calls\n{gh}\n', encoding="utf-8")
    program.chmod(0o755)
    script = JOBS[job]["steps"][-1]["run"]
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", **given}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def comment(folder: Path, report: str, number: str = "7") -> subprocess.CompletedProcess[str]:
    gh = (
        f'[ "$1 $2" != "pr list" ] || echo {number}\n[ "$1 $2" != "run download" ] || {{ mkdir downloaded; {report}; }}'
    )
    return run_with_gh(("comment", "comment"), gh, folder, COMMIT="c0ffee", RUN="12", ADDRESS="https://run.example/12")


def test_a_report_becomes_one_comment_that_calls_nobody(tmp_path: Path) -> None:
    done = comment(tmp_path, "for i in {1..9000}; do echo '@everyone 多了一行'; done > downloaded/report.md")
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert said.startswith("由这个合并请求里的程序生成") and "https://run.example/12" in said
    assert "@" not in said and "＠everyone 多了一行" in said
    assert len(said) < 65_536
    last = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "pr comment 7 --edit-last --create-if-none --body-file comment.md"


@pytest.mark.parametrize(
    ("report", "number", "code"),
    [
        ("ln -s /proc/self/environ downloaded/report.md", "7", 1),
        ("true", "7", 1),
        ("echo 一 > downloaded/report.md", "''", 0),
    ],
    ids=["a link", "no report", "no longer the newest commit"],
)
def test_nothing_else_is_posted(tmp_path: Path, report: str, number: str, code: int) -> None:
    assert comment(tmp_path, report, number).returncode == code
    assert "pr comment" not in (tmp_path / "calls").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("found", "line", "called"),
    [
        ("9 CLOSED", "- [ ] 渝中区", ["edit", "reopen"]),
        ("9 CLOSED", "- [x] 渝中区", ["edit"]),
        ("9 OPEN", "- [ ] 渝中区", ["edit"]),
        ("", "- [ ] 渝中区", ["create"]),
    ],
)
def test_the_yearly_issue_opens_again_while_documents_are_missing(
    tmp_path: Path, found: str, line: str, called: list[str]
) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho '{line}'\n", encoding="utf-8")
    python.chmod(0o755)
    gh = f'[ "$1 $2" != "issue list" ] || {{ [ -z "{found}" ] || echo "{found}"; }}'
    summary = str(tmp_path / "summary")
    done = run_with_gh(("yearly", "checklist"), gh, tmp_path, YEAR="2026", GITHUB_STEP_SUMMARY=summary)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert [call.split()[1] for call in calls[1:]] == called


def test_only_what_was_tested_and_built_is_published() -> None:
    assert JOBS["publish", "share"]["needs"] == "tests"
    assert JOBS["publish", "build"]["needs"] == "share"
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
    targets = re.findall(r"^\s*(?:- )?(?:run: )?make ([\w./-]+)(?: OPTIONS=.*)?$", text, re.MULTILINE)
    assert {"test", "build"} <= set(targets)
    assert [target for target in targets if not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)] == []


# What else GitHub and git hooks read


def test_dependabot_keeps_the_actions_new() -> None:
    settings = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    assert {entry["package-ecosystem"] for entry in settings["updates"]} == {"github-actions"}


def test_the_owners_are_of_this_repository() -> None:
    repository = yaml.safe_load((ROOT / "data" / "package.yml").read_text(encoding="utf-8"))["repository"]
    owner = repository.split("/")[3]
    lines = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    [rule] = [line for line in lines if not line.startswith("#")]
    assert re.fullmatch(rf"\* @{owner}/[\w-]+", rule)


def test_every_licence_that_is_named_is_there_and_no_other() -> None:
    annotations = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    named = {licence for entry in annotations for licence in entry["SPDX-License-Identifier"].split(" AND ")}
    assert named == {path.stem for path in (ROOT / "LICENSES").iterdir()}
    for entry in annotations:
        for pattern in [entry["path"]] if isinstance(entry["path"], str) else entry["path"]:
            assert any(ROOT.glob(pattern)), f"{pattern} names no file"


@pytest.mark.long
def test_a_commit_of_data_files_is_checked(tmp_path: Path) -> None:
    command = [tool("pre-commit"), "run", "check", "--files"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path)}

    def run(name: str) -> str:
        done = subprocess.run([*command, name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.stdout

    assert "Passed" in run("data/labels.yml")
    assert "Skipped" in run("data/dataset/projects.csv")
