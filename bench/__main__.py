"""``python -m bench [PROJECTS …]``: prints the machine and two tables, in markdown."""

import os
import platform
import re
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bench.measure import apart, built, compiled, read

SIZES = (200, 1_000, 3_000)
REPEATS = 5
SITE_REPEATS = 3


@click.command(help="测速：读文件、从数据集到网站，以及 PROJECTS 个项目时每页的耗时。")
@click.argument("projects", nargs=-1, type=click.IntRange(min=1))
def main(projects: tuple[int, ...]) -> None:
    click.echo(machine())
    click.echo(table("做什么", ["秒（中位数）", "次数", "目标"]))
    readings = [apart(read) for _ in range(REPEATS)]
    documents, forms, _ = readings[0]
    click.echo(timed(f"读 {documents} 份文件（{forms} 张表）", [seconds for _, _, seconds in readings], "< 2"))
    click.echo(timed("从文件到数据集，含核对", [apart(compiled) for _ in range(REPEATS)], ""))
    real = [apart(built, 0) for _ in range(SITE_REPEATS)]
    click.echo(timed("从数据集到网站和全部下载", [build.seconds for build in real], "< 15"))
    for place, (stage, _) in enumerate(real[0].stages):
        click.echo(timed(f"· {name(stage)}", [build.stages[place][1] for build in real], ""))
    builds = [apart(built, size) for size in projects or SIZES]
    click.echo(table("", [f"{build.projects:,} 个项目" for build in builds]))
    click.echo(cells("页", [f"{build.pages:,}" for build in builds]))
    click.echo(cells("秒", [f"{build.seconds:.1f}" for build in builds]))
    click.echo(cells("内存峰值，MB", [f"{build.megabytes:,.0f}" for build in builds]))
    click.echo(cells("每页处理器毫秒", [f"{1000 * build.cpu / build.pages:.1f}" for build in builds]))
    click.echo(cells("每页毫秒", [f"{1000 * build.seconds / build.pages:.1f}" for build in builds]))
    for place, (stage, _) in enumerate(builds[0].stages):
        spent = [1000 * build.stages[place][1] / build.pages for build in builds]
        click.echo(cells(f"· {name(stage)}", [f"{each:.1f}" for each in spent]))


def table(first: str, heads: Sequence[str]) -> str:
    return f"\n{cells(first, heads)}\n| --- |{' ---: |' * len(heads)}"


def cells(first: str, values: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(values)} |"


def timed(what: str, seconds: Sequence[float], goal: str) -> str:
    return cells(what, [f"{statistics.median(seconds):.2f}", str(len(seconds)), goal])


def name(stage: str) -> str:
    """A stage without the counts that its message gives."""
    return re.sub(r"\s*\d+\s*页?", "", stage)


def machine() -> str:
    """Processor, cores, memory and Python: without them a second says nothing."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [row.partition(":")[2].strip() for row in cpuinfo.read_text().splitlines() if "model name" in row]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}，{os.cpu_count()} 核，{memory:.0f} GB，Python {platform.python_version()}，{platform.system()}"


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main(prog_name="python -m bench")
