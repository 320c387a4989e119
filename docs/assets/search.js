// /search/: finds phrases in the index that builder/site/search.py wrote (its layout is described there) and shows them.
(() => {
  "use strict";

  const { load, searchable, page } = window.mingzhang;
  const DATA = "search/data/";
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  const ZONES = ["name", "context", "indicators", "asked", "basis", "text"];
  const INDICATORS = ZONES.indexOf("indicators");
  const ZONE_NAMES = { context: "另见", indicators: "指标", asked: "主题", basis: "立项依据", text: "" };
  const INDICATOR_KIND = "指标";
  const MOST_RUNS = 12;
  const PROJECT = "项目";
  const OURS = "网站说明";
  const THEME = "主题";

  const part = async (name) => load(`${DATA}${(await head()).version}/${name}`);
  let headPromise;
  const head = () => (headPromise ??= load(`${DATA}head`).then(prepare, forget));

  function prepare(content) {
    for (const facet of Object.values(content.facets)) facet.of = numbers(facet.of);
    return content;
  }

  function forget(error) {
    headPromise = undefined;
    throw error;
  }

  // Digits of five bits, the lowest first, as written by builder/site/search.py.
  function numbers(text) {
    const found = [];
    let value = 0;
    let scale = 1;
    for (const character of text) {
      const digit = DIGITS.indexOf(character);
      value += (digit & 31) * scale;
      scale *= 32;
      if (digit < 32) {
        found.push(value);
        value = 0;
        scale = 1;
      }
    }
    return found;
  }

  function places(text) {
    let last = 0;
    return numbers(text).map((difference) => (last += difference));
  }

  // The last pair file whose first pair is not greater than the given one.
  function fileOf(pairs, pair) {
    let low = 0;
    let high = pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[middle] <= pair) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }

  const pairFile = (number) => part(`pairs/${String(number).padStart(4, "0")}`);

  async function pairPlaces(pair) {
    const file = await pairFile(fileOf((await head()).pairs, pair));
    return pair in file ? places(file[pair]) : [];
  }

  // Wherever one character stands, alone at the end of a text or before any other.
  async function characterPlaces(character) {
    const { pairs } = await head();
    const numbersOfFiles = [];
    for (let file = fileOf(pairs, character); file <= fileOf(pairs, `${character}\uffff`); file++) numbersOfFiles.push(file);
    const files = await Promise.all(numbersOfFiles.map(pairFile));
    return files
      .flatMap((file) => Object.keys(file).filter((pair) => pair.startsWith(character)).flatMap((pair) => places(file[pair])))
      .sort((a, b) => a - b);
  }

  // The places where a phrase begins: where all its pairs stand side by side.
  async function phrasePlaces(phrase) {
    const characters = [...phrase];
    if (characters.length === 1) return characterPlaces(phrase);
    const offsets = [];
    for (let offset = 0; offset < characters.length - 1; offset += 2) offsets.push(offset);
    if (characters.length % 2) offsets.push(characters.length - 2);
    const lists = await Promise.all(
      offsets.map(async (offset) => {
        const found = await pairPlaces(characters[offset] + characters[offset + 1]);
        return found.map((place) => place - offset);
      }),
    );
    lists.sort((a, b) => a.length - b.length);
    return lists.reduce((left, right) => {
      const known = new Set(right);
      return left.filter((place) => known.has(place));
    });
  }

  // Of phrases one of which finds all that another finds, only the former.
  const widest = (phrases) => {
    const distinct = [...new Set(phrases)];
    return distinct.filter((text) => !distinct.some((other) => other !== text && text.includes(other)));
  };

  // The phrase cut at the words that have aliases, the longest first: 万盛教育局 → 万盛, 教育局. Single characters that
  // are left over say too little to search for.
  function pieces(phrase, aliases) {
    const words = aliases.flat().filter((word) => phrase.includes(word));
    const word = words.sort((a, b) => b.length - a.length)[0];
    if (!word) return phrase.length > 1 ? [phrase] : [];
    const at = phrase.indexOf(word);
    return [...pieces(phrase.slice(0, at), aliases), word, ...pieces(phrase.slice(at + word.length), aliases)];
  }

  // entry → how well the term fits (0 the name begins with it, 1 it stands in the name, then zone by zone) and where.
  async function phraseHits(phrases) {
    const { bases, stride } = await head();
    const hits = new Map();
    for (const found of await Promise.all(phrases.map(phrasePlaces))) {
      for (const place of found) {
        const offset = place % stride;
        const entry = (place - offset) / stride;
        let zone = ZONES.length - 1;
        while (bases[zone] > offset) zone--;
        const rank = offset === 0 ? 0 : zone + 1;
        const hit = hits.get(entry);
        if (!hit) hits.set(entry, { rank, zones: 1 << zone });
        else {
          hit.rank = Math.min(hit.rank, rank);
          hit.zones |= 1 << zone;
        }
      }
    }
    return hits;
  }

  // What a term stands for: a word with aliases for all of them. A longer phrase is taken as typed, and only where that
  // is found nowhere by its pieces, so that a whole name costs no more than its own pairs.
  async function termHits(term) {
    const { aliases } = await head();
    const find = async (text) => {
      const phrases = widest([text, ...aliases.filter((group) => group.includes(text)).flat()]);
      return { phrases, hits: await phraseHits(phrases) };
    };
    const whole = await find(term);
    const parts = whole.hits.size ? [] : pieces(term, aliases);
    return parts.length > 1 ? Promise.all(parts.map(find)) : [whole];
  }

  // All entries that hold every term of the query, the best first.
  // filters: facet → value. The counts of a facet heed all filters but its own.
  async function search(query, filters = {}) {
    const { facets } = await head();
    const typed = [...new Set(query.split(/\s+/).map(searchable).filter(Boolean))];
    const terms = (await Promise.all(typed.map(termHits))).flat();
    const kindOf = (entry) => facets.kind.values[facets.kind.of[entry]];
    const hits = [];
    for (const entry of terms[0]?.hits.keys() ?? []) {
      const found = terms.map((term) => term.hits.get(entry));
      if (found.every(Boolean)) {
        const rank = found.reduce((sum, one) => sum + one.rank, 0);
        const zones = found.reduce((sum, one) => sum + ZONES.filter((_, zone) => (one.zones >> zone) & 1).length, 0);
        hits.push({ entry, rank, zones, documents: kindOf(entry) !== OURS, inIndicators: kindOf(entry) === PROJECT && found.some((one) => (one.zones >> INDICATORS) & 1) });
      }
    }
    // What the site says of itself comes after what the documents say; of a kind, what says it in more places is first.
    const place = (hit) => facets.kind.of[hit.entry];
    const ours = (hit) => Number(!hit.documents);
    hits.sort((a, b) => ours(a) - ours(b) || a.rank - b.rank || place(a) - place(b) || b.zones - a.zones || a.entry - b.entry);
    const chosen = Object.entries(filters).filter(([, value]) => value);
    const valuesOf = (hit, facet) => {
      const value = facets[facet].values[facets[facet].of[hit.entry]];
      return facet === "kind" && hit.inIndicators ? [value, INDICATOR_KIND] : [value];
    };
    const passes = (hit, except) =>
      chosen.every(([facet, value]) => facet === except || valuesOf(hit, facet).includes(value));
    const counts = {};
    for (const facet of Object.keys(facets)) {
      counts[facet] = {};
      for (const hit of hits) {
        if (passes(hit, facet)) for (const value of valuesOf(hit, facet)) counts[facet][value] = (counts[facet][value] ?? 0) + 1;
      }
    }
    return { hits: hits.filter((hit) => passes(hit)), counts, typed, phrases: terms.flatMap((term) => term.phrases), terms: terms.map((term) => term.phrases) };
  }

  // Of a query that finds nothing: its runs of two characters that do find something, the rarest first.
  async function partsOf(typed) {
    const { facets } = await head();
    const runs = new Set();
    for (const term of typed) {
      const characters = [...term];
      for (let at = 0; at < Math.min(characters.length - 1, MOST_RUNS); at++) runs.add(characters[at] + characters[at + 1]);
    }
    const counted = await Promise.all(
      [...runs].map(async (run) => {
        const { hits } = await search(run);
        return [run, hits.filter((hit) => facets.kind.values[facets.kind.of[hit.entry]] !== OURS).length];
      }),
    );
    return counted.filter(([, count]) => count).sort((a, b) => a[1] - b[1]).slice(0, MOST_PARTS);
  }

  // What a result shows.
  async function entry(number) {
    const { entriesPerFile, facets } = await head();
    const file = await part(`entries/${String(Math.floor(number / entriesPerFile)).padStart(4, "0")}`);
    const [path, name, money, context, indicators, asked, basis, text] = file[number % entriesPerFile];
    const kind = facets.kind.values[facets.kind.of[number]];
    return { path, name, money, kind, context, indicators, asked, basis, text };
  }

  Object.assign(window.mingzhang, { search, entry });

  // The page

  const PAGE_SIZE = 10;
  const SHOWN_CONTEXT = 3;
  const MOST_PARTS = 5;
  const SNIPPET_BEFORE = 20;
  const SNIPPET_LENGTH = 90;

  const box = document.querySelector("[data-search]");
  if (!box) return;
  const form = box.querySelector("form");
  const input = form.elements.q;
  const status = box.querySelector("[data-search-status]");
  const list = box.querySelector("[data-search-results]");
  const more = box.querySelector("[data-search-more]");
  const table = box.querySelector("[data-search-table]");
  const selects = [...form.querySelectorAll("select")];
  const title = document.title;

  let latest = 0;
  let current = { hits: [], phrases: [] };
  let shown = 0;
  let timer;

  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  };

  // The ranges of the text, in its own characters, where one of the folded phrases stands.
  function ranges(text, phrases) {
    let folded = "";
    const origin = [];
    let position = 0;
    for (const character of text) {
      const kept = searchable(character);
      for (let unit = 0; unit < kept.length; unit++) origin.push([position, position + character.length]);
      folded += kept;
      position += character.length;
    }
    const found = [];
    for (const phrase of phrases) {
      for (let at = folded.indexOf(phrase); at !== -1; at = folded.indexOf(phrase, at + phrase.length)) {
        found.push([origin[at][0], origin[at + phrase.length - 1][1]]);
      }
    }
    return found.sort((a, b) => a[0] - b[0]);
  }

  // Where a long text is cut: around the first of the phrases.
  function shownPart(text, phrases) {
    const [first] = ranges(text, phrases);
    const start = first ? Math.max(0, first[0] - SNIPPET_BEFORE) : 0;
    return [start, Math.min(text.length, start + SNIPPET_LENGTH)];
  }

  // The text, or what of it is shown, with the phrases marked.
  function marked(text, phrases, [start, end] = [0, text.length]) {
    const found = ranges(text, phrases);
    const nodes = [start > 0 ? "…" : ""];
    let position = start;
    for (const [from, to] of found) {
      if (from < position || to > end) continue;
      nodes.push(text.slice(position, from), element("mark", "", text.slice(from, to)));
      position = to;
    }
    nodes.push(text.slice(position, end), end < text.length ? "…" : "");
    return nodes;
  }

  // For each term that a result does not show anyway the first text in which it stands; where all are shown, the first
  // text there is, which is the promise of a project.
  function snippets(found, terms, shownTexts) {
    const zones = { text: found.text, indicators: found.indicators, basis: found.basis, asked: found.asked, context: found.context.slice(SHOWN_CONTEXT) };
    const pieces = found.kind === PROJECT && found.text[0] ? [{ zone: "text", text: found.text[0], phrases: [] }] : [];
    const stands = (texts, phrases) => texts.find((candidate) => ranges(candidate, phrases).length);
    for (const phrases of terms) {
      const seen = pieces.map((piece) => piece.text.slice(...shownPart(piece.text, piece.phrases)));
      if (stands([...shownTexts, ...seen], phrases)) continue;
      for (const [zone, texts] of Object.entries(zones)) {
        const text = stands(texts, phrases);
        if (text) {
          pieces.push({ zone, text, phrases });
          break;
        }
      }
    }
    if (!pieces.length) pieces.push({ zone: "text", text: found.text.find(Boolean) ?? "", phrases: [] });
    return pieces;
  }

  async function result(hit) {
    const found = await entry(hit.entry);
    const { phrases, terms } = current;
    const named = ranges(found.name, phrases).length > 0;
    const asIndicator = hit.inIndicators && (form.elements.kind.value === INDICATOR_KIND || !named);
    const indicator = asIndicator ? found.indicators.find((text) => ranges(text, phrases).length) : "";
    const link = element("a", "", ...marked(indicator || found.name, phrases));
    link.href = page(asIndicator ? `${found.path}#indicators` : found.path);
    const facts = [asIndicator && found.name, ...found.context.slice(0, SHOWN_CONTEXT), found.money && `预算 ${found.money}`];
    const item = element(
      "li",
      "hit",
      element("h2", "", element("span", "badge", asIndicator ? INDICATOR_KIND : found.kind), " ", link),
      element("p", "hit__facts", ...marked(facts.filter(Boolean).join(" · "), phrases)),
    );
    const shownTexts = [found.name, indicator, ...found.context.slice(0, SHOWN_CONTEXT)];
    for (const piece of snippets(found, terms, shownTexts)) {
      if (!piece.text) continue;
      const label = ZONE_NAMES[piece.zone];
      item.append(element("p", "", label ? element("b", "", `${label}：`) : "", ...marked(piece.text, phrases, shownPart(piece.text, piece.phrases))));
    }
    return item;
  }

  async function showMore(focus) {
    const wanted = latest;
    const next = current.hits.slice(shown, shown + PAGE_SIZE);
    const items = await Promise.all(next.map(result));
    if (wanted !== latest) return;
    list.append(...items);
    shown += items.length;
    more.hidden = shown >= current.hits.length;
    more.textContent = `再显示 ${Math.min(PAGE_SIZE, current.hits.length - shown)} 条（共 ${current.hits.length} 条）`;
    if (focus) items[0]?.querySelector("a").focus();
  }

  // The choices of each filter with what they would leave; a choice once made stays, even where it leaves nothing.
  async function fillFilters(counts) {
    const { facets } = await head();
    for (const select of selects) {
      const chosen = select.value || select.dataset.chosen || "";
      const values = [...facets[select.name].values, ...(select.name === "kind" ? [INDICATOR_KIND] : [])];
      const options = values
        .filter((value) => value && (counts[select.name]?.[value] || value === chosen))
        .map((value) => new Option(`${value}（${counts[select.name]?.[value] ?? 0}）`, value));
      select.replaceChildren(new Option("全部", ""), ...options);
      select.value = chosen;
      delete select.dataset.chosen;
    }
  }

  function address() {
    const url = new URL(location.href);
    for (const { name, value } of [input, ...selects]) {
      if (value.trim()) url.searchParams.set(name, value.trim());
      else url.searchParams.delete(name);
    }
    return url;
  }

  function searchLink(words, count) {
    const link = element("a", "", `${words}（${count}）`);
    link.href = page(`search/?q=${encodeURIComponent(words)}`);
    return link;
  }

  // With nothing typed: the themes, one of which may be what is looked for.
  async function topics() {
    const { facets } = await head();
    const theme = facets.kind.values.indexOf(THEME);
    const found = await Promise.all(facets.kind.of.flatMap((kind, number) => (kind === theme ? [entry(number)] : [])));
    return found.map(({ path, name }) => {
      const link = element("a", "", name);
      link.href = page(path);
      return link;
    });
  }

  function english() {
    const link = element("a", "", "English: about these data");
    link.href = page("en/");
    link.lang = "en";
    return link;
  }

  function summary(query, { hits, typed, phrases }) {
    const also = phrases.filter((phrase) => !typed.includes(phrase));
    const count = hits.length ? `“${query}”：找到 ${hits.length} 条` : `没有找到“${query}”。可以少打几个字，用空格隔开几个词，或者放宽筛选。`;
    return also.length ? `${count}（也查了 ${also.join("、")}）` : count;
  }

  function failed(error) {
    status.textContent = "搜索数据没有载入，可能是网络断了，或者网站刚刚更新。请刷新页面再试，或者到“浏览全部数据”里筛选。";
    table.hidden = false;
    console.error(error);
  }

  async function run() {
    clearTimeout(timer);
    const wanted = ++latest;
    const query = input.value.trim();
    const filters = Object.fromEntries(selects.map(({ name, value, dataset }) => [name, value || dataset.chosen]));
    try {
      const found = await search(query, filters);
      if (wanted !== latest) return;
      current = found;
      shown = 0;
      await fillFilters(found.counts);
      list.replaceChildren();
      await showMore(false);
      if (wanted !== latest) return;
      history.replaceState(null, "", address());
      document.title = query ? `${query} - ${title}` : title;
      status.textContent = query ? summary(query, found) : "";
      if (!query) {
        const links = await topics();
        if (wanted !== latest) return;
        if (links.length) status.append("按生活里的事找：", element("span", "chips", ...links));
      } else if (/^[a-z]{4,}( [a-z]+)*$/i.test(query) && !found.hits.some(({ documents }) => documents)) status.append(" ", english());
      if (query && !found.hits.length) {
        const parts = await partsOf(found.typed);
        if (wanted !== latest) return;
        if (parts.length) status.append(" 拆开来找：", ...parts.flatMap(([run, count]) => [searchLink(run, count), "　"]));
      }
      table.hidden = !query;
      table.querySelector("a").href = page(`explore/?q=${encodeURIComponent(query)}`);
    } catch (error) {
      if (wanted === latest) failed(error);
    }
  }

  function readAddress() {
    const parameters = new URLSearchParams(location.search);
    input.value = parameters.get("q") ?? "";
    for (const select of selects) {
      select.replaceChildren(new Option("全部", ""));
      select.dataset.chosen = parameters.get(select.name) ?? "";
    }
    // What narrows the search is seen; on a phone nothing else stands before the results.
    if (selects.some((select) => select.dataset.chosen)) form.querySelector("details").open = true;
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(run, 200);
  };
  // While a Chinese word is being composed the field holds its pinyin.
  input.addEventListener("input", (event) => event.isComposing || soon());
  input.addEventListener("compositionend", soon);
  form.addEventListener("change", (event) => event.target !== input && run());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  // Taken twice before the first has arrived, the same results would stand twice and the next ones not at all.
  more.addEventListener("click", async () => {
    more.disabled = true;
    await showMore(true).catch(failed);
    more.disabled = false;
  });
  readAddress();
  run();
  if (!input.value) input.focus();
})();
