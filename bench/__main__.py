"""``python -m bench [PROJECTS …]``: prints the machine and, in markdown, what was measured beside what is wanted."""

import os
import platform
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from bench.measure import Built, Read, added, apart, built, compiled, found, read, read_at_once, read_file, written

SIZES = (200, 10_000)
# Format → forms in the file, and how many a second are wanted.
FORMATS = {"txt": (2_000, 2_000), "xlsx": (300, 100), "docx": (300, 100), "html": (300, 100)}
# 100,000 forms of text are to be read in a minute; a tenth of them tells how long that takes.
COPIES_AT_ONCE = 5
FORMS_ON_1000_PAGES = 1_150
# The first a PDF, which takes longest to read, the second a DOCX.
FORMS_ADDED = (200, 50)
SEARCHED = 10_000
REPEATS = 3
SITE_REPEATS = 1


@click.command(help="测速：读各种文件、加一份文件、从数据集到网站，以及 PROJECTS 个项目时每页的耗时和网页的大小。")
@click.argument("projects", nargs=-1, type=click.IntRange(min=1))
def main(projects: tuple[int, ...]) -> None:
    click.echo(machine())
    with tempfile.TemporaryDirectory() as folder:
        report_reading(Path(folder))
    report_build()
    report_growth([apart(built, size) for size in projects or SIZES])
    report_search()


def report_reading(folder: Path) -> None:
    """A document of each format, and adding two of them to the project."""
    click.echo(table("读一份文件", ["张表", "处理器秒", "每处理器秒", "内存峰值", "目标"]))
    for fmt, (forms, goal) in FORMATS.items():
        result = fastest(fmt, forms, folder)
        rate = f"{result.forms / result.cpu:,.0f} 张"
        click.echo(cells(fmt.upper(), [*sized(result), rate, megabytes(result), f"≥ {goal:,} 张"]))
    forms, seconds = apart(read_at_once, str(folder / "bench.txt"), COPIES_AT_ONCE)
    rate = f"{forms / seconds:,.0f} 张/秒"
    click.echo(
        cells(f"TXT，{COPIES_AT_ONCE} 份一起读，按钟", [f"{forms:,}", f"{seconds:.2f}", rate, "", "≥ 1,667 张/秒"])
    )
    result = fastest("pdf", FORMS_ON_1000_PAGES, folder)
    rate = f"{result.pages / result.cpu:,.0f} 页"
    click.echo(cells(f"PDF，{result.pages:,} 页", [*sized(result), rate, megabytes(result), "≥ 5 页，< 500 MB"]))
    files = [str(folder / f"added.{fmt}") for fmt in ("pdf", "docx")]
    for file, forms in zip(files, FORMS_ADDED, strict=True):
        apart(written, Path(file).suffix[1:], forms, file)
    pdf, docx = apart(added, *files)
    click.echo(table("加一份文件", ["秒", "读了几份", "目标"]))
    click.echo(
        cells(f"首批五份之外，加 {FORMS_ADDED[0]} 张表的 PDF", [f"{pdf.seconds:.1f}", str(pdf.readings), "1 份"])
    )
    click.echo(cells(f"再加 {FORMS_ADDED[1]} 张表的 DOCX", [f"{docx.seconds:.1f}", str(docx.readings), "1 份"]))


def fastest(fmt: str, forms: int, folder: Path) -> Read:
    """The quickest of three readings: what other programs take from the processor only ever adds."""
    path = folder / f"bench.{fmt}"
    apart(written, fmt, forms, str(path))
    return min((apart(read_file, str(path)) for _ in range(3 if fmt != "pdf" else 1)), key=lambda result: result.cpu)


def sized(result: Read) -> list[str]:
    return [f"{result.forms:,}", f"{result.cpu:.2f}"]


def megabytes(result: Read) -> str:
    return f"{result.megabytes:,.0f} MB"


def report_build() -> None:
    """The five documents, from the files to the finished site."""
    click.echo(table("做什么", ["秒（中位数）", "次数", "目标"]))
    readings = [apart(read) for _ in range(REPEATS)]
    documents, forms, _ = readings[0]
    click.echo(timed(f"读 {documents} 份文件（{forms} 张表）", [seconds for _, _, seconds in readings], ""))
    click.echo(timed("从文件到数据集，含核对", [apart(compiled) for _ in range(REPEATS)], "< 2"))
    real = [apart(built, 0) for _ in range(SITE_REPEATS)]
    click.echo(timed("从数据集到网站和全部下载", [build.seconds for build in real], "< 40，连同上一行"))
    click.echo(timed("· 其中处理器秒，各进程相加", [build.cpu for build in real], ""))
    for place, (stage, _) in enumerate(real[0].stages):
        click.echo(timed(f"· {name(stage)}", [build.stages[place][1] for build in real], ""))


def report_growth(builds: Sequence[Built]) -> None:
    """The site of more and more projects: what a page costs, and what a browser loads."""
    click.echo(table("", [*(f"{build.projects:,} 个项目" for build in builds), "目标"]))

    def line(first: str, values: Sequence[str], goal: str = "") -> None:
        click.echo(cells(first, [*values, goal]))

    line("页", [f"{build.pages:,}" for build in builds])
    line("秒", [f"{build.seconds:.1f}" for build in builds], "10,000 个 ≤ 45，100,000 个 ≤ 420")
    line("处理器秒", [f"{build.cpu:.1f}" for build in builds], "10,000 个 ≤ 90")
    line("什么都没有改，再建一次，秒", [f"{build.again:.1f}" for build in builds], "≤ 5")
    line("内存峰值（最大的一个进程），MB", [f"{build.megabytes:,.0f}" for build in builds], "< 4,000")
    line("每个项目占多少，kB，不算离线网站", [kilobytes(build.bytes // build.projects) for build in builds], "≤ 25")
    line("离线网站，MB", [f"{build.copies / 1e6:,.0f}" for build in builds])
    line("文件", [f"{build.files:,}" for build in builds])
    line(
        "Hugo 排同样的项目页，处理器秒",
        ["没有装" if build.hugo is None else f"{build.hugo:.1f}" for build in builds],
    )
    line("每页处理器毫秒", [f"{1000 * build.cpu / build.pages:.1f}" for build in builds], "不增长")
    line("每页毫秒", [f"{1000 * build.seconds / build.pages:.1f}" for build in builds], "不增长")
    # A large build says more, such as how many pages are done: that is a part of the stage before.
    stages = [stage for stage, _ in builds[0].stages]
    for stage in stages:
        line(f"· {name(stage)}", [f"{1000 * _spent(build, stages)[stage] / build.pages:.1f}" for build in builds])
    line("最大的项目页，首次打开，kB", [kilobytes(build.weight.project) for build in builds], "≤ 150")
    line("首次搜索，最多，kB", [kilobytes(build.weight.search) for build in builds], "≤ 300")


def _spent(build: Built, stages: Sequence[str]) -> dict[str, float]:
    """The seconds of each of ``stages``, what came between them added to the one before."""
    spent, current = dict.fromkeys(stages, 0.0), stages[0]
    for message, seconds in build.stages:
        current = message if message in spent else current
        spent[current] += seconds
    return spent


def report_search() -> None:
    result = apart(found, SEARCHED)
    click.echo(table(f"搜索 {result.projects:,} 个项目", ["", "目标"]))
    click.echo(cells("首次搜索，最多，kB", [kilobytes(result.weight.search), "≤ 300"]))
    click.echo(cells("该找到的找到了", [f"{100 * result.recall:.1f}%", "≥ 95%"]))


def kilobytes(size: int) -> str:
    return f"{size / 1000:,.0f}"


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
