"""``package.yml``: what the package is called, who answers for it, the words in its downloads, where the site stands."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import TypeAdapter, ValidationError, model_validator

from builder.faults import SettingsFault
from builder.settings.loading import SOME, Count, Entry, Line, Slug, Text, Url, Words, dollars, load, shaped, wrong
from builder.settings.places import Day
from builder.settings.schema import Table

# What other addresses are made from: nothing that a link or an identifier would have to escape.
Plain = Annotated[Url, shaped(r"[\w.~:/@%+-]+", "里有网址不该有的符号")]
Address = Annotated[Plain, shaped(".*/", "应以 / 结尾")]
Mail = Annotated[str, shaped(r"|[\w.+-]+@[\w-]+(\.[\w-]+)+", "应为一个信箱地址，没有就写两个引号")]
Version = Annotated[str, shaped(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", "应为三段数字，如 1.2.0")]

# What may stand after a $ in the texts of the package.
README = (
    "name", "title", "description", "description_en", "version", "licence", "licence_en", "home", "id", "base_url",
    "xlsx", "tables", "notes", "sources", "citation",
)  # fmt: skip
OF_A_REGION = ("region_id", "region", "region_en", "year")


class Licence(Entry):
    name: Line
    path: Plain
    title: Line
    title_en: Line


class Contributor(Entry):
    title: Line
    roles: Words
    path: Url | None = None
    email: Line | None = None
    organization: Line | None = None


class LeadRule(Entry):
    title: Line
    rule: Line


class BudgetChange(LeadRule):
    limit: Count


class FewIndicators(LeadRule):
    minimum_yuan: Count
    limit: Count


class LeadRules(Entry):
    """Thresholds and words of the leads sheet; ``rule`` texts name their own thresholds with ``$``."""

    findings_each: Words
    findings_title: Line
    budget_change: BudgetChange
    few_indicators: FewIndicators


class Policy(Entry):
    """The wording and conventions of the package. ``base_url`` is where the site stands, ``repository`` its code.

    ``mail`` is for whoever has no account with the repository's host; pages say nothing of it where it is empty.
    """

    name: Slug
    base_url: Address
    repository: Plain
    mail: Mail
    version: Version
    published: Day
    most_cards: Count
    most_offline: Count
    explore_kilobytes: Count
    host_megabytes: Count
    title: Line
    title_en: Line
    description: Line
    description_en: Line
    region_title: Line
    region_title_en: Line
    licence: Licence
    contributors: Annotated[tuple[Contributor, ...], SOME]
    keywords: Annotated[Words, SOME]
    tables: tuple[str, ...]
    notes: Words
    readme: Text
    licence_text: Text
    leads: LeadRules

    @property
    def publisher(self) -> str:
        """The first contributor who publishes."""
        return next(one.title for one in self.contributors if "publisher" in one.roles)

    @model_validator(mode="after")
    def _texts_can_be_filled(self) -> Self:
        dollars(self.readme, README, "readme")
        dollars(self.licence_text, ("home",), "licence_text")
        for key in ("region_title", "region_title_en"):
            dollars(getattr(self, key), OF_A_REGION, key)
        for key, rule in self.leads:
            if isinstance(rule, LeadRule):
                thresholds = [name for name in type(rule).model_fields if name not in LeadRule.model_fields]
                dollars(rule.rule, thresholds, "leads", key, "rule")
        if not any("publisher" in one.roles for one in self.contributors):
            raise wrong("没有一项的 roles 含有 publisher；请写明谁发布", "contributors")
        return self


def policy(path: Path, schemas: Mapping[str, Table], codes: Mapping[str, object]) -> Policy:
    """``package.yml``, proved also against the tables and the codes of findings.

    ``SITE_URL`` and ``REPOSITORY_URL`` in the environment take the place of ``base_url`` and ``repository``, as they do
    in mkdocs.yml: a workflow knows where it publishes, and links, citations and package ids must agree.
    """
    found = load(path, Policy)
    if sorted(found.tables) != sorted(schemas):
        different = "、".join(sorted(set(found.tables) ^ set(schemas))) or "有的表写了两次"
        raise SettingsFault(f"tables 应列出 data/schemas 里的每张表各一次；不同的是 {different}", file=path)
    if unknown := [code for code in found.leads.findings_each if code not in codes]:
        raise SettingsFault(f"leads.findings_each：data/findings.yml 没有 {'、'.join(unknown)}", file=path)
    given = {"base_url": os.environ.get("SITE_URL"), "repository": os.environ.get("REPOSITORY_URL")}
    if given["base_url"]:
        given["base_url"] = given["base_url"].rstrip("/") + "/"
    changed = {key: value.rstrip("/") if key == "repository" else value for key, value in given.items() if value}
    try:
        for value in changed.values():
            TypeAdapter(Plain).validate_python(value)
    except ValidationError:
        raise SettingsFault(
            "环境变量 SITE_URL 或 REPOSITORY_URL 不是以 https:// 或 http:// 开头的网址", remedy="请改正或取消它。"
        ) from None
    return found.model_copy(update=changed)
