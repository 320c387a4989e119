"""Layouts of other provinces than the five documents', printed in every format and read the whole way.

Each page is written as it is printed, a line a row and ``|`` between cells, and beside it what a person reads in it,
stated by hand. Projects, units and figures are invented.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
from forms_rendered import Grid, extension, render
from layouts_typed import Page, Reads
from layouts_unseen import UNSEEN
from printed import compiled

from builder.dataset.rows import Tables
from builder.model import Document
from builder.readers import formats
from builder.settings import Settings
from builder.settings.manifest import sha256
from builder.text import plain

FORMATS = ("txt", "csv", "docx", "xlsx", "html", "pdf")
INDICATOR = ("level1", "level2", "name", "comparison", "target_value", "target_as_filed", "unit", "weight")


SHANGHAI = Page(
    ("财政项目支出绩效目标申报表", "（2026年度）"),
    """
项目名称 | 滨河步道整修 | | 项目性质 | 一次性项目 |
主管部门 | 某区绿化和市容管理局 | | 实施单位 | 某区绿化所 |
计划开始日期 | 2026-01-01 | | 计划完成日期 | 2026-12-31 |
项目资金（元） | 项目资金总额 | 300000.00 | 年度资金申请总额 | 100000.00 |
 | 其中：财政资金 | 250000.00 | 其中：当年财政拨款 | 80000.00 |
 | | | 上年结转资金 | 15000.00 |
 | 其他资金 | 50000.00 | 其他资金 | 5000.00 |
项目绩效目标 | 项目总目标 | | 年度总体目标 | |
 | 三年整修步道3公里。 | | 本年整修步道1公里。 | |
一级指标 | 二级指标 | | 三级指标 | 年度(/项目)指标值 |
产出指标 | 数量指标 | | 整修步道长度 | 985米 |
 | 质量指标 | | 验收合格率 | =100.00(%) |
满意度指标 | 服务对象满意度 | | 市民满意度 | ≥90.00(%) |
""",
    [
        Reads(
            "滨河步道整修",
            "100000",
            "本年整修步道1公里。",
            [
                ("产出指标", "数量指标", "整修步道长度", None, "985", "985米", "米", None),
                ("产出指标", "质量指标", "验收合格率", "eq", "100", "=100.00(%)", "%", None),
                ("满意度指标", "服务对象满意度", "市民满意度", "ge", "90", "≥90.00(%)", "%", None),
            ],
            [("fiscal", "80000"), ("other", "15000"), ("other", "5000")],
            [
                ("项目性质", "一次性项目"),
                ("计划开始日期", "2026-01-01"),
                ("计划完成日期", "2026-12-31"),
                ("项目资金总额", "300000.00"),
                ("项目资金总额：其中：财政资金", "250000.00"),
                ("项目资金总额：其他资金", "50000.00"),
                ("项目总目标", "三年整修步道3公里。"),
            ],
            {"implementing_unit": "某区绿化所"},
        )
    ],
    {"heading-missing": 1, "sign-in-value": 2},
)

CENTRAL = Page(
    ("项目支出绩效目标表", "（2025年度）"),
    """
项目名称 | 实验室条件改善 | | | | | |
主管部门及代码 | 105-某部 | | | 实施单位 | 某大学 | |
项目属性 | 新增□延续√ | | | 项目周期 | 3年 | |
项目资金（万元） | 中期资金总额： | 900.00 | | 年度资金总额： | 300.00 | |
 | 其中：财政拨款 | 600.00 | | 其中：财政拨款 | 200.00 | |
 | 上年结转资金 | 0.00 | | 上年结转资金 | 10.00 | |
 | 其他资金 | 300.00 | | 其他资金 | 90.00 | |
