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
    var names = button.dataset.schemeSwitch.split(",");
    var next = current() === "dark" ? 0 : 1;
    button.textContent = names[next];
    button.setAttribute("aria-label", names[next + 2]);
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

  // What is folded for a phone stands open where there is room.
  if (window.matchMedia("(min-width: 60rem)").matches) {
    document.querySelectorAll("details[data-wide]").forEach(function (box) { box.open = true; });
  }

  // A list of projects regroups by what each bears; as it comes it is by amount.
  var kinds = { "": "按金额", theme: "按主题", department: "按部门", sector: "按领域" };
  document.querySelectorAll("[data-regroup]").forEach(function (list) {
    var items = Array.from(list.querySelectorAll("li"));
    if (items.length < 4) return;
    var box = document.createElement("div");
    var groups = document.createElement("div");
    box.className = "chips noprint";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "项目怎么排");
    list.before(box);
    list.after(groups);
    function show(kind) {
      Array.from(box.children).forEach(function (chip) {
        chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind));
      });
      list.hidden = Boolean(kind);
      var names = new Map();
      if (kind) {
        items.forEach(function (item) {
          (item.dataset[kind] || "其他").split("|").forEach(function (name) {
            if (!names.has(name)) names.set(name, []);
            names.get(name).push(item.cloneNode(true));
          });
        });
      }
      groups.replaceChildren();
      Array.from(names).sort(function (a, b) { return b[1].length - a[1].length; }).forEach(function (entry) {
        var head = document.createElement("h4");
        var part = document.createElement("ol");
        head.textContent = entry[0] + "　" + entry[1].length + " 项";
        part.className = "promises";
        part.append.apply(part, entry[1]);
        groups.append(head, part);
      });
    }
    Object.keys(kinds).forEach(function (kind) {
      var chip = document.createElement("button");
      chip.type = "button";
      chip.dataset.kind = kind;
      chip.textContent = kinds[kind];
      chip.addEventListener("click", function () { show(kind); });
      box.append(chip);
    });
    show("");
  });

  // A link to a line or finding inside a closed <details> opens it.
  function reveal() {
    var name = location.hash.slice(1);
    // What no text encodes to ("#%ED") names nothing here.
    try { name = decodeURIComponent(name); } catch (fault) { return; }
    var target = name && document.getElementById(name);
    // A line of another page, to which its number leads.
    if (target && target.matches(".later a")) {
      location.replace(target.href);
      return;
    }
    var box = target && target.closest("details:not([open])");
    if (box) {
      box.open = true;
      target.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
