"""A small site with results: one place's targets of two years, and what was told of some of them, typed.

Nothing here is published. Eight sheets, so that each outcome is there: kept, fell short, partly, told in words only, a
target that is another than was promised, money left over, a project that nobody promised, promises left
out; and each judge: the unit itself, for a project and as a whole, the middle of the year, an evaluation.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from forms_rendered import render
from printed import compiled
from results_layouts import EVALUATION, MONITORING, WHOLE_DEPARTMENT
from results_typed import Scored, national, sichuan, transfer, with_cell

from builder.dataset import compile as compiling
from builder.model import Document
from builder.settings import Settings, load
from builder.settings.manifest import sha256
from builder.site import build

TARGETS = ("changshou-2023-finance", "changshou-2024-key", "shapingba-2024-finance")
TOLD, TRANSFERS = "changshou-2024-self", "changshou-2024-transfers"
HOUSES = "农村危房改造"
HOUSES_SCORES: tuple[Scored, ...] = (
    ("危房改造完成率", "=100", "%", "100", "20", "20", ""),
    ("改造后验收合格率", "=100", "%", "100", "20", "20", ""),
    ("危房改造数量", "=96", "户", "96", "20", "20", ""),
    ("提高农户生活质量", "是", "", "未完成", "10", "10", ""),
    ("保障居民居住安全", "=100", "%", "", "10", "", ""),
    ("新增的满意度", "≥90", "%", "92", "10", "10", ""),
)
NOBODYS = "临时用工补助"
POOR = "困难群众及无名尸丧葬费用减免"
WATCHED = "雪亮工程运行经费"
INSURANCE = "巨灾保险项目"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def settings_with_results(settings: Settings, folder: Path) -> Settings:
    """The settings with the documents of ``TARGETS`` and two of results, whose files are written to ``folder``."""
    houses = with_cell(
        national(HOUSES, "重庆市长寿区住房和城乡建设委员会", HOUSES_SCORES, ("107.8", "107.8", "60.5", "10", "56.1%", "5.6"), ("100", "85.6")),
        "整治了十八家。",
        "改造了九十六户，资金结余。",
    )  # fmt: skip
    nobodys = national(NOBODYS, "长寿区财政局", HOUSES_SCORES[:2], total=("100", "49"))
    watched = replace(MONITORING.grid, title=("长寿区项目支出绩效目标执行监控表", "（2024年度）"))
    for was, now in (("执法办案专项", WATCHED), ("221-重庆市公安局万盛经济技术开发区分局", "重庆市长寿区公安局")):
        watched = with_cell(watched, was, now)
    self, whole = "self_evaluation", WHOLE_DEPARTMENT.grid
    told = (
        ("changshou", TOLD, "长寿区2024年度项目支出绩效自评表", self, (national(), sichuan(), houses, nobodys)),
        ("changshou", TRANSFERS, "长寿区2024年度转移支付绩效自评表", self, (transfer(POOR, "长寿区民政局"),)),
        ("changshou", "changshou-2024-watched", "长寿区2024年1至7月运行监控表", "monitoring", (watched,)),
        ("changshou", "changshou-2024-judged", "长寿区2024年重点绩效评价", "evaluation", (EVALUATION.grid,)),
        ("shapingba", "shapingba-2024-self", "沙坪坝区财政局2024年部门整体自评表", self, (whole,)),
    )
    documents = [one for one in settings.documents if one.document_id in TARGETS]
    for region_id, document_id, title, kind, sheets in told:
        path = folder / f"{document_id}.xlsx"
        render(sheets, "xlsx-sheets", path)
        place = (region_id, 2024, title, "财政局", path, XLSX, sha256(path), path.stat().st_size)
        documents.append(Document(document_id, *place, kind=kind))
    return replace(settings, documents=tuple(documents), corrections=(), series=())


def build_with_results(root: Path) -> int:
    """Build ``root/site``, a copy of what a build of the site reads, from these documents; returns how many pages."""
    shutil.rmtree(root / "data" / "releases")
    settings = settings_with_results(load(root / "data"), root)
    told = compiled(settings)
    compiling.write_dataset(told, settings, settings.data / "dataset")
    return build.build(root, settings, told.lines, lambda message: None)