总体目标 | 中期目标（2025年—2027年） | | | 年度目标 | | |
 | 目标1：三年建成实验室六间。 | | | 目标1：建成实验室两间。 | | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
 | 产出指标 | 数量指标 | 建成实验室数量 | ≥6间 | 数量指标 | 新建实验室数量 | ≥2间
 | | 质量指标 | 设备完好率 | ≥98% | 质量指标 | 设备验收合格率 | 100%
 | 效益指标 | 社会效益指标 | 服务学生人数 | ≥9000人次 | 社会效益指标 | 新增服务学生 | ≥3000人次
""",
    [
        Reads(
            "实验室条件改善",
            "3000000",
            "目标1：建成实验室两间。",
            [
                ("产出指标", "数量指标", "新建实验室数量", "ge", "2", "≥2间", "间", None),
                ("产出指标", "质量指标", "设备验收合格率", None, "100", "100%", "%", None),
                ("效益指标", "社会效益指标", "新增服务学生", "ge", "3000", "≥3000人次", "人次", None),
            ],
            [("fiscal", "2000000"), ("other", "100000"), ("other", "900000")],
            [
                ("项目属性", "新增□延续√"),
                ("项目周期", "3年"),
                ("中期资金总额：", "900.00"),
                ("中期资金总额：其中：财政拨款", "600.00"),
                ("中期资金总额：上年结转资金", "0.00"),
                ("中期资金总额：其他资金", "300.00"),
                ("中期目标（2025年—2027年）", "目标1：三年建成实验室六间。"),
                ("中期目标：二级指标", "数量指标"),
                ("中期目标：三级指标", "建成实验室数量"),
                ("中期目标：指标值", "≥6间"),
                ("中期目标：二级指标", "质量指标"),
                ("中期目标：三级指标", "设备完好率"),
                ("中期目标：指标值", "≥98%"),
                ("中期目标：二级指标", "社会效益指标"),
                ("中期目标：三级指标", "服务学生人数"),
                ("中期目标：指标值", "≥9000人次"),
            ],
        )
    ],
    {"heading-missing": 1, "sign-in-value": 2},
)

DONGGUAN = Page(
    ("2019年项目支出绩效目标批复表",),
    """
项目名称 | 中期市财政预算（万元） | | | | 本年度申请市财政预算资金（万元） | |
图书馆自助借阅 | 240 | | | | 80 | |
总体目标 | 中期滚动目标 | | | | 年度目标 | |
 | 三年新增自助馆12处。 | | | | 新增自助馆4处。 | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值（或计划水平） | 二级指标 | 三级指标 | 计划指标值（或计划水平）
 | 预期产出指标 | 数量指标 | 自助馆总数 | 12处 | 数量指标 | 新增自助馆 | 4处
 | 预期效果指标 | 社会效益 | 借阅总量 | 不少于90万册 | 社会效益 | 全年借阅量 | 不少于30万册
""",
    [
        Reads(
            "图书馆自助借阅",
            "800000",
            "新增自助馆4处。",
            [
                ("预期产出指标", "数量指标", "新增自助馆", None, "4", "4处", "处", None),
                ("预期效果指标", "社会效益", "全年借阅量", "ge", "30", "不少于30万册", "万册", None),
            ],
            (),
            [
                ("中期市财政预算（万元）", "240"),
                ("中期滚动目标", "三年新增自助馆12处。"),
                ("中期滚动目标：二级指标", "数量指标"),
                ("中期滚动目标：三级指标", "自助馆总数"),
                ("中期滚动目标：指标值（或计划水平）", "12处"),
                ("中期滚动目标：二级指标", "社会效益"),
                ("中期滚动目标：三级指标", "借阅总量"),
                ("中期滚动目标：指标值（或计划水平）", "不少于90万册"),
            ],
        )
    ],
    {"heading-missing": 2, "sign-in-value": 1},  # neither department nor weights are printed
)

SICHUAN = Page(
    ("部门预算项目绩效目标申报表", "金额单位：元"),
    """
