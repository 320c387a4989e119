"""``python -m builder …``: the only place that prints, and the only one that exits."""

import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from builder import atomic
from builder.dataset import compile as compiling
from builder.dataset import guard, store
from builder.dataset import history as releases
from builder.faults import DatasetFault, Fault, trouble
from builder.settings import Settings, load
from builder.settings.places import FIRST_YEAR, LAST_YEAR
from builder.upkeep import add as adding
from builder.upkeep import explain, report
from builder.upkeep import review as reviewing
from builder.upkeep.due import checklist

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"


def progress(message: str) -> None:
    click.echo(f"… {message}", err=True)


@click.group(help="明账：把预算绩效目标表变成数据和网站。")
@click.pass_context
def main(context: click.Context) -> None:
    context.with_resource(compiling.seldom_collected())
    alone = context.invoked_subcommand in ("build", "add", "release")
    context.with_resource(
        atomic.locked(DATA, alone=alone, waiting=lambda: progress("另一个命令正在用 data/，等它结束"))
    )


def _share(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d+)/(\d+)", value or "")
    if value is None or (found and 1 <= int(found[1]) <= int(found[2])):
        return (int(found[1]), int(found[2])) if found else None
    raise click.BadParameter("写成 第几份/共几份，如 2/4。")


@main.command(help="读全部文件，更新 data/dataset，生成网站到 site/。")
@click.option("--share", callback=_share, help="只建一份，放到 shares/：2/4 是四份里的第二份，可以在几台机器上同时建。")
@click.option("--join", is_flag=True, help="把 shares/ 里的各份拼成网站。")
def build(share: tuple[int, int] | None, join: bool) -> None:
    # The site's libraries take as long to load as the rest of the program; no other command needs them.
    from builder.site import build as building

    compiled, settings = _compiled()
    _require_nothing_lost(compiled, settings)
    compiling.write_dataset(compiled, settings, DATA / "dataset")
    if share is not None:
        place = building.build_share(ROOT, settings, compiled.lines, *share, progress)
        click.echo(f"第 {share[0]} 份在 {place}；各份都有了，再运行 python -m builder build --join。")
    else:
        count = building.build(ROOT, settings, compiled.lines, progress, joined=join)
        for line in report.summary(compiled.tables):
            click.echo(line)
        click.echo(f"网站在 {ROOT / 'site'}：{count} 个数据页。")
    _stop_if_unreadable(compiled)


@main.command(help="只检查：data/ 里的每个数据文件，全部文件的全部发现和怎么办；不写任何文件。")
def check() -> None:
    compiled, settings = _compiled()
    store.prove(compiled.tables.by_name(), settings.schemas)
    _require_nothing_lost(compiled, settings)
    for line in report.findings(compiled.tables.findings, settings, None):
        click.echo(line)
    for line in (*report.unused(compiled.tables, settings), *report.summary(compiled.tables)):
        click.echo(line)
    click.echo(report.count(compiled.tables.findings, settings))
    _stop_if_unreadable(compiled)


@main.command(
    help="一条记录的来历：每个值、原文、行号、哪条对照或更正动过它。RECORD 是项目、指标、结果或指标结果的编号。"
)
@click.argument("record")
def show(record: str) -> None:
    settings = load(DATA)
    document, columns, messages = explain.explain(record, settings, progress)
    click.echo(f"{record}  {document.title}  data/sources/{document.file.name}")
    for item in columns:
        shown = "（空）" if item.value is None else str(item.value).replace("\n", "⏎")
        click.echo(f"{item.column}: {shown}")
        if (origin := item.origin) is not None:
            filed = origin.printed.replace("\n", "⏎")
            click.echo(f"    原文第 {origin.line} 行「{origin.label_as_filed}」：{filed}")
            for rule in origin.rule.split("|") if origin.rule else ():
                click.echo(f"    {rule}")
    for message in messages:
        click.echo(f"发现 {message}")


@main.command(help="从存档的文件重新推出一条已发布的记录，逐栏比较：相符或不符。")
@click.argument("record")
@click.option("--version", help="与哪一版比，如 1.0.0；不写就与现在的数据集比。")
def verify(record: str, version: str | None) -> None:
    compiled, settings = _compiled()
    if version is None:
        rows = explain.verify(record, compiled.tables, store.load(DATA / "dataset", settings.schemas))
    else:
        made = store.Dataset(compiled.tables, settings.schemas)
        rows = explain.verify_release(record, made, DATA / "releases", version)
    for row in rows:
        click.echo(f"{'不符' if row.differences else '相符'} {row.table} {row.key}")
        for column, before, after in row.differences:
            click.echo(f"    {column}：发布 {before}，重新推出 {after}")
    if any(row.differences for row in rows):
        raise SystemExit(1)


@main.command(help="列出还不认识的栏目词、写法和部门，附上可以粘贴的 YAML。")
def missing() -> None:
    compiled, settings = _compiled()
    for line in report.missing(compiled.tables.findings, settings):
        click.echo(line)
    _stop_if_unreadable(compiled)


