"""What the sample documents say: their forms as printed, and beside each printed value what it means.

``make_samples`` prints these descriptions into files of every format and writes ``expected`` of each beside the file.
No part of the builder is asked, so that a wrong reading cannot become its own expectation: amounts in yuan, ids,
comparison codes and counts of findings are stated here by hand. Projects, people and telephone numbers are invented;
the numbers have seven digits, which no telephone under 023 has.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SIGNS = {"≥": "ge", "≤": "le", "＝": "eq", "=": "eq", "＞": "gt", "＜": "lt", "定性": "qualitative"}
WORDS = ("qualitative", None, None)
CORE = {"是": True, "否": False, "": None}


@dataclass(frozen=True)
class Amount:
    """Money under a heading: as printed, and what it is in yuan."""

    label: str
    source: str
    printed: str
    yuan: str


@dataclass(frozen=True)
class Promise:
    """An indicator as printed, and the value and unit that a reader of the page understands."""

    name: str
    sign: str
    target: str
    unit: str
    weight: str
    core: str
    levels: tuple[str, str]
    comparison: str | None
    value: str | None
    means_unit: str | None
    is_execution_rate: bool = False

    def expected(self) -> dict[str, Any]:
        return {
            "level1": self.levels[0] or None,
            "level2": self.levels[1] or None,
            "name": self.name,
            "comparison": self.comparison,
            "target_as_filed": self.target,
            "target_value": self.value,
            "unit": self.means_unit,
            "weight": self.weight or None,
            "is_core": CORE[self.core],
            "is_execution_rate": self.is_execution_rate,
        }


def columns(
    name: str, sign: str, target: str, unit: str, weight: str, core: str = "", levels: tuple[str, str] = ("", "")
) -> Promise:
    """A promise whose sign, figure and unit are printed in columns of their own; 定性 has words for a figure."""
    if sign == "定性":
        return Promise(name, sign, target, unit, weight, core, levels, *WORDS)
    return Promise(
        name, sign, target, unit, weight, core, levels, SIGNS[sign], target.strip("%").replace(",", ""), unit
    )


def told(
    levels: tuple[str, str], name: str, target: str, means: tuple[str | None, str | None, str | None], weight: str = ""
) -> Promise:
    """A promise printed in one cell (``≥95%``); ``means`` is comparison, value and unit."""
    return Promise(name, "", target, "", weight, "", levels, *means)


@dataclass(frozen=True)
class Form:
    title: str
    form_type: str
    name: str
    department: str
    department_id: str
    budget: Amount
    funding: tuple[Amount, ...]
    goal: str
    promises: tuple[Promise, ...]
    implementing_unit: str = ""
    serial: str = ""
    execution: str = ""
    overview: str = ""
    basis: str = ""
    person: str = ""
    phone: str = ""
    phone_published: str = ""
    others: tuple[tuple[str, str], ...] = ()
    """Headings without a column of their own in the dataset, with their values, in the order printed."""
    code: str = ""
    heading: tuple[str, ...] = ()
    """The lines printed over the form besides its title, such as the year and the money unit."""

    def expected(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "form_type": self.form_type,
            "serial_no": int(self.serial) if self.serial else None,
            "project_code": self.code or None,
            "name": self.name,
            "department_id": self.department_id,
            "implementing_unit": self.implementing_unit or None,
            "budget_yuan": self.budget.yuan,
            "execution_weight": self.execution or None,
            "overview": self.overview or None,
            "basis": self.basis or None,
            "goal": self.goal,
            "contact_name": self.person or None,
            "contact_phone": self.phone_published or self.phone or None,
            "funding": [[part.source, part.yuan] for part in self.funding if part.printed],
            "others": [list(other) for other in self.others],
            "indicators": [promise.expected() for promise in self.promises],
        }


@dataclass(frozen=True)
class Sample:
    """One document: what ``add`` should see of it, its forms, and its findings by code.

    The readers remark on the running title of a Word file and on the table in the script of a page.
    """

    file: str
    region_id: str
    title: str
    publisher: str
    document_id: str
    forms: tuple[Form, ...]
    findings: dict[str, int] = field(default_factory=dict)
    catalogue: tuple[tuple[str, str, str, Amount], ...] = ()
    """Serial number, name, department as printed, amount."""
    stated_projects: int | None = None
    stated_total_yuan: str | None = None

    def expected(self) -> dict[str, Any]:
        return {
            "region_id": self.region_id,
            "year": 2026,
            "title": self.title,
            "publisher": self.publisher,
            "document_id": self.document_id,
            "stated_projects": self.stated_projects,
            "stated_total_yuan": self.stated_total_yuan,
            "catalogue": [
                [int(serial), name, department, amount.yuan] for serial, name, department, amount in self.catalogue
            ],
            "forms": [form.expected() for form in self.forms],
            "findings": dict(sorted(Counter(self.findings).items())),
            "reported_cells": 0,
        }


# 渝中区：Word，封面、说明、目录，一张表一页

_YUZHONG = "渝中区2026年区级重点专项资金绩效目标表"
_PLAIN = ("单位：万元",)

YUZHONG = Sample(
    "yuzhong-key.docx",
    "yuzhong",
    "重庆市渝中区2026年区级重点专项资金绩效目标",
    "重庆市渝中区",
    "yuzhong-2026-key",
    (
        Form(
            _YUZHONG,
            "special_fund",
            "夜间经济发展专项",
            "重庆市渝中区商务委员会",
            "yuzhong-shangwuweiyuanhui",
            Amount("项目总资金额", "", "1,860", "18600000"),
            (
                Amount("上级补助", "upper_grant", "360", "3600000"),
                Amount("区级资金", "own", "1,500", "15000000"),
                Amount("其他资金", "other", "", ""),
            ),
            "建成夜间经济示范街区3条，举办主题消费活动12场以上，带动夜间餐饮、文旅消费持续增长。",
            (
                columns("打造夜间经济示范街区", "＝", "3", "条", "20", "是"),
                columns("举办主题消费活动", "≥", "12", "场", "20", "是"),
                columns("活动安全事故发生数", "＝", "0", "起", "15", "否"),
                columns("资金拨付及时率", "≥", "95", "%", "15", "否"),
                columns("商圈人气", "定性", "明显提升", "", "10", "否"),
                columns("商户满意度", "≥", "90", "%", "10", "否"),
            ),
            "渝中区商务委员会",
            execution="10",
            overview="围绕国际消费中心城区建设，对解放碑、洪崖洞等片区夜间经济示范街区改造提升、主题消费活动、夜间公共服务延时等给予支持。",
            basis="《重庆市人民政府办公厅关于加快发展夜间经济促进消费增长的意见》（渝府办发〔2020〕80号）；《渝中区促进夜间经济发展若干措施》（渝中府办〔2024〕12号）。",
            person="陈晓禾",
            phone="023-5550101",
            heading=_PLAIN,
        ),
        Form(
            _YUZHONG,
            "special_fund",
            "老旧小区加装电梯补助",
            "重庆市渝中区住房和城乡建设委员会",
            "yuzhong-zhufanghechengxiangjiansheweiyuanhui",
            Amount("项目总资金额", "", "1,026.5", "10265000"),
            (
                Amount("上级补助", "upper_grant", "410", "4100000"),
                Amount("区级资金", "own", "616.5", "6165000"),
                Amount("其他资金", "other", "", ""),
            ),
            "对验收合格的45台既有住宅加装电梯发放补助，改善居民出行条件。",
            (
                columns("补助加装电梯数量", "≥", "45", "台", "30", "是"),
                columns("电梯验收合格率", "＝", "100", "%", "20", "是"),
                columns("补助发放时限", "≤", "30", "个工作日", "10", "否"),
                columns("受益居民户数", "≥", "1080", "户", "15", "否"),
                columns("居民满意度", "≥", "92", "%", "10", "否"),
            ),
            "渝中区住房和城乡建设事务中心",
            execution="10",
            overview="按照每台不超过25万元的标准，对既有住宅增设电梯给予财政补助。",
            basis="《重庆市老旧住宅增设电梯建设管理暂行办法》；《渝中区既有住宅增设电梯财政补助实施细则》（渝中建发〔2023〕5号）。",
            person="周一鸣",
            phone="13800138000",
            phone_published="138****8000",
            heading=_PLAIN,
        ),
        Form(
            _YUZHONG,
            "special_fund",
            "社区养老服务运营补贴",
            "重庆市渝中区民政局",
            "yuzhong-minzhengju",
            Amount("项目总资金额", "", "1,499.5", "14995000"),
            (
                Amount("上级补助", "upper_grant", "", ""),
                Amount("区级资金", "own", "1,399.5", "13995000"),
                Amount("其他资金", "other", "100", "1000000"),
            ),
            "一、保障79个社区养老服务站正常运营；\n二、为失能老年人提供上门照护服务不少于2万人次。",
            (
                columns("运营社区养老服务站", "≥", "79", "个", "25", "是"),
                columns("上门照护服务", "≥", "2", "万人次", "25", "是"),
                columns("投诉办结率", "≥", "98", "%", "15", "否"),
                columns("每月补贴标准", "≤", "3000", "元/站", "15", "否"),
                columns("服务对象满意度", "≥", "95", "%", "10", "否"),
            ),
            "各街道办事处",
            execution="10",
            overview="对社区养老服务站按服务人次和等级评定结果给予运营补贴，资金由区级财政统筹安排并接受社会捐赠。",
            basis="《重庆市养老服务条例》；《渝中区社区居家养老服务全覆盖实施方案》。",
            person="何青",
            phone="023-5550103",
            heading=_PLAIN,
        ),
    ),
    {"weight-sum": 1, "reader-remark": 1},
    (
        ("1", "夜间经济发展专项", "重庆市渝中区商务委员会", Amount("", "", "1,860.00", "18600000")),
        ("2", "老旧小区加装电梯补助", "重庆市渝中区住房和城乡建设委员会", Amount("", "", "1,026.50", "10265000")),
        ("3", "社区养老服务运营补贴", "重庆市渝中区民政局", Amount("", "", "1,499.50", "14995000")),
    ),
    3,
    "43860000",
)

# 南川区：Excel，一张表一个工作表，另有汇总表和隐藏的下拉选项

_NANCHUAN = "南川区2026年重点专项资金预算绩效目标表"

NANCHUAN = Sample(
    "nanchuan-key.xlsx",
    "nanchuan",
    "南川区2026年重点专项资金预算绩效目标汇总表",
    "重庆市南川区",
    "nanchuan-2026-key",
    (
        Form(
            _NANCHUAN,
            "special_fund",
            "高标准农田建设",
            "重庆市南川区农业农村委员会",
            "nanchuan-nongyenongcunweiyuanhui",
            Amount("年度资金总额", "", "4,275.30", "42753000"),
            (
                Amount("其中：上级补助", "upper_grant", "3,420.00", "34200000"),
                Amount("区级资金", "own", "655.30", "6553000"),
                Amount("其他资金", "other", "200.00", "2000000"),
            ),
            "新建和改造提升高标准农田2.1万亩，亩均粮食产能提高50公斤。",
            (
                columns("建成高标准农田面积", "≥", "2.1", "万亩", "20", "是"),
                columns("工程验收合格率", "＝", "100%", "%", "20", "是"),
                columns("亩均财政投入", "≤", "2,035", "元/亩", "20", "否"),
                columns("亩均粮食产能提高", "≥", "50", "公斤", "20", "是"),
                columns("受益农户满意度", "≥", "90", "%", "10", "否"),
            ),
            "南川区农田建设中心",
            "1",
            "10",
            "在大观、兴隆等镇实施高标准农田新建1.2万亩、改造提升0.9万亩，配套田间道路和灌排沟渠。",
            "《全国高标准农田建设规划（2021—2030年）》；渝农发〔2025〕31号。",
            "唐立秋",
            "023-5550201",
        ),
        Form(
            _NANCHUAN,
            "special_fund",
            "金佛山旅游宣传营销",
            "重庆市南川区文化和旅游发展委员会",
            "nanchuan-wenhuahelvyoufazhanweiyuanhui",
            Amount("年度资金总额", "", "800.00", "8000000"),
            (
                Amount("其中：上级补助", "upper_grant", "", ""),
                Amount("区级资金", "own", "700.00", "7000000"),
                Amount("其他资金", "other", "50.00", "500000"),
            ),
            "开展四季主题营销，全年接待过夜游客增长8%以上。",
            (
                columns("主题营销活动场次", "≥", "16", "场", "30", "是"),
                columns("宣传片播放平台", "≥", "5", "个", "20", "否"),
                columns("过夜游客增长率", "≥", "8", "%", "20", "是"),
                columns("媒体报道质量", "定性", "在中央级媒体刊播", "", "10", "否"),
                columns("游客满意度", "≥", "88.5", "%", "10", "否"),
            ),
            "南川区旅游发展中心",
            "2",
            "10",
            "在重点客源城市投放广告，承办金佛山冰雪季等活动。",
            "《南川区文化和旅游发展“十四五”规划》",
            "罗予安",
            "023-5550202",
        ),
        Form(
            _NANCHUAN,
            "special_fund",
            "城乡居民基本医疗保险补助",
            "重庆市南川区医疗保障局",
            "nanchuan-yiliaobaozhangju",
            Amount("年度资金总额", "", "31,508.00", "315080000"),
            (
                Amount("其中：上级补助", "upper_grant", "28,357.20", "283572000"),
                Amount("区级资金", "own", "3,150.80", "31508000"),
                Amount("其他资金", "other", "", ""),
            ),
            "按时足额落实财政补助，参保率稳定在95%以上。",
            (
                columns("参保人数", "≥", "45", "万人", "25", "是"),
                columns("参保率", "≥", "95", "%", "20", "是"),
                columns("人均财政补助标准", "≥", "700", "元", "15", "是"),
                columns("补助资金到位时间", "≤", "12", "月", "15", "否"),
                columns("基金可持续运行", "定性", "收支平衡、略有结余", "", "10", "否"),
                columns("参保群众满意度", "＞", "85", "%", "5", "否"),
            ),
            "南川区医疗保障事务中心",
            "3",
            "10",
            "对参加城乡居民基本医疗保险的居民给予财政补助，由中央、市、区三级分担。",
            "《国务院关于整合城乡居民基本医疗保险制度的意见》（国发〔2016〕3号）",
            "冉秋白",
            "023-5550203",
        ),
    ),
    {"funding-sum": 1, "unit-in-value": 1, "reader-remark": 1},
    (
        ("1", "高标准农田建设", "重庆市南川区农业农村委员会", Amount("", "", "4,275.30", "42753000")),
        ("2", "金佛山旅游宣传营销", "重庆市南川区文化和旅游发展委员会", Amount("", "", "800.00", "8000000")),
        ("3", "城乡居民基本医疗保险补助", "重庆市南川区医疗保障局", Amount("", "", "31,508.00", "315080000")),
    ),
    None,
    "365833000",
)

# 江津区：PDF，有框线，跨页，水印

_JIANGJIN = "江津区2026年重点专项资金绩效目标表"

JIANGJIN = Sample(
    "jiangjin-key.pdf",
    "jiangjin",
    "江津区2026年重点专项资金绩效目标表",
    "重庆市江津区",
    "jiangjin-2026-key",
    (
        Form(
            _JIANGJIN,
            "special_fund",
            "花椒产业集群建设专项资金",
            "331-重庆市江津区农业农村委员会",
            "jiangjin-nongyenongcunweiyuanhui",
            Amount("当年预算", "", "2680", "26800000"),
            (
                Amount("上级补助", "upper_grant", "1800", "18000000"),
                Amount("区级支出", "own", "580", "5800000"),
                Amount("补助镇街", "to_lower", "300", "3000000"),
            ),
            "巩固提升花椒基地，支持加工企业技术改造，延伸产业链条；全年花椒产业综合产值达到42亿元，带动椒农稳定增收，江津花椒区域公用品牌价值持续提升。",
            (
                columns("改造提升花椒基地面积", "≥", "3.5", "万亩", "15", "是"),
                columns("支持加工企业数量", "≥", "8", "家", "10", "是"),
                columns("新增自动化加工生产线", "≥", "4", "条", "10", "否"),
                columns("技术培训", "≥", "1200", "人次", "10", "否"),
                columns("项目验收合格率", "＝", "100", "%", "10", "是"),
                columns("花椒烘干环节每吨鲜椒综合能耗", "≤", "180", "千克标准煤/吨", "5", "否"),
                columns("花椒产业综合产值", "≥", "42", "亿元", "15", "是"),
                columns("带动椒农人均增收情况", "定性", "较上年稳步增长", "", "5", "否"),
                columns("项目区椒农满意度", "≥", "90", "%", "10", "否"),
            ),
            "江津区农业产业化发展中心",
            "1",
            "10",
            "江津花椒种植面积五十余万亩，覆盖全区二十余个镇街，是富民兴区的支柱产业。专项资金重点用于三个方面：一是老化低产椒园改造提升和良种繁育；二是花椒烘干、冷藏、精深加工设备购置和生产线改造补助；三是区域公用品牌宣传推广、产品质量安全追溯体系建设和椒农技术培训。补助对象为在江津区依法登记的农业企业、农民合作社、家庭农场和种植大户，补助比例不超过项目总投资的百分之三十，单个主体年度补助不超过200万元，按照先建后补、验收合格后拨付的方式执行。",
            "《农业农村部 财政部关于做好2025年农业产业融合发展项目申报工作的通知》；《重庆市农业农村委员会关于印发重庆市花椒产业集群建设实施方案的通知》（渝农发〔2024〕76号）；《重庆市江津区人民政府关于加快花椒产业高质量发展的实施意见》（江津府发〔2023〕18号）。",
            "江知远",
            "023-5550301",
            heading=_PLAIN,
        ),
        Form(
            _JIANGJIN,
            "special_fund",
            "中小学校校舍维修改造",
            "431-重庆市江津区教育委员会",
            "jiangjin-jiaoyuweiyuanhui",
            Amount("当年预算", "", "5120.75", "51207500"),
            (
                Amount("上级补助", "upper_grant", "2600", "26000000"),
                Amount("区级支出", "own", "2520.75", "25207500"),
                Amount("补助镇街", "to_lower", "", ""),
            ),
            "完成36所学校校舍维修和运动场改造，消除安全隐患，秋季学期开学前全部投入使用。",
            (
                columns("维修改造学校数量", "≥", "36", "所", "20", "是"),
                columns("维修改造校舍面积", "≥", "86000", "平方米", "20", "是"),
                columns("竣工验收合格率", "＝", "100", "%", "20", "是"),
                columns("完工时间", "≤", "8", "月", "10", "否"),
                columns("因校舍质量引发的安全事故", "＝", "0", "次", "10", "是"),
                columns("师生满意度", "≥", "95", "%", "10", "否"),
            ),
            "江津区教育基建后勤管理中心",
            "2",
            "10",
            "对农村义务教育阶段学校和普通高中的屋面、外墙、厕所、围墙、运动场等进行维修改造。",
            "《重庆市财政局 重庆市教育委员会关于下达城乡义务教育补助经费的通知》（渝财教〔2025〕97号）",
            "白若溪",
            "023-5550302",
            heading=_PLAIN,
        ),
        Form(
            _JIANGJIN,
            "special_fund",
            "生活垃圾分类及收运处置",
            "341-重庆市江津区城市管理局",
            "jiangjin-chengshiguanliju",
            Amount("当年预算", "", "7,430", "74300000"),
            (
                Amount("上级补助", "upper_grant", "", ""),
                Amount("区级支出", "own", "5,230", "52300000"),
                Amount("补助镇街", "to_lower", "2,200", "22000000"),
            ),
            "城镇生活垃圾无害化处理率保持100%，回收利用率达到38%。",
            (
                columns("收运处置生活垃圾", "≥", "38", "万吨", "25", "是"),
                columns("无害化处理率", "＝", "100", "%", "20", "是"),
                columns("回收利用率", "≥", "38", "%", "20", "是"),
                columns("每吨收运处置成本", "＜", "210", "元", "15", "否"),
                columns("居民满意度", "≥", "90", "%", "10", "否"),
            ),
            "江津区环境卫生管理所",
            "3",
            "10",
            "保障城区和30个镇街生活垃圾分类投放、收集、转运和焚烧处置。",
            "《重庆市生活垃圾管理条例》",
            "田野",
            "023-5550303",
            heading=_PLAIN,
        ),
    ),
    {"reader-remark": 1},
)

# 云阳县：全国通用的申报表，一份部门整体、两份项目支出；Word 转成的 PDF

_OUTPUT, _BENEFIT = "产出指标", "效益指标"
_COUNT, _QUALITY, _TIME = (_OUTPUT, "数量指标"), (_OUTPUT, "质量指标"), (_OUTPUT, "时效指标")
_COST, _SOCIAL = ("成本指标", "经济成本指标"), (_BENEFIT, "社会效益指标")
_ECONOMY, _NATURE = (_BENEFIT, "经济效益指标"), (_BENEFIT, "生态效益指标")
_LASTING = (_BENEFIT, "可持续影响指标")
_PLEASED = ("满意度指标", "服务对象满意度指标")
_YEAR = ("（2026年度）",)

YUNYANG = Sample(
    "yunyang-education.pdf",
    "yunyang",
    "云阳县教育委员会2026年部门预算绩效目标公开",
    "云阳县教育委员会",
    "yunyang-2026-jiaoyuweiyuanhui",
    (
        Form(
            "部门整体支出绩效目标表",
            "department_overall",
            "云阳县教育委员会部门整体支出绩效目标",
            "云阳县教育委员会",
            "yunyang-jiaoyuweiyuanhui",
            Amount("部门预算总额（万元）", "", "186,420.5", "1864205000"),
            (
                Amount("其中：财政拨款", "fiscal", "182,400.5", "1824005000"),
                Amount("其他资金", "other", "4,020.0", "40200000"),
            ),
            "目标1：学前教育普惠率达到93%以上；\n目标2：义务教育巩固率稳定在96%以上；\n目标3：新增公办学位1500个。",
            (
                told(_COUNT, "新增公办学位", "≥1500个", ("ge", "1500", "个"), "15"),
                told(_COUNT, "培训教师人次", "不少于6000人次", ("ge", "6000", "人次"), "15"),
                told(_QUALITY, "义务教育巩固率", "≥96%", ("ge", "96", "%"), "20"),
                told(_TIME, "秋季学期新增学位投用时间", "2026年9月前", ("le", "9", "月"), "10"),
                told(_COST, "“三公”经费", "≤38.5万元", ("le", "38.5", "万元"), "10"),
                told(_SOCIAL, "教育公平", "城乡差距进一步缩小", WORDS, "10"),
                told(_PLEASED, "家长满意度", "≥90%", ("ge", "90", "%"), "10"),
            ),
            overview="统筹全县各级各类教育改革发展，保障义务教育经费，落实学生资助政策，推进学校布局调整和教师队伍建设。",
            heading=_YEAR,
        ),
        Form(
            "项目支出绩效目标申报表",
            "project",
            "义务教育学生营养改善计划",
            "云阳县教育委员会",
            "yunyang-jiaoyuweiyuanhui",
            Amount("年度资金总额：", "", "6,380", "63800000"),
            (
                Amount("其中：财政拨款", "fiscal", "6,000", "60000000"),
                Amount("上年结转", "other", "260", "2600000"),
                Amount("其他资金", "other", "120", "1200000"),
            ),
            "为全县农村义务教育阶段学生提供营养膳食补助，食品安全事故零发生。",
            (
                told(_COUNT, "受益学生人数", "≥58000人", ("ge", "58000", "人"), "20"),
                told(_COUNT, "供餐学校数量", "＝132所", ("eq", "132", "所"), "10"),
                told(_QUALITY, "补助资金专款专用率", "100%", (None, "100", "%"), "15"),
                told(_TIME, "资金拨付时间", "2026年12月底前", ("le", "12", "月"), "10"),
                told(_COST, "每生每天补助标准", "5元", (None, "5", "元"), "10"),
                told(_SOCIAL, "学生营养健康状况", "持续改善", WORDS, "15"),
                told(_PLEASED, "学生及家长满意度", "≥92%", ("ge", "92", "%"), "10"),
            ),
            "云阳县学生资助管理中心",
            others=(
                ("项目属性", "延续项目"),
                ("项目期", "2026年"),
                ("总体目标", "改善农村学生营养状况，提高健康水平。"),
            ),
            heading=_YEAR,
        ),
    ),
    {"sign-in-value": 10},
)

# 合川区：政府网站的网页

_HECHUAN = "合川区2026年区级重点专项资金绩效目标表"

HECHUAN = Sample(
    "hechuan-key.html",
    "hechuan",
    "重庆市合川区2026年区级重点专项资金绩效目标公开",
    "重庆市合川区",
    "hechuan-2026-key",
    (
        Form(
            _HECHUAN,
            "special_fund",
            "就业创业扶持",
            "重庆市合川区人力资源和社会保障局",
            "hechuan-renliziyuanheshehuibaozhangju",
            Amount("2026年预算", "", "3,960", "39600000"),
            (
                Amount("上级资金", "upper_grant", "3,100", "31000000"),
                Amount("区级资金", "own", "860", "8600000"),
                Amount("其他资金", "other", "", ""),
            ),
            "城镇新增就业1.2万人，城镇调查失业率控制在合理区间。",
            (
                columns("城镇新增就业人数", "≥", "1.2", "万人", "20", "是"),
                columns("职业技能培训", "≥", "5000", "人次", "20", "是"),
                columns("补贴发放准确率", "＝", "100", "%", "20", "否"),
                columns("补贴发放及时率", "≥", "98", "%", "10", "否"),
                columns("零就业家庭", "＝", "0", "户", "10", "是"),
                columns("补贴对象满意度", "≥", "90", "%", "10", "否"),
            ),
            "合川区就业服务中心",
            "1",
            "10",
            "用于职业培训补贴、社会保险补贴、公益性岗位补贴、创业担保贷款贴息等。",
            "《就业补助资金管理办法》（财社〔2017〕164号）",
            "苏一凡",
            "023-5550401",
            heading=_PLAIN,
        ),
        Form(
            _HECHUAN,
            "special_fund",
            "三江流域水环境治理",
            "重庆市合川区生态环境局",
            "hechuan-shengtaihuanjingju",
            Amount("2026年预算", "", "1,240.8", "12408000"),
            (
                Amount("上级资金", "upper_grant", "940.8", "9408000"),
                Amount("区级资金", "own", "300", "3000000"),
                Amount("其他资金", "other", "", ""),
            ),
            "国控断面水质优良比例达到100%，完成排污口整治60个。",
            (
                columns("完成入河排污口整治", "≥", "60", "个", "25", "是"),
                columns("国控断面水质优良比例", "＝", "100", "%", "25", "是"),
                columns("水质自动站数据有效率", "≥", "90", "%", "15", "否"),
                columns("流域生态环境", "定性", "持续改善", "", "15", "否"),
                columns("群众满意度", "≥", "85", "%", "10", "否"),
            ),
            "合川区生态环境监测站",
            "2",
            "10",
            "开展嘉陵江、涪江、渠江流域入河排污口排查整治和小流域综合治理。",
            "《中华人民共和国长江保护法》",
            "梅子青",
            "023-5550402",
            heading=_PLAIN,
        ),
    ),
    {"reader-remark": 1},
)

# 涪陵区：制表符分隔的文本，GB18030

_FULING = "涪陵区2026年区级重点专项资金绩效目标表"

FULING = Sample(
    "fuling-key.txt",
    "fuling",
    "涪陵区2026年区级重点专项资金绩效目标表",
    "重庆市涪陵区",
    "fuling-2026-key",
    (
        Form(
            _FULING,
            "special_fund",
            "榨菜原料收购贷款贴息",
            "重庆市涪陵区农业农村委员会",
            "fuling-nongyenongcunweiyuanhui",
            Amount("项目总资金额", "", "320", "3200000"),
            (
                Amount("上级补助", "upper_grant", "", ""),
                Amount("区级资金", "own", "320", "3200000"),
                Amount("其他资金", "other", "", ""),
            ),
            "撬动榨菜企业收购贷款2亿元，稳定青菜头收购价格。",
            (
                columns("撬动收购贷款", "≥", "2", "亿元", "30", "是"),
                columns("贴息企业", "≥", "15", "家", "20", "是"),
                columns("贴息利率", "≤", "2.5", "%", "20", "否"),
                columns("青菜头最低保护价", "≥", "800", "元/吨", "10", "是"),
                columns("菜农满意度", "≥", "90", "%", "10", "否"),
            ),
            "涪陵区榨菜产业发展中心",
            execution="10",
            overview="对榨菜生产企业、合作社收购青菜头原料的流动资金贷款，按不超过年利率2.5%给予贴息。",
            basis="《涪陵区榨菜产业发展扶持办法》（涪府办发〔2024〕9号）",
            person="乔麦",
            phone="023-5550501",
            heading=_PLAIN,
        ),
        Form(
            _FULING,
            "special_fund",
            "白鹤梁题刻保护",
            "重庆市涪陵区文化和旅游发展委员会",
            "fuling-wenhuahelvyoufazhanweiyuanhui",
            Amount("项目总资金额", "", "268.9", "2689000"),
            (
                Amount("上级补助", "upper_grant", "200", "2000000"),
                Amount("区级资金", "own", "68.9", "689000"),
                Amount("其他资金", "other", "", ""),
            ),
            "保障水下博物馆安全运行，完成题刻本体年度监测。",
            (
                columns("题刻本体监测", "≥", "4", "次", "25", "是"),
                columns("设备完好率", "≥", "98", "%", "25", "是"),
                columns("接待观众", "≥", "30", "万人次", "20", "否"),
                columns("文物安全事故", "＝", "0", "起", "10", "是"),
                columns("观众满意度", "≥", "92", "%", "10", "否"),
            ),
            "白鹤梁水下博物馆",
            execution="10",
            overview="题刻本体监测、循环水系统和照明系统维护。",
            basis="《中华人民共和国文物保护法》",
            person="石云",
            phone="023-5550502",
            heading=_PLAIN,
        ),
    ),
    {"encoding-gb18030": 1},
)

# 奉节县：转移支付区域绩效目标表；Word

_NOTE = ("注", "绩效指标可根据实际情况增减。")

FENGJIE = Sample(
    "fengjie-transfer.docx",
    "fengjie",
    "奉节县2026年转移支付区域绩效目标表",
    "重庆市奉节县",
    "fengjie-2026-projects",
    (
        Form(
            "转移支付区域绩效目标表",
            "special_fund",
            "衔接推进乡村振兴补助资金",
            "奉节县农业农村委员会",
            "fengjie-nongyenongcunweiyuanhui",
            Amount("年度金额：", "", "14,860", "148600000"),
            (
                Amount("其中：中央补助", "upper_grant", "11,200", "112000000"),
                Amount("地方资金", "own", "3,660", "36600000"),
            ),
            "目标1：守住不发生规模性返贫底线；\n目标2：支持脐橙、油橄榄等特色产业提质增效。",
            (
                told(_COUNT, "支持产业项目数量", "≥62个", ("ge", "62", "个")),
                told(_COUNT, "改善农村道路里程", "≥85.6公里", ("ge", "85.6", "公里")),
                told(_QUALITY, "项目验收合格率", "100%", (None, "100", "%")),
                told(_TIME, "当年开工率", "≥90%", ("ge", "90", "%")),
                told(_COST, "财政资金补助标准", "不超过批复标准", WORDS),
                told(_ECONOMY, "带动脱贫人口人均增收", "≥800元", ("ge", "800", "元")),
                told(_SOCIAL, "受益脱贫人口数", "≥3.6万人", ("ge", "3.6", "万人")),
                told(_PLEASED, "受益群众满意度", "≥95%", ("ge", "95", "%")),
            ),
            "奉节县各乡镇人民政府",
            others=(("中央主管部门", "财政部、农业农村部"), _NOTE),
            heading=_YEAR,
        ),
        Form(
            "转移支付区域绩效目标表",
            "special_fund",
            "林业草原生态保护恢复资金",
            "奉节县林业局",
            "fengjie-linyeju",
            Amount("年度金额：", "", "3,205", "32050000"),
            (
                Amount("其中：中央补助", "upper_grant", "3,025", "30250000"),
                Amount("地方资金", "own", "180", "1800000"),
            ),
            "完成国土绿化和森林管护任务，森林覆盖率稳步提升。",
            (
                told(_COUNT, "森林管护面积", "≥210万亩", ("ge", "210", "万亩")),
                told(_COUNT, "退化林修复面积", "≥1.8万亩", ("ge", "1.8", "万亩")),
                told(_QUALITY, "造林成活率", "≥85%", ("ge", "85", "%")),
                told(_NATURE, "生态系统稳定性", "有所增强", WORDS),
                told(_PLEASED, "林区群众满意度", "≥88%", ("ge", "88", "%")),
            ),
            "奉节县林业事务中心",
            others=(("中央主管部门", "财政部、国家林业和草原局"), _NOTE),
            heading=_YEAR,
        ),
    ),
    {"sign-in-value": 10, "heading-missing": 2, "reader-remark": 1},
)

# 开州区：全国通用的项目支出表，一个工作表里上下排列；Excel

KAIZHOU = Sample(
    "kaizhou-finance.xlsx",
    "kaizhou",
    "开州区2026年项目支出绩效目标表",
    "重庆市开州区财政局",
    "kaizhou-2026-caizhengju",
    (
        Form(
            "项目支出绩效目标表",
            "project",
            "预算管理一体化系统运维",
            "211-重庆市开州区财政局",
            "kaizhou-caizhengju",
            Amount("年度资金总额", "", "1,280,000.00", "1280000"),
            (
                Amount("其中：财政拨款", "fiscal", "1,280,000.00", "1280000"),
                Amount("上年结转", "other", "", ""),
                Amount("其他资金", "other", "0.00", "0"),
            ),
            "保障全区196个预算单位一体化系统稳定运行，故障响应不超过2小时。",
            (
                told(_COUNT, "服务预算单位数量", "≥196家", ("ge", "196", "家"), "20"),
                told(_COUNT, "现场技术支持", "不少于120次", ("ge", "120", "次"), "10"),
                told(_QUALITY, "系统正常运行率", "≥99.5%", ("ge", "99.5", "%"), "20"),
                told(_TIME, "故障响应时间", "≤2小时", ("le", "2", "小时"), "15"),
                told(_COST, "运维成本", "≤128万元", ("le", "128", "万元"), "10"),
                told(_LASTING, "信息化支撑能力", "持续增强", WORDS, "5"),
                told(_PLEASED, "用户满意度", "≥95%", ("ge", "95", "%"), "10"),
            ),
            "开州区财政信息中心",
            others=(("项目类型", "其他运转类"), ("项目期", "1年")),
            code="50015426T000005123456",
            heading=("（2026年度）", "金额单位：元"),
        ),
        Form(
            "项目支出绩效目标表",
            "project",
            "财政投资评审服务",
            "211-重庆市开州区财政局",
            "kaizhou-caizhengju",
            Amount("年度资金总额", "", "3,600,000.00", "3600000"),
            (
                Amount("其中：财政拨款", "fiscal", "3,350,000.00", "3350000"),
                Amount("上年结转", "other", "250,000.00", "250000"),
                Amount("其他资金", "other", "", ""),
            ),
            "委托中介机构完成政府投资项目评审180个，平均审减率不低于6%。",
            (
                told(_COUNT, "评审项目数量", "≥180个", ("ge", "180", "个"), "30"),
                told(_QUALITY, "评审报告复核合格率", "≥98%", ("ge", "98", "%"), "20"),
                told(_TIME, "平均评审时限", "20个工作日以内", ("le", "20", "个工作日"), "15"),
                told(_ECONOMY, "节约财政资金", "≥4500万元", ("ge", "4500", "万元"), "15"),
                told(_PLEASED, "建设单位满意度", "90%", (None, "90", "%"), "10"),
            ),
            "开州区财政投资评审中心",
            others=(("项目类型", "特定目标类"), ("项目期", "1年")),
            code="50015426T000005123457",
            heading=("（2026年度）", "金额单位：元"),
        ),
    ),
    {"sign-in-value": 10},
)

# 巴南区：部门整体表印着年度主要任务一栏，申报表留着没有填的指标行；Word

_BANAN = "重庆市巴南区卫生健康委员会"

BANAN = Sample(
    "banan-health.docx",
    "banan",
    "巴南区2026年部门整体支出绩效目标申报表",
    _BANAN,
    "banan-2026-weishengjiankangweiyuanhui",
    (
        Form(
            "部门整体支出绩效目标申报表",
            "department_overall",
            "重庆市巴南区卫生健康委员会部门整体支出绩效目标申报",
            _BANAN,
            "banan-weishengjiankangweiyuanhui",
            Amount("金额合计", "", "12,600", "126000000"),
            (
                Amount("财政拨款", "fiscal", "12,400", "124000000"),
                Amount("其他资金", "other", "200", "2000000"),
            ),
            "目标1：基本公共卫生服务覆盖率达到95%以上；\n目标2：县域内就诊率达到90%。",
            (
                told(_COUNT, "签约家庭医生人数", "≥32万人", ("ge", "32", "万人"), "30"),
                told(_QUALITY, "电子健康档案规范率", "≥65%", ("ge", "65", "%"), "30"),
                told(_LASTING, "基层医疗服务能力", "逐步增强", WORDS, "20"),
                told(_PLEASED, "居民满意度", "≥85%", ("ge", "85", "%"), "10"),
            ),
            others=(
                ("填报单位（盖章）", _BANAN),
                ("填报日期", "2026年1月12日"),
                ("任务名称", "任务1：基本公共卫生服务"),
                ("主要内容", "为常住居民免费提供基本公共卫生服务。"),
                ("预算金额（万元）总额", "9,200"),
                ("预算金额（万元）财政拨款", "9,000"),
                ("预算金额（万元）其他资金", "200"),
                ("任务名称", "任务2：基层医疗机构能力提升"),
                ("主要内容", "改善12个镇卫生院的诊疗条件。"),
                ("预算金额（万元）总额", "3,400"),
                ("预算金额（万元）财政拨款", "3,400"),
            ),
            heading=_YEAR,
        ),
        Form(
            "项目支出绩效目标申报表",
            "project",
            "基本公共卫生服务",
            "301-重庆市巴南区卫生健康委员会",
            "banan-weishengjiankangweiyuanhui",
            Amount("年度资金总额：", "", "9,200", "92000000"),
            (Amount("财政拨款", "fiscal", "9,000", "90000000"), Amount("其他资金", "other", "200", "2000000")),
            "目标1：免费提供12类基本公共卫生服务。\n目标2：重点人群健康管理率达标。",
            (
                told(_COUNT, "适龄儿童国家免疫规划疫苗接种率", "≥90%", ("ge", "90", "%")),
                told(_COUNT, "老年人健康管理率", "≥65%", ("ge", "65", "%")),
                told(_TIME, "补助资金下达时间", "2026年6月底前", ("le", "6", "月")),
                told(_COST, "人均补助标准", "99元", (None, "99", "元")),
                told(_SOCIAL, "居民健康保健意识", "不断提高", WORDS),
                told(_PLEASED, "居民满意度", "不低于85%", ("ge", "85", "%")),
            ),
            "巴南区疾病预防控制中心",
            person="尹川",
            phone="023-5550601",
            others=(
                ("填报单位（盖章）", _BANAN),
                ("填报日期", "2026年1月12日"),
                ("中期目标（2026年—2028年）", "目标1：基本公共卫生服务均等化水平持续提高。"),
                ("备注", "按省级口径"),
                ("单位负责人", "申屠林"),
            ),
            heading=_YEAR,
        ),
    ),
    {"sign-in-value": 7, "heading-missing": 1, "reader-remark": 1},
)

SAMPLES = (YUZHONG, NANCHUAN, JIANGJIN, YUNYANG, BANAN, HECHUAN, FULING, FENGJIE, KAIZHOU)