单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 权重 | 指标方向性
820-某镇部门 | | 300,000.00 | | | | | | | | |
820301-某镇 | 村道养护 | 200,000.00 | 养护村道12公里。 | 产出指标 | 数量指标 | 养护里程 | ≥ | 12 | 公里 | 50 | 正向指标
 | | | | | 时效指标 | 完成时间 | ≤ | 12 | 月 | 20 | 反向指标
 | | | | 满意度指标 | 服务对象满意度指标 | 村民满意度 | ≥ | 90 | % | 20 | 正向指标
 | 环卫保洁 | 60,000.00 | 全年保洁。 | 产出指标 | 质量指标 | 保洁合格率 | ＝ | 100 | % | 90 | 正向指标
820302-某镇便民中心 | 环卫保洁 | 40,000.00 | 大厅保洁。 | 产出指标 | 质量指标 | 大厅整洁 | 定性 | 优 | | 90 | 正向指标
""",
    [
        Reads(
            "村道养护",
            "200000",
            "养护村道12公里。",
            [
                ("产出指标", "数量指标", "养护里程", "ge", "12", "12", "公里", "50"),
                ("产出指标", "时效指标", "完成时间", "le", "12", "12", "月", "20"),
                ("满意度指标", "服务对象满意度指标", "村民满意度", "ge", "90", "90", "%", "20"),
            ],
            (),
            [("指标方向性", "正向指标"), ("指标方向性", "反向指标"), ("指标方向性", "正向指标")],
        ),
        Reads(
            "环卫保洁",
            "60000",
            "全年保洁。",
            [("产出指标", "质量指标", "保洁合格率", "eq", "100", "100", "%", "90")],
            (),
            [("指标方向性", "正向指标")],
        ),
        Reads(
            "环卫保洁",
            "40000",
            "大厅保洁。",
            [("产出指标", "质量指标", "大厅整洁", "qualitative", None, "优", None, "90")],
            (),
            [("指标方向性", "正向指标")],
        ),
    ],
    stated="300000",
)

YUNNAN = Page(
    ("项目支出绩效目标表（本级下达）", "单位：万元"),
    """
单位名称、项目名称 | 项目年度绩效目标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 指标属性 | 指标内容
1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10
某县农业农村局 | | | | | | | | |
农机购置补贴 | 补贴农机300台。 | 产出指标 | 数量指标 | 补贴台数 | >= | 300 | 台 | 定量指标 | 反映全年补贴的台数
 | | 效益指标 | 社会效益指标 | 受益农户 | >= | 280 | 户 | 定量指标 | 反映受益农户数
某县种子站 | | | | | | | | |
良种推广 | 推广良种2万亩。 | 产出指标 | 数量指标 | 推广面积 | = | 2 | 万亩 | 定量指标 | 反映推广面积
 | | 满意度指标 | 服务对象满意度指标 | 农户满意 | = | 满意 | 是/否 | 定性指标 | 问卷调查
""",
    [
        Reads(
            "农机购置补贴",
            None,
            "补贴农机300台。",
            [
                ("产出指标", "数量指标", "补贴台数", "ge", "300", "300", "台", None),
                ("效益指标", "社会效益指标", "受益农户", "ge", "280", "280", "户", None),
            ],
            (),
            [
                ("指标属性", "定量指标"),
                ("指标内容", "反映全年补贴的台数"),
                ("指标属性", "定量指标"),
                ("指标内容", "反映受益农户数"),
            ],
        ),
        Reads(
            "良种推广",
            None,
            "推广良种2万亩。",
            [
                ("产出指标", "数量指标", "推广面积", "eq", "2", "2", "万亩", None),
                ("满意度指标", "服务对象满意度指标", "农户满意", "eq", None, "满意", "是/否", None),
            ],
            (),
            [
                ("指标属性", "定量指标"),
                ("指标内容", "反映推广面积"),
                ("指标属性", "定性指标"),
                ("指标内容", "问卷调查"),
            ],
        ),
    ],
    {"heading-missing": 4},  # neither money nor weights
)

FENGJIE = Page(
    ("2024年部门项目支出绩效目标审批表",),
    """