@main.command(help="加入一份公开文件：认出地区、年度和标题，登记、复制，更新 data/dataset，报告读懂了多少。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", "region_id", help="地区编号（data/regions.yml），文件里看不出时才需要。")
@click.option("--year", type=int, help="年度，文件里看不出时才需要。")
@click.option("--title", help="标题。")
@click.option("--publisher", help="公开单位。")
@click.option("--id", "document_id", help="文件编号；发布后不能改。")
@click.option("--url", "source_url", help="下载网址。")
@click.option("--retrieved", "retrieved_on", help="下载日期，如 2026-03-08。")
@click.option("--replaces", help="这份文件修订的是哪一份（文件编号）。")
@click.option("--dry-run", is_flag=True, help="只报告，什么都不改。")
def add(file: Path, dry_run: bool, **given: Any) -> None:
    settings = load(DATA)
    proposal = adding.propose(file, adding.Wanted(**given), settings, progress)
    if proposal.already is not None:
        done = "没有改动。"
        if not dry_run and not adding.is_published(proposal.already, settings):
            compiled = compiling.compile_dataset(settings, progress)
            compiling.write_dataset(compiled, settings, DATA / "dataset")
            done = "数据集里还没有它，已补上。"
        click.echo(f"{file.name} 已经加入过：{proposal.already.document_id}。{done}")
        return
    document, placed = proposal.document, adding.placed(proposal.document, settings)
    for reason in proposal.reasons:
        click.echo(reason)
    read = settings.with_document(document)
    compiled = compiling.with_file(compiling.compile_dataset(read, progress), placed)
    _require_nothing_lost(compiled, read)
    document = replace(document, holds=guard.held(compiled.tables, document.document_id))
    click.echo(adding.entry(document, settings).rstrip())
    stored = settings.with_document(placed)
    for line in report.of_document(compiled.tables, document.document_id, stored):
        click.echo(line)
    _say_unreadable(compiled)
    if dry_run:
        click.echo("只是试读（--dry-run），什么都没有改。")
        return
    adding.store(document, settings, compiled)
    click.echo(f"已加入 {document.document_id}：data/sources/{placed.file.name}、data/sources.yml、data/dataset/。")
    mend = any(row.document_id == document.document_id for row in compiled.tables.findings)
    if hidden := sum("****" in line.text for line in compiled.lines[document.document_id]):
        click.echo(
            f"有 {hidden} 行的个人号码已隐去。data/sources 里的原件照政府印出的存档，号码是完整的，提交后人人可见；"
            "撤下的办法见 CONTRIBUTING.md「原件里的号码」。"
        )
    click.echo(f"下一步：{'照上面的「怎么办」改 data/ 里的文件；' if mend else ''}运行 make serve 看网站，再提交。")


@main.command(help="这次改动对数据集的影响，写成 markdown；BASE 是要比较的版本，如 origin/main。")
@click.argument("base")
def review(base: str) -> None:
    settings = load(DATA)
    for line in reviewing.markdown(base, settings.schemas, releases.replacements(settings.documents), ROOT):
        click.echo(line)


@main.command(help="记下这一版发布了什么：VERSION 与 data/package.yml 的 version 相同。发布后不能改。")
@click.argument("version")
@click.option("--date", required=True, help="发布日期，如 2026-11-21。")
@click.option("--note", required=True, help="一行说明，写给读者看。")
def release(version: str, date: str, note: str) -> None:
    settings = load(DATA)
    policy = settings.package
    if (version, date) != (policy.version, policy.published):
        raise DatasetFault(
            f"data/package.yml 写的是 {policy.version} 版、{policy.published} 发布，这里写的是 {version} 版、{date}。请改成一致。"
        )
    replaces = releases.replacements(settings.documents)
    published = store.load(DATA / "dataset", settings.schemas)
    cut = releases.cut(published, DATA / "releases", version, date, note, replaces)
    click.echo(f"已记下 {version} 版：{len(cut.changes)} 行改动，data/releases/{version}.json。请提交它。")


@main.command(help="某一年还缺哪些地区的文件，哪些结果该公开了，写成 markdown 清单。")
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@click.option("--month", type=click.IntRange(1, 13), default=13, help="从这一年的几月看；不写就算已经过完。")
def due(year: int, month: int) -> None:
    settings = load(DATA)
    for line in checklist(year, month, store.load(DATA / "dataset", settings.schemas).tables, settings):
        click.echo(line)


def _require_nothing_lost(compiled: compiling.Compiled, settings: Settings) -> None:
    published = guard.published(DATA / "dataset", settings.schemas)
    guard.require(compiled.tables, published, settings.current_documents, set(compiled.unreadable))


def _compiled() -> tuple[compiling.Compiled, Settings]:
    settings = load(DATA)
    return compiling.compile_dataset(settings, progress), settings


def _say_unreadable(compiled: compiling.Compiled) -> None:
    for row in compiled.tables.findings:
        if row.code == "document-unreadable":
            click.echo(f"错误 {row.document_id}：{row.message}", err=True)


def _stop_if_unreadable(compiled: compiling.Compiled) -> None:
    """Exit 1 where a document could not be read, after the others have been dealt with."""
    _say_unreadable(compiled)
    if compiled.unreadable:
        raise SystemExit(1)


def run(arguments: Sequence[str] | None = None) -> None:
    """One command, and the end of the program: a fault is one message on the error stream and exit code 1."""
    asked_to_end = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ended = main(arguments, prog_name="python -m builder", standalone_mode=False)
        sys.exit(ended if isinstance(ended, int) else 0)
    except Fault as fault:
        click.echo(f"错误：{fault}", err=True)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。没有做完的都恢复原样，再运行一次就行。", err=True)
        sys.exit(128 + signal.SIGINT)
    except OSError as fault:
        click.echo(
            f"错误：{fault.filename or '写文件'}：{trouble(fault)}。请检查文件权限和磁盘空间，再运行一次。", err=True
        )
    finally:
        signal.signal(signal.SIGTERM, asked_to_end)
    sys.exit(1)


if __name__ == "__main__":
    try:
        run()
    finally:
        # Ctrl-C has nothing left to stop, and would print a traceback.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
