// Comfort only: every page is whole without this file.
(function () {
  "use strict";
  var root = document.documentElement;

  // Colour scheme: follow the system until the reader chooses; choosing what the system says forgets the choice.
  var button = document.querySelector("[data-scheme-switch]");
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function current() {
    return root.dataset.scheme || (system.matches ? "dark" : "light");
  }
  function label() {
    var dark = current() === "dark";
    button.textContent = dark ? "浅色" : "深色";
    button.setAttribute("aria-label", dark ? "换成浅色" : "换成深色");
  }
  if (button) {
    button.hidden = false;
    label();
    system.addEventListener("change", label);
    button.addEventListener("click", function () {
      var next = current() === "dark" ? "light" : "dark";
      try {
        if (next === (system.matches ? "dark" : "light")) {
          delete root.dataset.scheme;
          localStorage.removeItem("scheme");
        } else {
          root.dataset.scheme = next;
          localStorage.setItem("scheme", next);
        }
      } catch (error) {
        root.dataset.scheme = next;
      }
      label();
    });
  }

  // Copy buttons beside what is meant to be copied.
  document.querySelectorAll("[data-copy]").forEach(function (box) {
    if (!navigator.clipboard) return;
    var copy = document.createElement("button");
    copy.type = "button";
    copy.className = "copy";
    copy.textContent = "复制";
    copy.addEventListener("click", function () {
      var text = box.textContent.replace("[引用日期]", "[" + new Date().toISOString().slice(0, 10) + "]");
      navigator.clipboard.writeText(text).then(function () {
        copy.textContent = "已复制";
        window.setTimeout(function () { copy.textContent = "复制"; }, 2000);
      });
    });
    box.after(copy);
  });

  // A link to a line or finding inside a closed <details> opens it.
  function reveal() {
    var name = location.hash.slice(1);
    // What no text encodes to ("#%ED") names nothing here.
    try { name = decodeURIComponent(name); } catch (fault) { return; }
    var target = name && document.getElementById(name);
    var box = target && target.closest("details:not([open])");
    if (box) {
      box.open = true;
      target.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