项目名称 | 农村饮水安全 | | | 项目分类 | 一般性项目 | |
建设周期 | 1年 | | | 业务主管部门 | 某县水利局 | |
实施单位 | 某县供水站 | | | 项目负责人 | 向小波 | 联系电话 | 55512345
项目总体概况 | 维修供水管网。 | | | | | |
年度主要目标和成果 | 维修管网30公里。 | | | | | |
项目资金预算执行10分 | 项目总预算 | 当年年度预算 | 其中：财政资金 | 其中：其它资金 | 年度预算执行率 | 分值 |
 | 90万元 | 30万元 | 25万元 | 5万元 | 100% | 10 |
年度绩效目标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 | 指标解释 |
 | 成本(0-20) | 经济成本指标 | 每公里维修成本 | ≤1万元 | 20 | 合同价 |
 | 产出(40-50) | 数量指标 | 维修管网长度 | ≥30公里 | 50 | |
 | 效益(20-30) | 社会效益指标 | 供水保证率 | ≥95% | 20 | 抽查 |
""",
    [
        Reads(
            "农村饮水安全",
            "300000",
            "维修管网30公里。",
            [
                ("成本(0-20)", "经济成本指标", "每公里维修成本", "le", "1", "≤1万元", "万元", "20"),
                ("产出(40-50)", "数量指标", "维修管网长度", "ge", "30", "≥30公里", "公里", "50"),
                ("效益(20-30)", "社会效益指标", "供水保证率", "ge", "95", "≥95%", "%", "20"),
            ],
            [("fiscal", "250000"), ("other", "50000")],
            [
                ("项目分类", "一般性项目"),
                ("建设周期", "1年"),
                ("项目总预算", "90万元"),
                ("年度预算执行率", "100%"),
                ("指标解释", "合同价"),
                ("指标解释", "抽查"),
            ],
            {"execution_weight": "10", "contact_name": "向小波", "overview": "维修供水管网。"},
        )
    ],
    {"sign-in-value": 3},
)

YUEYANG = Page(
    ("2025年部门整体支出绩效目标表",),
    """
部门(单位)名称 | 某区发展和改革局 | | | | | | | |
*部门(单位)职责 | 拟订全区发展规划。 | | | | | | | |
*年度总体绩效目标 | 完成重点项目30个。 | | | | | | | |
一级指标 | 二级指标 | 三级指标 | 指标值类型 | *指标值 | 计量单位 | *指标解释 | *评(扣)分标准 | 备注 |
产出指标 | 数量指标 | 推进重点项目 | 定量 | ≥30 | 个 | 全年推进数 | 每少一个扣1分 | 含续建 |
 | 质量指标 | 规划编制质量 | 定性 | 优 | 文字描述 | 专家评审 | 酌情扣分 | |
""",
    [
        Reads(
            "某区发展和改革局2025年部门整体支出绩效目标",
            None,
            "完成重点项目30个。",
            [
                ("产出指标", "数量指标", "推进重点项目", "ge", "30", "≥30", "个", None),
                ("产出指标", "质量指标", "规划编制质量", "qualitative", None, "优", "文字描述", None),
            ],
            (),
            [
                ("指标值类型", "定量"),
                ("*指标解释", "全年推进数"),
                ("*评(扣)分标准", "每少一个扣1分"),
                ("备注", "含续建"),
                ("指标值类型", "定性"),
                ("*指标解释", "专家评审"),
                ("*评(扣)分标准", "酌情扣分"),
            ],
            {"overview": "拟订全区发展规划。"},
        )
    ],
    {"heading-missing": 2, "sign-in-value": 1},
)

NINGXIANG = Page(
    ("2023年项目支出绩效目标表",),
    """
