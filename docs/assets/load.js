// What the search and the table of all data share: how data reaches the page, and how two spellings compare.
// Data come as scripts that call mingzhang(name, value): unlike fetched files they also load in a page that was
// opened from a disk. All addresses are relative to this script, so the site may lie below any path.
(() => {
  "use strict";

  const root = new URL("../", document.currentScript.src);
  const loading = new Map();

  window.mingzhang = (name, value) => loading.get(name).resolve(value);

  Object.assign(window.mingzhang, {
    root,

    // The value that the script of this name hands over; asked for again after a failure, and only then.
    load(name) {
      if (!loading.has(name)) {
        const entry = {};
        entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
        loading.set(name, entry);
        const script = document.createElement("script");
        script.src = new URL(`${name}.js`, root);
        script.onload = () => script.remove();
        script.onerror = () => {
          script.remove();
          loading.delete(name);
          entry.reject(new Error(`${script.src} 没有载入`));
        };
        document.head.append(script);
      }
      return loading.get(name).promise;
    },

    // Letters and digits alone, full and half width and upper and lower case alike; builder/site/search.py folds so too.
    searchable(text) {
      return text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
    },

    // A page opened from a disk has no server that would find index.html in a folder.
    page(path) {
      return new URL(root.protocol === "file:" ? path.replace(/\/(?=#|\?|$)/, "/index.html") : path, root).href;
    },
  });
})();
