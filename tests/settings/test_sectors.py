"""The sector rule on real names: each has exactly one sector, however much of its region's name is removed first."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).parents[2] / "data"
REGIONS: list[dict[str, Any]] = yaml.load((DATA / "regions.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
SECTORS: list[dict[str, Any]] = yaml.load((DATA / "sectors.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
SECTOR_OF = {word: sector["sector_id"] for sector in SECTORS for word in sector["keywords"]}
ALIASES = sorted((alias for region in REGIONS for alias in region["aliases"]), key=len, reverse=True)

# The end of a name as printed in the five documents → its sector; the longest end that fits counts.
PRINTED = {
    "government-affairs": "大数据应用发展管理局",
    "economy-and-finance": "财政局 统计局 发展改革委 发展改革局 发展和改革委员会",
    "party-affairs": "组织部 宣传部 纪律检查委员会",
    "community-organisations": "青年团重庆市委 重庆市委委员会 青年团重庆市万盛经济技术开发区委员会 妇女联合会 民族宗教事务委员会",
    "market-regulation": "市场监督管理局 市场监管局 药品监督管理局 知识产权局",
    "public-safety": "公安局 分局 司法局 政法委员会",
    "education": "教育委员会 教育局",
    "science": "科学技术局 科技局",
    "culture-tourism-sport": "文化和旅游发展委员会 文化和旅游发展局 文化和旅游局 文物局 体育局 体育发展中心",
    "social-security": "民政局 人力资源和社会保障局 社会保险事务中心 退役军人事务局 残疾人联合会 区残联 老干局 老干部服务中心",
    "health": "卫生健康委员会 卫生健康局 医疗保障局 医疗保障事务中心",
    "environment": "生态环境局",
    "urban-rural": "住房和城乡建设委员会 住房和城乡建设局 城市管理局",
    "agriculture": "农业农村委员会 农业农村局 水利局 林业局 乡村振兴局 畜牧兽医事务中心",
    "transport": "交通局 交通运输局 口岸和物流办公室",
    "industry": "经济和信息化委员会 经济和信息化局 国有资产监督管理委员会 高新区服务中心",
    "commerce": "商务委员会 商务局 供销合作总社 区供销社",
    "natural-resources": "规划和自然资源局",
    "emergency": "应急管理局 区应急局",
}

# Departments that any city, district or county has, in the long and the short forms that documents use.
USUAL = {
    "government-affairs": "重庆市长寿区人大常委会办公室 长寿区人民代表大会常务委员会 中国人民政治协商会议重庆市沙坪坝区委员会 市政协"
    " 区政协办公室 重庆市人民政府办公厅 重庆市渝中区人民政府办公室 区政府办 重庆市机关事务管理局 区信访办公室 重庆市信访局"
    " 江津区档案馆 重庆市人民政府外事办公室 重庆市公共资源交易中心 区政务服务中心 渝中区石油路街道办事处 凤城街道"
    " 长寿区长寿湖镇人民政府 武隆区浩口苗族仡佬族乡人民政府 区大数据发展局 重庆市人民政府驻北京办事处 市政务服务管理办公室",
    "economy-and-finance": "区发展改革委 市发改委 国家税务总局重庆市长寿区税务局 重庆市审计局 区统计局 重庆高新区改革发展局"
    " 国家统计局沙坪坝调查队 两江新区财政局 财政金融局 垫江县发展和改革委员会",
    "party-affairs": "中共重庆市委办公厅 区委办公室 区委办 中共重庆市长寿区委办公室 中共重庆市忠县委员会办公室 区委统战部 区委编办 区委网信办"
    " 中共重庆市巫山县委机构编制委员会办公室 中共重庆市渝中区委区级机关工作委员会 区委巡察办 区纪委监委 区委社会工作部"
    " 重庆市沙坪坝区监察委员会 中共重庆市万盛经济技术开发区工作委员会办公室 区委宣传部 中共重庆市委党史研究室",
    "community-organisations": "区妇联 团区委 共青团重庆市委 重庆市总工会 区工商联 重庆市民族宗教委员会 重庆市工商业联合会"
    " 酉阳土家族苗族自治县民族宗教事务委员会 重庆市归国华侨联合会 区文联 中国民主同盟重庆市委员会",
    "market-regulation": "长寿区市场监督管理局 区市场监管局 重庆市药监局",
    "defence-mobilisation": "重庆市国防动员办公室 长寿区人民武装部 区人防办 重庆市人民防空办公室",
    "public-safety": "重庆市长寿区人民法院 重庆市沙坪坝区人民检察院 区法院 区检察院 区委政法委 区司法局 重庆市公安局长寿区分局"
    " 重庆市公安局交通巡逻警察总队 重庆市监狱管理局",
    "education": "区教委 县教委 区教育局 中共重庆市委党校 教育科技局 区教育和体育局 重庆市教育考试院 重庆交通大学 重庆大学",
    "science": "区科技局 市科协 重庆市科学技术协会 重庆市农业科学院 重庆社会科学院",
    "culture-tourism-sport": "区文旅委 区文化旅游委 区体育局 区融媒体中心 重庆广播电视集团 大足石刻研究院 区文化和旅游委员会"
    " 重庆市武隆区仙女山旅游度假区管理委员会 重庆市文化市场综合行政执法总队 重庆市体育运动学校",
    "social-security": "区民政局 区人力社保局 区人社局 退役军人局 区残联 区委老干部局 重庆市红十字会 区社会保险局 区就业服务中心",
    "health": "区卫健委 区卫生健康委 区医保局 区疾病预防控制中心 重庆市人民医院 凤城街道社区卫生服务中心 重庆大学附属肿瘤医院",
    "environment": "区生态环境局 重庆市长寿区生态环境保护综合行政执法支队 区环保局",
    "urban-rural": "区住建委 区建委 区住房城乡建委 城管局 区城市管理局 区综合行政执法局 重庆高新区建设局 区建设和交通委员会 市园林绿化局",
    "agriculture": "农业农村委 区农委 区水务局 区林业局 区乡村振兴局 区移民局 重庆市长寿区农产品质量安全中心",
    "transport": "区交通局 市交通运输委员会 区公路事务中心 区交通运输综合行政执法支队 国际物流枢纽园区管委会",
    "industry": "区经济信息委 市经信委 区工业和信息化局 区国资委 长寿经济技术开发区管委会 涪陵高新区管委会"
    " 重庆市璧山高新技术产业开发区管理委员会",
    "commerce": "区商务委 区供销合作社 区招商投资促进局 重庆市贸促会 解放碑中央商务区管委会",
    "finance": "市地方金融管理局 区金融办 区金融发展服务中心",
    "natural-resources": "区规划自然资源局 区规资局 重庆市规划和自然资源局长寿区分局 区气象局 重庆市国土资源和房屋管理局",
    "housing": "重庆市住房公积金管理中心 区房管局 区公租房管理中心 区住房保障中心",
    "grain-reserves": "重庆市粮食和物资储备局 区粮食局",
    "emergency": "区应急局 区消防救援局 沙坪坝区消防救援支队 重庆市地震局 区应急管理综合行政执法支队 区安监局",
    "other": "重庆市福利彩票发行中心 重庆市体育彩票管理中心",
}


def sectors_of(name: str) -> set[str]:
    """The rule: the longest keyword in the name decides. One sector is an answer; none or several are not."""
    words = [word for word in SECTOR_OF if word in name]
    longest = max(map(len, words), default=0)
    return {SECTOR_OF[word] for word in words if len(word) == longest}


def plain(name: str) -> str:
    return re.sub(r"^\d+-|\s", "", name)


def answers(name: str) -> list[set[str]]:
    """The sectors of the whole name, without its leading region, without a leading 市 or 区, without any region."""
    leading = next((alias for alias in ALIASES if name.startswith(alias)), "")
    nowhere = re.sub("|".join(ALIASES), "", name)
    return [sectors_of(part) for part in (name, name.removeprefix(leading), re.sub("^[市区县]", "", name), nowhere)]


def departments_as_printed() -> Iterator[str]:
    for path in sorted((DATA / "sources").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"主管部门[\s　]+([^\t\n]+?)[\s　]*(?:\t|\n|实施单位)", text)
        yield from re.findall(r"(?m)^\d+\t[^\t\n]+\t([^\t\n]+)\t[\d,.]+", text)


PRINTED_NAMES = sorted({plain(name) for name in departments_as_printed() if "年预算" not in name})


def test_every_department_of_the_documents_has_its_sector() -> None:
    ends = {end: sector for sector, ends in PRINTED.items() for end in ends.split()}
    # changshou-2023-finance.txt:276 breaks 114-重庆市长寿区财政局 after the region.
    names = [name for name in PRINTED_NAMES if name != "重庆市长寿区"]
    assert len(PRINTED_NAMES) - 1 == len(names) > 80
    fitting = {name: max((end for end in ends if name.endswith(end)), key=len, default="") for name in names}
    assert {name: answers(name) for name in names} == {name: [{ends[end]}] * 4 for name, end in fitting.items()}


@pytest.mark.parametrize(
    ("name", "sector"), [(name, sector) for sector, names in USUAL.items() for name in names.split()]
)
def test_usual_departments_have_one_sector(name: str, sector: str) -> None:
    assert answers(name) == [{sector}] * 4


@pytest.mark.parametrize(
    "word",
    [
        *["重庆市人民政府", "管理委员会", "服务中心", "事务中心", "监督管理局", "高新技术产业开发区", "中共重庆市委"],
        *ALIASES,
    ],
)
def test_words_that_name_no_function_decide_nothing(word: str) -> None:
    assert sectors_of(word) == set()


def test_a_keyword_stands_once() -> None:
    counts = Counter(word for sector in SECTORS for word in sector["keywords"])
    assert [word for word, count in counts.items() if count > 1] == []


def test_sector_codes() -> None:
    ids = [sector["sector_id"] for sector in SECTORS]
    assert len(set(ids)) == len(ids) == 24
    for sector in SECTORS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", sector["sector_id"])
        assert re.fullmatch(r"2\d\d", sector["function_code"])
        assert re.fullmatch(r"(0[1-9]|10)(\.[1-9])?", sector["cofog"])
    shared = Counter(sector["function_code"] for sector in SECTORS)
    assert {code: count for code, count in shared.items() if count > 1} == {"201": 5}


def test_regions_of_chongqing() -> None:
    by_id = {region["region_id"]: region for region in REGIONS}
    assert len(by_id) == len(REGIONS) == 42
    assert [region["region_id"] for region in REGIONS if region["parent_id"] is None] == ["chongqing"]
    assert all(re.fullmatch(r"[a-z]+", region_id) for region_id in by_id)

    districts = [region for region in REGIONS if region["level"] == "district"]
    kinds = Counter("自治县" if region["name"].endswith("自治县") else region["name"][-1] for region in districts)
    assert kinds == {"区": 26, "县": 8, "自治县": 4}
    codes = [region["division_code"] for region in districts]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"500[12]\d\d", code) for code in codes)
    # GB/T 2260, middle pair of a municipality: 01 its districts, 02 its counties.
    assert all((code[3] == "2") == region["name"].endswith("县") for code, region in zip(codes, districts, strict=True))

    zones = [region for region in REGIONS if region["level"] == "development_zone"]
    assert {region["region_id"] for region in zones} == {"liangjiang", "gaoxin", "wansheng"}
    assert all(region["division_code"] is None for region in zones)


def test_an_alias_belongs_to_one_region() -> None:
    counts = Counter(ALIASES)
    assert [alias for alias, count in counts.items() if count > 1] == []
    assert all(region["name"] in region["aliases"] for region in REGIONS)