项目名称 | 文化下乡 | | 主管部门 | 某市文化局 |
项目属性 | 新增□延续√ | | 实施单位 | 某市文化馆 |
资金总额及构成 | 预算50万元，其中财政拨款50万元。 | | | |
项目概况 | 送戏下乡。 | | | |
立项依据 | 文化惠民要求。 | | | |
项目立项必要性 | 满足群众需要。 | | | |
长期绩效目标 | 五年送戏500场。 | | | |
年度绩效目标 | 送戏100场。 | | | |
长期绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注
 | 产出指标 | 数量指标 | 累计送戏场次 | 500场 |
年度绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注
 | 产出指标 | 数量指标 | 全年送戏场次 | 100场 | 含折子戏
 | | 时效指标 | 投诉办结时间 | 3个工作日内 |
""",
    [
        Reads(
            "文化下乡",
            None,
            "送戏100场。",
            [
                ("产出指标", "数量指标", "全年送戏场次", None, "100", "100场", "场", None),
                ("产出指标", "时效指标", "投诉办结时间", "le", "3", "3个工作日内", "个工作日", None),
            ],
            (),
            [
                ("项目属性", "新增□延续√"),
                ("资金总额及构成", "预算50万元，其中财政拨款50万元。"),
                ("项目立项必要性", "满足群众需要。"),
                ("长期绩效目标", "五年送戏500场。"),
                ("长期绩效指标：一级指标", "产出指标"),
                ("长期绩效指标：二级指标", "数量指标"),
                ("长期绩效指标：指标内容", "累计送戏场次"),
                ("长期绩效指标：指标值", "500场"),
                ("备注", "含折子戏"),
            ],
            {"overview": "送戏下乡。", "basis": "文化惠民要求。"},
        )
    ],
    {"heading-missing": 2, "sign-in-value": 1},
)

TWO_ROWS = Page(
    ("2025年项目支出绩效目标申报表",),
    """
项目名称 | 河道清淤 | | 主管部门 | 某区水务局 | | |
预算金额（万元） | | | | | | |
 | 年度预算 | 其中：财政资金 | 其他资金 | | | |
 | 120 | 100 | 20 | | | |
年度目标 | 清淤河道8公里。 | | | | | |
一级指标 | 二级指标 | 三级指标 | 指标值 | | | 分值 | 绩效标准
 | | | 前年 | 2024年 | 预期当年实现值 | |
产出指标 | 数量指标 | 清淤长度 | 5公里 | 6公里 | 8公里 | 50 | 行业标准
效益指标 | 生态效益指标 | 水质达标率 | 80% | 85% | ≥90% | 40 | 计划标准
""",
    [
        Reads(
            "河道清淤",
            "1200000",
            "清淤河道8公里。",
            [
                ("产出指标", "数量指标", "清淤长度", None, "8", "8公里", "公里", "50"),
                ("效益指标", "生态效益指标", "水质达标率", "ge", "90", "≥90%", "%", "40"),
            ],
            [("fiscal", "1000000"), ("other", "200000")],
            [
                ("指标值前年", "5公里"),
                ("指标值2024年", "6公里"),
                ("绩效标准", "行业标准"),
                ("指标值前年", "80%"),
                ("指标值2024年", "85%"),
                ("绩效标准", "计划标准"),
            ],
        )
    ],
    {"sign-in-value": 1},
)

TRANSFER = Page(
    ("2026年转移支付区域绩效目标表",),
    """
转移支付(项目)名称 | 水利发展资金 | | | |
中央主管部门 | 水利部 | | 省级财政部门 | 某省财政厅 |
省级主管部门 | 某省水利厅 | | 市县主管部门 | 某县水利局 |
资金情况（万元） | 年度金额 | 500 | | |
 | 其中：中央补助 | 400 | | |
 | 地方资金 | 100 | | |
