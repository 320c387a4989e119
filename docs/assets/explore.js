// /explore/: all projects, all indicators and all results as one table each. The rows come from builder/site/explore.py, in
// parts where they are too many to load at once; DataTables sorts, pages and draws them; what is shown is decided here and
// kept in the address.
(() => {
  "use strict";

  const box = document.querySelector("[data-explore]");
  if (!box) return;

  const { load, searchable, page, root } = window.mingzhang;
  const WAN = 10_000;
  // What fell short first.
  const ORDER = ["missed", "partly", "unreadable", "met"];
  const PAGE_LENGTH = 25;
  const LANGUAGE = {
    emptyTable: "没有符合条件的行。",
    zeroRecords: "没有符合条件的行。可以放宽一两个筛选条件。",
    aria: {
      orderable: "：点击排序",
      orderableReverse: "：点击反过来排",
      orderableRemove: "：点击恢复原来的顺序",
      paginate: { next: "下一页", previous: "上一页", number: "页码 " },
    },
    paginate: { next: "›", previous: "‹" },
  };

  const number = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 6 });
  const collator = new Intl.Collator("zh-CN");

  const form = box.querySelector("[data-explore-form]");
  const status = box.querySelector("[data-explore-status]");
  const place = box.querySelector("[data-explore-table]");
  const clear = box.querySelector("[data-explore-clear]");
  const fields = Object.fromEntries([...form.elements].filter(({ name }) => name).map((field) => [field.name, field]));

  // Small screens show the rows first.
  const more = box.querySelector("details");
  const wide = !matchMedia("(max-width: 40rem)").matches;
  more.open = wide;

  const breath = () => new Promise((resolve) => setTimeout(resolve));

  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const link = (text, path) => {
    const made = element("a", "", text);
    made.href = page(path);
    return made;
  };

  // DataTables writes a string into its cell as HTML, and a node as it is: a document's words go in as text nodes.
  const node = (shown) => (shown instanceof Node ? shown : document.createTextNode(shown));

  // The words of a coded column in row i.
  const word = (column, i) => (column.of[i] === null ? "" : column.values[column.of[i]][1]);
  const words = (column, i) => column.of[i].map((value) => column.values[value][1]);

  function budget({ budget: amounts, budget_as_filed: filed }, i) {
    if (amounts[i] !== null) return number.format(amounts[i] / WAN);
    return filed[i] ? element("span", "state state--unreadable", `原文“${filed[i]}”`) : element("span", "state state--absent", "未公开");
  }

  const doubts = (table, i) =>
    table.doubts[i] ? element("span", "doubt", `${table.doubts[i]} 处`) : "";

  // A figure and its unit stay on one line; a promise in words may take several.
  const figure = (text) => (text.length > 14 ? text : element("span", "num", text));

  // Where a sentence of small print stands for the columns that a narrow screen has no room for.
  const named = (text, path, promise, ...small) => {
    const lines = [link(text, path), element("small", "explore__small", small.filter(Boolean).join(" · "))];
    if (promise) lines.splice(1, 0, element("span", "promise", promise));
    return element("div", "", ...lines);
  };

  // Each view: its rows, how they belong to projects, its columns on the screen, and its columns in a download.
  // A column sorts by `key`; where `text` is set its keys are words and sort by pinyin.
  function projectsView(projects) {
    return {
      rows: projects.id.length,
      title: "项目",
      projects,
      table: projects,
      projectOf: (i) => i,
      haystack: (i) => `${searchable(projects.name[i])} ${searchable(word(projects.department, i))}`,
      columns: [
        {
          name: "name", title: "项目", text: true, heading: true,
          key: (i) => projects.name[i],
          show: (i) => named(
            projects.name[i], `projects/${projects.id[i]}/`, projects.promise[i],
            word(projects.region, i), `${projects.year[i]} 年`, word(projects.department, i), word(projects.form_type, i),
            projects.doubts[i] && `${projects.doubts[i]} 处值得核对`,
          ),
        },
        { name: "region", title: "地区", text: true, short: true, key: (i) => word(projects.region, i) },
        { name: "year", title: "年度", short: true, key: (i) => projects.year[i] },
        { name: "department", title: "主管部门", text: true, key: (i) => word(projects.department, i) },
        { name: "sector", title: "领域", text: true, key: (i) => word(projects.sector, i) },
        { name: "form_type", title: "类型", text: true, short: true, key: (i) => word(projects.form_type, i) },
        {
          name: "budget", title: "预算（万元）", right: true, narrow: true,
          key: (i) => projects.budget[i] ?? -1,
          show: (i) => budget(projects, i),
        },
        { name: "doubts", title: "值得核对", short: true, key: (i) => projects.doubts[i], show: (i) => doubts(projects, i) },
      ],
      download: [
        ["项目编号", (i) => projects.id[i]],
        ["项目", (i) => projects.name[i]],
        ["地区", (i) => word(projects.region, i)],
        ["年度", (i) => projects.year[i]],
        ["主管部门", (i) => word(projects.department, i)],
        ["领域", (i) => word(projects.sector, i)],
        ["类型", (i) => word(projects.form_type, i)],
        ["一行承诺", (i) => projects.promise[i]?.replaceAll("\u00a0", " ")],
        ["当年预算（元）", (i) => projects.budget[i]],
        ["未能读出的预算原文", (i) => projects.budget_as_filed[i]],
        ["发现", (i) => words(projects.finding, i).join("；")],
        ["网址", (i) => published(`projects/${projects.id[i]}/`)],
      ],
    };
  }

  // The page's address on the web, also where this copy was opened from a disk.
  function published(path) {
    const canonical = document.querySelector('link[rel="canonical"]');
    return new URL(`../${path}`, canonical ? canonical.href : location.href).href;
  }

  function indicatorsView(projects, indicators) {
    const of = (i) => indicators.project[i];
    const target = (i) => [word(indicators.comparison, i), indicators.target[i], word(indicators.unit, i)].filter(Boolean).join(" ");
    const core = (i) => ["否", "是"][indicators.core[i]] ?? "";
    const path = (i) => `projects/${projects.id[of(i)]}/#indicators`;
    return {
      rows: indicators.project.length,
      title: "指标",
      projects,
      table: indicators,
      projectOf: of,
      haystack: (i) => [indicators.name[i], projects.name[of(i)], word(projects.department, of(i))].map(searchable).join(" "),
      columns: [
        {
          name: "name", title: "指标", text: true, heading: true,
          key: (i) => indicators.name[i],
          show: (i) => named(
            indicators.name[i], path(i), null,
            projects.name[of(i)], word(projects.region, of(i)), `${projects.year[of(i)]} 年`,
            indicators.weight[i] !== null && `${number.format(indicators.weight[i])} 分`, core(i) === "是" && "核心",
          ),
        },
        { name: "target", title: "指标值", narrow: true, key: (i) => indicators.value[i] ?? -Infinity, show: (i) => figure(target(i)) },
        {
          name: "weight", title: "分值", right: true,
          key: (i) => indicators.weight[i] ?? -1,
          show: (i) => (indicators.weight[i] === null ? "" : number.format(indicators.weight[i])),
        },
        { name: "core", title: "核心", short: true, key: (i) => indicators.core[i] ?? -1, show: core },
        { name: "project", title: "项目", text: true, key: (i) => projects.name[of(i)] },
        { name: "region", title: "地区", text: true, short: true, key: (i) => word(projects.region, of(i)) },
        { name: "year", title: "年度", short: true, key: (i) => projects.year[of(i)] },
        { name: "department", title: "主管部门", text: true, key: (i) => word(projects.department, of(i)) },
        { name: "doubts", title: "值得核对", short: true, key: (i) => indicators.doubts[i], show: (i) => doubts(indicators, i) },
      ],
      download: [
        ["指标编号", (i) => `${projects.id[of(i)]}-${String(indicators.position[i]).padStart(2, "0")}`],
        ["指标", (i) => indicators.name[i]],
        ["指标性质", (i) => word(indicators.comparison, i)],
        ["指标值（原文）", (i) => indicators.target[i]],
        ["指标值", (i) => indicators.value[i]],
        ["计量单位", (i) => word(indicators.unit, i)],
        ["分值", (i) => indicators.weight[i]],
        ["是否核心", core],
        ["预算执行率", (i) => (indicators.execution[i] ? "是" : "")],
        ["项目编号", (i) => projects.id[of(i)]],
        ["项目", (i) => projects.name[of(i)]],
        ["地区", (i) => word(projects.region, of(i))],
        ["年度", (i) => projects.year[of(i)]],
        ["主管部门", (i) => word(projects.department, of(i))],
        ["发现", (i) => words(indicators.finding, i).join("；")],
        ["网址", (i) => published(path(i))],
      ],
    };
  }

  // Each judged indicator; what it belongs to is its sheet, which has the columns of a project.
  function resultsView({ sheets }, results) {
    const of = (i) => results.sheet[i];
    const path = (i) => `results/${sheets.id[of(i)]}/#s-${String(results.position[i]).padStart(2, "0")}`;
    const points = (i) => results.score[i] === null && results.points[i] === null ? "没有打分" : [results.score[i], results.points[i]].map((value) => (value === null ? "—" : number.format(value))).join(" / ");
    const promised = (i) => {
      if (results.promised[i] === null) {
        const absent = sheets.project[of(i)] ? "年初没有这一项" : "没有找到年初的承诺";
        return element("span", "", element("span", "state state--absent", absent), element("small", "", `结果表写作“${results.printed[i]}”`));
      }
      if (results.promised[i] === results.printed[i]) return results.promised[i];
      return element("span", "", results.promised[i], element("small", "", `结果表写作“${results.printed[i]}”`));
    };
    // None where a sheet looks at a part of the year.
    const attainment = (i) => results.attainment.values[results.attainment.of[i]]?.[0];
    const outcome = (i) => {
      const actual = results.actual[i] ?? element("span", "state state--absent", "没有印");
      const attained = attainment(i);
      if (!attained) return element("span", "", actual);
      const short = ["missed", "partly"].includes(attained);
      return element("span", "", actual, element("small", "", element("span", `badge badge--${short ? "warning" : "note"}`, word(results.attainment, i))));
    };
    return {
      rows: results.sheet.length,
      title: "结果",
      empty: "还没有收录结果文件。哪份文件、什么时候公开、怎样申请，见“兑现”那一页。",
      projects: sheets,
      table: results,
      projectOf: of,
      haystack: (i) => [results.name[i], sheets.name[of(i)], word(sheets.department, of(i))].map(searchable).join(" "),
      columns: [
        {
          name: "name", title: "指标", text: true, heading: true,
          key: (i) => results.name[i],
          show: (i) => named(
            results.name[i], path(i), null,
            sheets.name[of(i)], word(sheets.region, of(i)), `${sheets.year[of(i)]} 年`, word(sheets.judge, of(i)), `得分 ${points(i)}`,
          ),
        },
        { name: "promised", title: "承诺", key: (i) => results.promised[i] ?? results.printed[i], text: true, narrow: true, show: promised },
        { name: "attainment", title: "结果", narrow: true, key: (i) => (ORDER.indexOf(attainment(i)) + ORDER.length + 1) % (ORDER.length + 1), show: outcome },
        { name: "score", title: "得分", short: true, right: true, key: (i) => results.score[i] ?? -1, show: points },
        { name: "reason", title: "原因", text: true, key: (i) => results.reason[i] ?? "" },
        { name: "project", title: "项目", text: true, key: (i) => sheets.name[of(i)] },
        { name: "region", title: "地区", text: true, short: true, key: (i) => word(sheets.region, of(i)) },
        { name: "year", title: "年度", short: true, key: (i) => sheets.year[of(i)] },
        { name: "judge", title: "谁评的", text: true, short: true, key: (i) => word(sheets.judge, of(i)) },
        { name: "doubts", title: "值得核对", short: true, key: (i) => results.doubts[i], show: (i) => doubts(results, i) },
      ],
      download: [
        ["结果指标编号", (i) => `${sheets.id[of(i)]}-${String(results.position[i]).padStart(2, "0")}`],
        ["指标", (i) => results.name[i]],
        ["年初的承诺", (i) => results.promised[i]],
        ["结果表写的目标", (i) => results.printed[i]],
        ["实际完成（原文）", (i) => results.actual[i]],
        ["实际值", (i) => results.value[i]],
        ["达到没有", (i) => word(results.attainment, i)],
        ["怎样判断的", (i) => word(results.method, i)],
        ["分值", (i) => results.points[i]],
        ["得分", (i) => results.score[i]],
        ["原因", (i) => results.reason[i]],
        ["项目", (i) => sheets.name[of(i)]],
        ["项目编号", (i) => sheets.project[of(i)]],
        ["地区", (i) => word(sheets.region, of(i))],
        ["年度", (i) => sheets.year[of(i)]],
        ["主管部门", (i) => word(sheets.department, of(i))],
        ["谁评的", (i) => word(sheets.judge, of(i))],
        ["这张表的总分", (i) => sheets.total[of(i)]],
        ["全年预算（元）", (i) => sheets.budget[of(i)]],
        ["执行数（元）", (i) => sheets.spent[of(i)]],
        ["发现", (i) => words(results.finding, i).join("；")],
        ["网址", (i) => published(path(i))],
      ],
    };
  }

  // Filters

  const CORE = { yes: 1, no: 0, unstated: null };

  // What the filled fields ask of row i; a filter that the view does not know asks nothing.
  function conditions({ projects, table, projectOf, haystacks }, values) {
    const found = [];
    const code = (column, value) => column.values.findIndex(([key]) => key === value);
    for (const name of ["region", "sector", "department", "form_type"]) {
      if (!values[name]) continue;
      const wanted = code(projects[name], values[name]);
      found.push((i) => projects[name].of[projectOf(i)] === wanted);
    }
    if (values.year) found.push((i) => projects.year[projectOf(i)] === Number(values.year));
    if (values.min) found.push((i) => projects.budget[projectOf(i)] !== null && projects.budget[projectOf(i)] >= values.min * WAN);
    if (values.max) found.push((i) => projects.budget[projectOf(i)] !== null && projects.budget[projectOf(i)] <= values.max * WAN);
    if (values.finding === "any") found.push((i) => table.doubts[i] > 0);
    else if (values.finding) {
      const wanted = code(table.finding, values.finding);
      found.push((i) => table.finding.of[i].includes(wanted));
    }
    if (values.comparison && table.comparison) {
      const wanted = code(table.comparison, values.comparison);
      found.push((i) => table.comparison.of[i] === wanted);
    }
    if (values.attainment && table.attainment) {
      const wanted = code(table.attainment, values.attainment);
      found.push((i) => table.attainment.of[i] === wanted);
    }
    if (values.judge && projects.judge) {
      const wanted = code(projects.judge, values.judge);
      found.push((i) => projects.judge.of[projectOf(i)] === wanted);
    }
    if (values.core && table.core) found.push((i) => table.core[i] === CORE[values.core]);
    const needles = values.q.split(/\s+/).map(searchable).filter(Boolean);
    if (needles.length) found.push((i) => needles.every((needle) => haystacks(i).includes(needle)));
    return found;
  }

  // The page

  const UNITS = { projects: "个项目", indicators: "项指标", results: "项结果" };
  const VIEWS = { projects: projectsView, indicators: indicatorsView, results: resultsView };
  const views = {};
  let index;
  let wanted;
  let current;
  let values = {};
  let opening = false;
  let turn = 0;
  let timer;

  // The parts that can hold what the fields ask for, and what they weigh: a part of the whole holds everything.
  const partsAsked = () =>
    index.parts.filter(({ region, year }) =>
      (!region || !fields.region.value || region === fields.region.value) &&
      (!year || !fields.year.value || year === Number(fields.year.value)));
  const weight = (parts, name) =>
    parts.reduce((sum, { kilobytes }) => sum + kilobytes[name] + (name === "indicators" ? kilobytes.projects : 0), 0);

  // Columns of several parts one after the other. Codes stand for places among the values of their part.
  function joinedCodes(columns) {
    const places = new Map();
    const of = columns.flatMap((column) => {
      const moved = column.values.map(([code, text]) => {
        if (!places.has(code)) places.set(code, [places.size, text]);
        return places.get(code)[0];
      });
      return column.of.map((cell) => (Array.isArray(cell) ? cell.map((one) => moved[one]) : cell === null ? null : moved[cell]));
    });
    return { values: [...places].map(([code, [, text]]) => [code, text]), of };
  }

  // Tables of several parts as one; `owners` is how many rows each part has of what `owner`, a column of places, points to.
  function joined(tables, owner, owners) {
    if (tables.length === 1) return tables[0];
    let before = 0;
    const starts = (owners ?? []).map((count) => (before += count) - count);
    const column = (name) => {
      const columns = tables.map((table) => table[name]);
      if (name === owner) return columns.flatMap((places, part) => places.map((place) => place + starts[part]));
      if (columns[0]?.of) return joinedCodes(columns);
      return Array.isArray(columns[0]) ? columns.flat() : joined(columns);
    };
    const names = Object.keys(tables[0] ?? {}).filter((name) => name !== "version");
    return Object.fromEntries(names.map((name) => [name, column(name)]));
  }

  async function tables(parts, name) {
    const found = await Promise.all(parts.map(({ path }) => load(path + name)));
    const other = found.findIndex(({ version }) => version !== index.version);
    if (other !== -1) throw new Error(`${parts[other].path}${name}.js 与 explore/index.js 不是同一次发布的`);
    return found;
  }

  async function view(name, parts) {
    const key = parts.map(({ path }) => path).join(" ");
    if (views[name]?.key !== key) {
      const [projects, rows] = await Promise.all([name === "results" ? [] : tables(parts, "projects"), tables(parts, name)]);
      const made = {
        projects: () => projectsView(joined(projects)),
        indicators: () => indicatorsView(joined(projects), joined(rows, "project", projects.map(({ id }) => id.length))),
        results: () => {
          const all = joined(rows, "sheet", rows.map(({ sheets }) => sheets.id.length));
          return resultsView(all, all);
        },
      }[name]();
      const cache = [];
      Object.assign(made, { key, name, haystacks: (i) => (cache[i] ??= made.haystack(i)), shown: new Uint8Array(made.rows).fill(1) });
      views[name] = made;
    }
    return views[name];
  }

  // What has to do with rows is there when they are; until then a place and a year are all that can be chosen.
  function offer(loaded) {
    fields.sort.closest("label").hidden = !loaded;
    for (const button of box.querySelectorAll("[data-download]")) button.hidden = !loaded;
    for (const label of box.querySelectorAll(".filters label")) {
      if (!loaded) label.hidden = !label.querySelector("[name=region], [name=year]");
      else if (!label.dataset.only) label.hidden = false;
    }
    if (loaded && !current) more.open = wide;
  }

  // More than is loaded unasked: how much it is, how to narrow it, and a way to have it all the same.
  function ask(parts, name, options) {
    const rows = parts.reduce((sum, part) => sum + part.rows[name], 0);
    const size = weight(parts, name) / 1000;
    const all = element("button", "copy", `全部载入（约 ${size < 10 ? size.toFixed(1) : Math.round(size)} MB）`);
    all.type = "button";
    all.addEventListener("click", () => show(name, { ...options, all: true }).catch(failed));
    place.replaceChildren(element("p", "", `这里有 ${number.format(rows)} ${UNITS[name]}，先在“更多筛选”里选一个地区或年度，表就会出来。`), element("p", "", all));
    status.textContent = `共 ${number.format(rows)} ${UNITS[name]}，还没有载入`;
    offer(false);
    more.open = true;
    current = undefined;
  }

  // Places in the order of pinyin, worked out once for each column and only if someone sorts by it.
  function ranks(column, rows) {
    if (!column.ranks) {
      const keys = Array.from({ length: rows }, (_, i) => column.key(i));
      const order = new Map([...new Set(keys)].sort(collator.compare).map((key, rank) => [key, rank]));
      column.ranks = keys.map((key) => order.get(key));
    }
    return column.ranks;
  }

  // The table of a view, not on the page before its rows are there: nothing that a reader sees moves.
  function prepare(chosen) {
    if (chosen.grid) return;
    const table = element("table", `t explore__${chosen.name}`, element("caption", "mz-off", `全部${chosen.title}`));
    chosen.holder = element("div", "", table);
    chosen.grid = new DataTable(table, {
      data: [],
      columns: chosen.columns.map((column) => ({
        data: 0,
        name: column.name,
        title: column.title,
        type: "num",
        cellType: column.heading ? "th" : "td",
        className: [column.right && "r", column.short && "num", !column.heading && !column.narrow && "wide"].filter(Boolean).join(" "),
        createdCell: column.heading ? (cell) => cell.setAttribute("scope", "row") : null,
        render: (i, type) => {
          if (type === "display") return node(column.show ? column.show(i) : column.key(i));
          if (type === "sort") return column.text ? ranks(column, chosen.rows)[i] : column.key(i);
          return i;
        },
      })),
      order: [],
      autoWidth: false,
      orderClasses: false,
      orderDescReverse: false,
      orderMulti: false,
      deferRender: true,
      pageLength: PAGE_LENGTH,
      layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null, bottom: { paging: { buttons: 5, firstLast: false } } },
      language: { ...LANGUAGE, ...(chosen.empty && { emptyTable: chosen.empty }) },
    });
    chosen.grid.search.fixed("filters", (_text, _row, i) => chosen.shown[i] === 1);
    // The rows come after the filters, so that the first rows drawn are those asked for and nothing is drawn twice.
    chosen.grid.rows.add(Array.from({ length: chosen.rows }, (_, i) => [i]));
    chosen.holder.querySelector("nav").setAttribute("aria-label", "翻页");
    chosen.grid.on("order.dt", () => remember(chosen));
    // The next page is read from its top, by those who see it and by those who do not.
    chosen.grid.on("page.dt", () => {
      remember(chosen);
      if (opening) return;
      place.setAttribute("aria-label", `第 ${chosen.grid.page() + 1} 页`);
      place.focus();
    });
  }

  const sortOf = ({ grid, columns }) => {
    const [[column, direction] = []] = grid.order();
    return column === undefined || !direction ? "" : `${direction === "desc" ? "-" : ""}${columns[column].name}`;
  };

  // The state as the address holds it.
  function remember(chosen) {
    fields.sort.value = sortOf(chosen);
    const url = new URL(location.href);
    const state = { ...values, view: chosen.name === "projects" ? "" : chosen.name, sort: sortOf(chosen), page: chosen.grid.page() ? chosen.grid.page() + 1 : "" };
    for (const [name, value] of Object.entries(state)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    history.replaceState(null, "", url);
  }

  function options(select, choices, all = "全部") {
    const { value } = select;
    select.replaceChildren(new Option(all, ""), ...choices.map(([code, text]) => new Option(text, code)));
    select.value = value;
    if (select.selectedIndex === -1) select.value = "";
  }

  // The place and the year are known before any rows are: they decide which are loaded.
  function fillPlaces() {
    options(fields.region, index.regions);
    options(fields.year, index.years.map((year) => [String(year), `${year} 年`]));
  }

  function fillChoices(chosen) {
    const { projects, table } = chosen;
    for (const name of ["sector", "form_type"]) options(fields[name], projects[name].values);
    options(fields.finding, [["any", "有值得核对的"], ...table.finding.values]);
    if (table.comparison) options(fields.comparison, table.comparison.values);
    if (table.attainment) options(fields.attainment, table.attainment.values);
    if (projects.judge) options(fields.judge, projects.judge.values);
    options(
      fields.sort,
      chosen.columns.flatMap(({ name, title, text }) => [
        [name, `${title}：${text ? "按拼音" : "从小到大"}`],
        [`-${name}`, `${title}：${text ? "按拼音倒排" : "从大到小"}`],
      ]),
      "原文件的顺序",
    );
    for (const part of form.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== chosen.name;
  }

  // The departments of the chosen region; all where none is chosen.
  function fillDepartments({ projects }) {
    const region = projects.region.values.findIndex(([code]) => code === fields.region.value);
    const present = new Set();
    projects.department.of.forEach((department, i) => {
      if (region === -1 || projects.region.of[i] === region) present.add(department);
    });
    options(fields.department, projects.department.values.filter((_, code) => present.has(code)));
  }

  // In three steps with a breath between, so that a slow phone can answer a finger; who asks anew ends the show.
  async function show(name, { sort = "", page: first = 0, all = false } = {}) {
    const mine = ++turn;
    wanted = name;
    for (const button of box.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    const parts = partsAsked();
    if (index.parts.length > 1 && !all && weight(parts, name) > index.most) return ask(parts, name, { sort, page: first });
    const chosen = await view(name, parts);
    for (const step of [fillChoices, prepare]) {
      if (mine !== turn) return;
      step(chosen);
      await breath();
    }
    if (mine !== turn) return;
    offer(true);
    current = chosen;
    const column = chosen.columns.findIndex((one) => one.name === sort.replace(/^-/, ""));
    if (column !== -1) chosen.grid.order([[column, sort.startsWith("-") ? "desc" : "asc"]]);
    filter(first);
    if (!place.contains(chosen.holder)) place.replaceChildren(chosen.holder);
  }

  function filter(first = 0) {
    clearTimeout(timer);
    if (!current) return;
    fillDepartments(current);
    values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
    delete values.sort;
    const asked = conditions(current, values);
    let count = 0;
    for (let i = 0; i < current.rows; i++) count += current.shown[i] = asked.every((condition) => condition(i)) ? 1 : 0;
    current.grid.draw();
    opening = true;
    if (first > 0 && first < current.grid.page.info().pages) current.grid.page(first).draw("page");
    opening = false;
    const every = number.format(index.parts.reduce((sum, { rows }) => sum + rows[current.name], 0));
    status.textContent = asked.length ? `${number.format(count)} ${UNITS[current.name]}（全部 ${every}）` : `共 ${every} ${UNITS[current.name]}`;
    clear.hidden = !asked.length;
    const chosen = Object.values(fields).filter((field) => field.tagName === "SELECT" && field.name !== "sort" && field.value);
    const names = chosen.map((field) => field.selectedOptions[0].text.replace(/（[\d,]+）$/, ""));
    box.querySelector("summary").textContent = names.length ? `筛选：${names.join("、")}` : "更多筛选";
    remember(current);
  }

  // Downloads

  const shownRows = () => current.grid.rows({ search: "applied", order: "applied" }).indexes().toArray();

  // As in the published CSV files: what a spreadsheet would run as a formula stands behind an apostrophe.
  function csvCell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const formula = /^\s*[=+\-@＝＋－＠]/.test(value) && !/^([=+\-@＝＋－＠]|[+-]?[0-9][0-9,.]*[%％]?)$/.test(value);
    const guarded = formula || /^'+\s*[=+\-@＝＋－＠]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  }

  const DOWNLOADS = {
    csv() {
      const lines = [current.download.map(([title]) => title), ...shownRows().map((i) => current.download.map(([, value]) => value(i)))];
      const text = lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n");
      return new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" });
    },
    async xlsx() {
      const writer = new URL("assets/vendor/write-excel-file/write-excel-file.min.js", root);
      if (!window.writeXlsxFile) {
        await new Promise((resolve, reject) => {
          const script = Object.assign(element("script"), { src: writer.href, onload: resolve, onerror: reject });
          document.head.append(script);
        });
      }
      // The type is given with each cell, so that no text can become a formula or a number.
      const cell = (value) => {
        if (value === null || value === undefined || value === "") return null;
        return typeof value === "number" ? { type: Number, value } : { type: String, value };
      };
      const rows = [
        current.download.map(([title]) => ({ type: String, value: title, fontWeight: "bold" })),
        ...shownRows().map((i) => current.download.map(([, value]) => cell(value(i)))),
      ];
      return window.writeXlsxFile(rows, { sheet: current.title, stickyRowsCount: 1, columns: current.download.map(() => ({ width: 18 })) }).toBlob();
    },
  };

  async function download(format) {
    const blob = await DOWNLOADS[format]();
    const anchor = Object.assign(element("a"), { href: URL.createObjectURL(blob), download: `mingzhang-${[current.name, ...Object.values(values).filter(Boolean)].join("-").replace(/[^\p{L}\p{N}.-]+/gu, "_")}.${format}` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
  }

  // Events

  const failed = (error) => {
    status.textContent = "数据没有载入，可能是网络断了，或者网站刚刚更新。请刷新页面再试。";
    console.error(error);
  };

  // Another place or year may lie in other parts.
  const narrow = () => show(wanted, { sort: fields.sort.value }).catch(failed);
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 150);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  // While a Chinese word is being composed the field holds its pinyin.
  form.addEventListener("input", (event) => event.target.tagName === "INPUT" && !event.isComposing && soon());
  form.addEventListener("compositionend", soon);
  form.addEventListener("change", ({ target }) => {
    if (target === fields.sort) {
      const column = current.columns.findIndex(({ name }) => name === target.value.replace(/^-/, ""));
      current.grid.order(column === -1 ? [] : [[column, target.value.startsWith("-") ? "desc" : "asc"]]).draw();
    } else if (target.name === "region" || target.name === "year") narrow();
    else if (target.tagName === "SELECT") filter();
  });
  clear.addEventListener("click", () => {
    for (const [name, field] of Object.entries(fields)) if (name !== "sort") field.value = "";
    narrow();
    fields.q.focus();
  });
  for (const button of box.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => show(button.dataset.view).catch(failed));
  }
  for (const button of box.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => {
      button.disabled = true;
      download(button.dataset.download).catch(failed).finally(() => (button.disabled = false));
    });
  }

  // A value from the address is put into its select before the choices are known; fillChoices keeps those that exist.
  async function open() {
    index = await load("explore/index");
    const asked = new URLSearchParams(location.search);
    for (const [name, field] of Object.entries(fields)) {
      const value = asked.get(name) ?? "";
      if (field.tagName === "SELECT" && value && ![...field.options].some((option) => option.value === value)) {
        field.append(new Option(value, value));
      }
      field.value = value;
    }
    fillPlaces();
    const sort = asked.get("sort") ?? "";
    await show(asked.get("view") in VIEWS ? asked.get("view") : "projects", { sort, page: Number(asked.get("page") ?? 1) - 1 });
  }

  open().catch(failed);
})();
