// SQL over the database of the downloads, in the browser. Nothing is loaded before the reader asks; then a worker, which a
// button can stop, holds SQLite (sql.js) and the file. The worker is a blob made of the functions themselves, and a page
// that was opened from a disk, which may fetch nothing, asks for the file: so both work without a server.
(() => {
  "use strict";

  const app = document.querySelector("[data-query]");
  const find = (name) => app.querySelector(`[data-query-${name}]`);
  const [form, ready, file, stop, save, status, result] = ["form", "ready", "file", "stop", "save", "status", "result"].map(find);
  const onDisk = mingzhang.root.protocol === "file:";
  const SHOWN = 200;
  const text = Object.assign(document.createElement("textarea"), { name: "sql", rows: 10, spellcheck: false, autocapitalize: "off" });
  text.style.cssText = "display: block; box-sizing: border-box; width: 100%; font-family: var(--mono)";
  find("sql").append(text);
  let worker, answer;

  // Runs in the worker: answers a database with "ready", and SQL with the columns and rows of its last statement.
  function serve(most) {
    let base;
    onmessage = async ({ data }) => {
      try {
        if (data.bytes) {
          const { Database } = await initSqlJs();
          base = new Database(new Uint8Array(data.bytes));
          base.exec("SELECT count(*) FROM sqlite_master");
          postMessage({ ready: true });
          return;
        }
        let columns = [], rows = [], more = false;
        for (const statement of base.iterateStatements(data.sql)) {
          columns = statement.getColumnNames();
          rows = [];
          while ((more = statement.step()) && rows.length < most) rows.push(statement.get());
        }
        postMessage({ columns, rows, more });
      } catch (error) {
        postMessage({ error: error.message });
      }
    };
  }

  const script = (path) => new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: new URL(path, mingzhang.root) });
    element.onload = resolve;
    element.onerror = () => reject(new Error("查询程序没有载入"));
    document.head.append(element);
  });

  async function download(path) {
    const response = await fetch(new URL(path, mingzhang.root));
    if (!response.ok) throw new Error(`数据库没有载入（${response.status}）`);
    const parts = [];
    let size = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts).arrayBuffer();
      parts.push(value);
      size += value.length;
      status.textContent = `正在下载数据库：${(size / 1e6).toFixed(1)} MB`;
    }
  }

  const asked = (message, transfer) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message || "查询程序停了"));
    worker.stopped = () => reject(new Error("已停止"));
    worker.postMessage(message, transfer);
  });

  async function start() {
    if (worker) return;
    if (onDisk && !file.files.length) throw new Error("请先选下载的数据库文件，在解压的文件夹的 data 里");
    status.textContent = "正在载入查询程序";
    if (!window.initSqlJs) await script("assets/vendor/sql.js/sql-wasm-inline.js");
    const bytes = await (onDisk ? file.files[0].arrayBuffer() : download(app.dataset.query));
    const code = `let initSqlJsPromise; const initSqlJs = ${initSqlJs}; (${serve})(100000);`;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    worker = new Worker(address);
    URL.revokeObjectURL(address);
    try {
      await asked({ bytes }, [bytes]);
    } catch (error) {
      end();
      throw new Error(`打不开这个数据库：${error.message}`);
    }
  }

  function end() {
    worker?.terminate();
    worker?.stopped?.();
    worker = undefined;
  }

  function show({ columns, rows, more }) {
    const cell = (kind, value) => {
      const element = document.createElement(kind);
      element.textContent = value instanceof Uint8Array ? `${value.length} 字节` : (value ?? "");
      if (typeof value === "number") element.className = "num";
      if (kind === "th") element.scope = "col";
      return element;
    };
    const row = (kind, values) => {
      const element = document.createElement("tr");
      element.append(...values.map((value) => cell(kind, value)));
      return element;
    };
    const table = document.createElement("table");
    table.className = "t";
    table.createTHead().append(row("th", columns));
    table.createTBody().append(...rows.slice(0, SHOWN).map((values) => row("td", values)));
    result.replaceChildren(table);
    const all = `${rows.length.toLocaleString("zh")} 行${more ? "以上" : ""}`;
    status.textContent = rows.length > SHOWN ? `${all}，这里是前 ${SHOWN} 行；其余在下载的 CSV 里` : all;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements.run.disabled = true;
    stop.hidden = false;
    save.hidden = true;
    try {
      await start();
      status.textContent = "正在查询";
      answer = await asked({ sql: text.value });
      show(answer);
      save.hidden = !answer.columns.length;
    } catch (error) {
      result.replaceChildren();
      status.textContent = `没有查成：${error.message}`;
    }
    form.elements.run.disabled = false;
    stop.hidden = true;
  });

  stop.addEventListener("click", end);
  file.addEventListener("change", end);
  ready.addEventListener("change", () => { text.value = ready.value; });

  save.addEventListener("click", () => {
    // A cell that a spreadsheet would run as a formula gets an apostrophe, as in the CSVs of the downloads.
    const guarded = (value) => (typeof value === "string" && /^\s*[=+\-@＝＋－＠]./.test(value) ? `'${value}` : value);
    const csv = [answer.columns, ...answer.rows]
      .map((row) => row.map((value) => `"${String(guarded(value) ?? "").replaceAll('"', '""')}"`).join(","))
      .join("\n");
    const address = URL.createObjectURL(new Blob(["\ufeff", csv, "\n"], { type: "text/csv" }));
    Object.assign(document.createElement("a"), { href: address, download: "mingzhang-query.csv" }).click();
    URL.revokeObjectURL(address);
  });

  // A ready question may be named in the address: #satisfaction
  const named = () => {
    const option = [...ready.options].find((one) => one.dataset.id === location.hash.slice(1));
    if (option) option.selected = true;
    text.value = ready.value;
  };
  addEventListener("hashchange", named);
  find("disk").hidden = !onDisk;
  named();
})();