年度目标 | 治理小流域2条。 | | | |
一级指标 | 二级指标 | 三级指标 | 指标值 | |
产出指标 | 数量指标 | 治理小流域 | ≥2条 | |
""",
    [
        Reads(
            "水利发展资金",
            "5000000",
            "治理小流域2条。",
            [("产出指标", "数量指标", "治理小流域", "ge", "2", "≥2条", "条", None)],
            [("upper_grant", "4000000"), ("own", "1000000")],
            [("中央主管部门", "水利部"), ("省级财政部门", "某省财政厅"), ("省级主管部门", "某省水利厅")],
        )
    ],
    {"heading-missing": 1, "sign-in-value": 1},
)

EZHOU = Page(
    ("2022年项目支出绩效目标申报表",),
    """
项目名称 | 湖泊水质监测 | | 项目编码 | 42070022T000012 | |
项目主管部门 | 某市生态环境局 | | 项目执行单位 | 某市监测站 | |
项目申请理由 | 履行监测职责。 | | | | |
项目主要内容 | 运行监测站6座。 | | | | |
项目总预算 | 180万元 | | 项目当年预算 | 60万元 | |
项目资金来源 | 资金来源项目 | | | 金额（万元） | |
 | 财政拨款 | | | 55 | |
 | 其他资金 | | | 5 | |
项目预算成本构成 | 成本构成项目 | | 金额（万元） | 测算（公式）依据 | 2020年实际执行数 | 2021年实际执行数
 | 设备运维 | | 42 | 6座×7万元 | 40 | 41
 | 试剂耗材 | | 18 | 按合同 | 17.5 |
项目绩效总目标 | 长期目标 | | | 年度目标 | |
 | 建成监测网络。 | | | 监测站稳定运行。 | |
年度绩效目标 | 一级指标 | 二级指标 | 三级指标 | 绩效标准 | 当年预期实现值 |
 | 产出指标 | 数量指标 | 运维站点数 | 计划标准 | 6座 |
 | 效益指标 | 生态效益指标 | 水质达标率 | 行业标准 | ≥75% |
""",
    [
        Reads(
            "湖泊水质监测",
            "600000",
            "监测站稳定运行。",
            [
                ("产出指标", "数量指标", "运维站点数", None, "6", "6座", "座", None),
                ("效益指标", "生态效益指标", "水质达标率", "ge", "75", "≥75%", "%", None),
            ],
            [("fiscal", "550000"), ("other", "50000")],
            [
                ("项目总预算", "180万元"),
                ("成本构成项目", "设备运维"),
                ("金额（万元）", "42"),
                ("测算（公式）依据", "6座×7万元"),
                ("2020年实际执行数", "40"),
                ("2021年实际执行数", "41"),
                ("成本构成项目", "试剂耗材"),
                ("金额（万元）", "18"),
                ("测算（公式）依据", "按合同"),
                ("2020年实际执行数", "17.5"),
                ("长期目标", "建成监测网络。"),
                ("绩效标准", "计划标准"),
                ("绩效标准", "行业标准"),
            ],
            {"implementing_unit": "某市监测站", "overview": "运行监测站6座。", "basis": "履行监测职责。"},
        )
    ],
    {"heading-missing": 1, "sign-in-value": 1},
)

GUANGSHUI = Page(
    ("2026年部门整体绩效目标申报表", "单位：万元"),
    """
部门名称 | 某市交通运输局 | | | | |
部门总体资金情况 | 总体资金情况 | | 当年金额 | 占比 | 近两年收支金额 |
 | | | | | 2024年 | 2025年
 | 收入构成 | 财政拨款 | 5,120.00 | 96.6% | 4,980.00 | 5,010.00
 | | 其他资金 | 180.00 | 3.4% | 150.00 |
 | | 合计 | 5,300.00 | 100% | 5,130.00 |
 | 支出构成 | 基本支出 | 2,100.00 | 39.6% | 2,050.00 |
部门职能概述 | 负责公路运输管理。 | | | | |
长期目标1： | 优良路率88%。 | | | | |
年度目标1： | 养护公路2300公里。 | | | | |
年度目标2： | 治理超限超载。 | | | | |
年度绩效指标 | 一级指标 | 二级指标 | 指标名称 | 指标值 | | 绩效标准
 | 产出指标 | 数量指标 | 养护里程 | 2300公里 | | 计划标准
