"""``robots.txt``, and ``llms.txt``: what a language model should read of the site, and heed."""

from builder.dataset.store import Dataset
from builder.package.catalogues.described import Part, parts
from builder.package.datapackage import ordered
from builder.settings.package import Policy


def robots(site_url: str) -> str:
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_url}sitemap.xml\n"


def llms(dataset: Dataset, policy: Policy, site_url: str) -> str:
    """The Markdown of llmstxt.org: a title, a summary, notes, and sections that are lists of links."""
    whole, *yearly = parts(dataset, policy, site_url)
    data = f"{site_url}data/"
    lines = [
        f"# {policy.title}",
        "",
        f"> {policy.description}",
        ">",
        f"> {policy.description_en}",
        "",
        f"许可：{policy.licence.title}（{policy.licence.name}）。引用任何一个数，请给出它的项目页，那里有原文的行号。",
        "",
        *(f"- {note}" for note in policy.notes),
        f"- 每个项目有网页 {site_url}projects/PROJECT_ID/ 和同样内容的 {site_url}projects/PROJECT_ID/record.json；"
        "PROJECT_ID 换成 projects.csv 里的 project_id。",
        "",
        "## 全部数据",
        "",
        *(f"- [{download.title}]({download.url}): {download.title_en}" for download in whole.downloads),
        f"- [datapackage.json]({data}datapackage.json): 每张表、每个字段的含义、类型和单位，中英文",
        *(
            f"- [{name}.csv]({data}{name}.csv): {dataset.schemas[name].title}。{dataset.schemas[name].description}"
            for name in ordered(dataset, policy)
        ),
        "",
        "## 按地区和年度",
        "",
        *(_year(part) for part in yearly),
        "",
        "## 说明",
        "",
        f"- [方法、局限和名词]({site_url}about/): 数据怎么读出来，哪些话不能说",
        f"- [数据质量]({site_url}quality/): 每条核对规则的意思，和它发现的地方",
        f"- [原文件]({site_url}sources/): 逐行的原文，每行有自己的网址",
        f"- [English]({site_url}en/): about, dictionary and how to use",
        "",
        "## Optional",
        "",
        f"- [catalog.jsonld]({site_url}catalog.jsonld): DCAT-AP 3.0.1",
        f"- [catalog.ttl]({site_url}catalog.ttl): 同上，Turtle",
        f"- [croissant.json]({data}croissant.json): Croissant 1.1",
        f"- [csvw-metadata.json]({data}csvw-metadata.json): CSV on the Web",
    ]
    return "\n".join(lines) + "\n"


def _year(part: Part) -> str:
    files = "、".join(f"[{download.file}]({download.url})" for download in part.downloads)
    return f"- [{part.heading.title}]({part.page}): {files}"