""",
    [
        Reads(
            "某市交通运输局2026年部门整体绩效目标申报",
            "53000000",
            "养护公路2300公里。",
            [("产出指标", "数量指标", "养护里程", None, "2300", "2300公里", "公里", None)],
            [("fiscal", "51200000"), ("other", "1800000")],
            [
                ("总体资金情况", "收入构成"),
                ("财政拨款：占比", "96.6%"),
                ("财政拨款：近两年收支金额2024年", "4,980.00"),
                ("财政拨款：近两年收支金额2025年", "5,010.00"),
                ("其他资金：占比", "3.4%"),
                ("其他资金：近两年收支金额2024年", "150.00"),
                ("占比", "100%"),
                ("近两年收支金额2024年", "5,130.00"),
                ("总体资金情况", "支出构成"),
                ("基本支出：当年金额", "2,100.00"),
                ("基本支出：占比", "39.6%"),
                ("基本支出：近两年收支金额2024年", "2,050.00"),
                ("长期目标1：", "优良路率88%。"),
                ("年度目标2：", "治理超限超载。"),
                ("绩效标准", "计划标准"),
            ],
            {"overview": "负责公路运输管理。"},
        )
    ],
    {"heading-missing": 1},
)

WEB_PAGE = Page(
    ("某县水利局2026年预算公开",),
    """
索引号 | 00312345-6/2026-00012 | 发布机构 | 某县水利局
成文日期 | 2026-02-03 | 主题分类 | 财政、金融
项目支出绩效目标表 | | |
项目名称 | 水库巡查 | 主管部门 | 某县水利局
年度资金总额 | 12万元 | |
年度目标 | 巡查水库9座。 | |
三级指标 | 指标值 | 权重 |
巡查水库数量 | 9座 | 90 |
""",
    [
        Reads(
            "水库巡查",
            "120000",
            "巡查水库9座。",
            [(None, None, "巡查水库数量", None, "9", "9座", "座", "90")],
        )
    ],
)

PAGES = {
    "shanghai": SHANGHAI,
    "central": CENTRAL,
    "dongguan": DONGGUAN,
    "sichuan": SICHUAN,
    "yunnan": YUNNAN,
    "fengjie": FENGJIE,
    "yueyang": YUEYANG,
    "ningxiang": NINGXIANG,
    "two-rows": TWO_ROWS,
    "transfer": TRANSFER,
    "ezhou": EZHOU,
    "guangshui": GUANGSHUI,
    "web-page": WEB_PAGE,
}


def tables(grids: Sequence[Grid], fmt: str, folder: Path, settings: Settings) -> Tables:
    path = folder / f"page{extension(fmt)}"
    render(grids, fmt, path)
    document = _document(path)
    alone = replace(settings, documents=(document,), corrections=(), series=())
    return compiled(alone).tables


@pytest.mark.parametrize(
    ("name", "fmt"), [*product(PAGES, FORMATS), *product(UNSEEN, ("txt", "docx"))], ids=lambda value: value
)
def test_a_page_is_read_as_printed(name: str, fmt: str, tmp_path: Path, settings: Settings) -> None:
    page = (PAGES | UNSEEN)[name]
    read = tables([page.grid()], fmt, tmp_path, settings)
    found = Counter(row.code for row in read.findings if row.code not in ("department-unmapped", "reader-remark"))
    unexpected = [row.message for row in read.findings if row.code not in page.findings]
    assert [(project.name, _plain(project.budget_yuan), project.goal) for project in read.projects] == [
        (one.name, one.budget, one.goal) for one in page.projects
    ], unexpected
    for project, one in zip(read.projects, page.projects, strict=True):
        key = project.project_id
        assert [
            tuple(_plain(getattr(row, name)) for name in INDICATOR) for row in read.indicators if row.project_id == key
        ] == list(one.indicators), unexpected
        assert [(row.source, _plain(row.amount_yuan)) for row in read.funding if row.project_id == key] == list(
            one.funding
        )
        kept = [(row.label_as_filed, row.value) for row in read.attributes if row.project_id == key]
        assert Counter(kept) == Counter(one.others)
        assert {name: _plain(getattr(project, name)) for name in one.more} == one.more
    (account,) = read.coverage
    assert (account.reported, account.read + account.furniture) == (page.reported, account.cells - page.reported)
    assert found == page.findings, unexpected
    assert _plain(read.documents[0].stated_total_yuan) == page.stated


def _document(path: Path) -> Document:
    size, digest = path.stat().st_size, sha256(path)
    media_type = formats.detect(path)
    return Document(
        "doc", "changshou", 2026, "", "", path, media_type, digest, size, "https://example.org/", "2026-02-10"
    )


def _plain(value: object) -> object:
    return plain(value) if hasattr(value, "as_tuple") else value  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["shanghai", "central", "dongguan", "yueyang", "ningxiang", "two-rows"])
def test_text_from_a_viewer_is_read_or_refused_and_never_guessed(name: str, tmp_path: Path, settings: Settings) -> None:
    """Each cell on a line of its own: what the columns told is gone."""
    page = PAGES[name]
    cells = (cell.strip() for line in page.rows.strip().splitlines() for cell in line.split("|"))
    path = tmp_path / "page.txt"
    path.write_text("\n".join([*page.title, *filter(None, cells)]), encoding="utf-8")
    document = _document(path)
    alone = replace(settings, documents=(document,), corrections=(), series=())
    read = compiled(alone).tables
    (project,), (one,) = read.projects, page.projects
    assert project.name in (one.name, "（没有读到项目名称）")
    assert project.budget_yuan is None or _plain(project.budget_yuan) == one.budget
    assert project.goal in (None, one.goal)
    assert {(row.source, _plain(row.amount_yuan)) for row in read.funding} <= set(one.funding)
    indicators = [tuple(_plain(getattr(row, name)) for name in INDICATOR) for row in read.indicators]
    assert set(indicators) <= set(one.indicators)
    assert indicators == list(one.indicators) or any(row.code == "row-ambiguous" for row in read.findings)
    assert "field-missing" not in {row.code for row in read.findings}


@pytest.mark.parametrize("name", PAGES | UNSEEN)
def test_with_a_heading_that_nobody_knows_nothing_is_read_as_something_else(
    name: str, tmp_path: Path, settings: Settings
) -> None:
    """Each heading of a sample in turn: what stood under it is lost and reported, never taken for another thing.

    Without the one over a table of a longer time nothing tells that table from the year's.
    """
    page = (PAGES | UNSEEN)[name]
    grid = page.grid()
    places = [
        (row, column)
        for row, cells in enumerate(grid.rows)
        for column, cell in enumerate(cells)
        if cell and (label := settings.form.find(cell)) and label.field not in ("name", "longer_indicators")
    ]
    budgets, goals = {one.budget for one in page.projects}, {one.goal for one in page.projects}
    known = {row[2]: row for one in page.projects for row in one.indicators}
    for row, column in Random(11).sample(places, min(4, len(places))):
        rows = [list(cells) for cells in grid.rows]
        said, rows[row][column] = rows[row][column], "没见过的栏" + ("（元）" if "（元）" in rows[row][column] else "")
        read = tables([replace(grid, rows=tuple(map(tuple, rows)))], "txt", tmp_path, settings)
        for project in read.projects:
            assert _plain(project.budget_yuan) in {*budgets, None}, said
            assert project.goal in {*goals, None}, said
        for indicator in read.indicators:
            found = [_plain(getattr(indicator, field)) for field in INDICATOR]
            assert all(value in (None, wanted) for value, wanted in zip(found, known[indicator.name], strict=True)), (
                said
            )
