// Enhances pages that work without it: confirmation, drafts, clocks, palette, board, bulk acts.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function toast(text, kind = "") {
  const close = make("button", { class: "button bare small", type: "button" }, "Close");
  const node = make("div", { class: `toast ${kind}` }, make("span", {}, text), close);
  close.addEventListener("click", () => node.remove());
  $("#toasts").append(node);
  if (kind !== "bad") setTimeout(() => node.remove(), 6000);
}

// A form with data-confirm asks first. Without a script it posts at once.
function confirmFirst(form, submitter) {
  const yes = make("button", { class: `button ${submitter?.classList.contains("danger") ? "danger" : "primary"}`, value: "yes" }, submitter?.textContent.trim() || "Continue");
  const no = make("button", { class: "button", value: "no" }, "Cancel");
  const words = make("p", { id: "ask-words" }, form.dataset.confirm);
  const dialog = make("dialog", { "aria-labelledby": "ask-words" }, make("form", { method: "dialog", class: "stack" }, words, make("div", { class: "acts" }, yes, no)));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") { form.dataset.confirmed = "yes"; form.requestSubmit(submitter); }
    dialog.remove();
  });
  dialog.showModal();
  no.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && form.dataset.confirmed !== "yes") {
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmFirst(form, event.submitter);
    return;
  }
  delete form.dataset.confirmed;
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (form.method === "post" && button) {
    button.classList.add("busy");
    setTimeout(() => button.classList.remove("busy"), 8000);
  }
}, true);

// Theme: shown at once, kept by the server in a cookie.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]") || event.defaultPrevented) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const body = new FormData(form);
  body.set("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  $$("button", form).forEach((one) => { one.setAttribute("aria-pressed", String(one === event.submitter)); one.classList.remove("busy"); });
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => toast("The choice could not be kept.", "bad"));
});

// Drafts: a changed form with data-autosave posts itself there, at most every three seconds.
function autosave(form) {
  const mark = $("[data-saved]", form);
  let timer = 0;
  let unsaved = false;
  const say = (text) => { if (mark) mark.textContent = text; };
  async function save() {
    timer = 0;
    const body = new FormData(form);
    body.delete("idempotency_key"); // it belongs to the one real submission
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return say("Signed out: sign in again in another tab, then go on here.");
      if (!answer.ok) return say("Draft not saved yet");
      unsaved = Boolean(timer);
      if (answer.headers.get("content-type")?.includes("json")) {
        const { version } = await answer.json();
        if (version !== undefined && form.elements.version) form.elements.version.value = version;
      }
      say(`Draft saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`);
    } catch { say("No connection: draft not saved yet"); timer = setTimeout(save, 10000); }
  }
  form.addEventListener("input", () => { unsaved = true; if (!timer) timer = setTimeout(save, 3000); });
  form.addEventListener("submit", () => { clearTimeout(timer); unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

// Clocks: the same words as macros/clock.html, kept current.
function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
function tick() {
  for (const node of $$("time[data-due]")) {
    const left = (new Date(node.dateTime) - Date.now()) / 1000;
    node.textContent = left < 0 ? `${span(-left)} late` : `${span(left)} left`;
    node.classList.toggle("late", left < 0);
    node.classList.toggle("soon", left >= 0 && left < (node.dataset.soon || 24) * 3600);
  }
}

// Command palette: places from the navigation, then what the search finds.
function palette() {
  const input = make("input", { type: "text", placeholder: "Go to or search", "aria-label": "Go to or search", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", autocomplete: "off" });
  const list = make("ul", { id: "palette-list", role: "listbox", "aria-label": "Places and results" });
  const dialog = make("dialog", { class: "palette", "aria-label": "Command palette" }, input, list);
  const places = $$(".side .nav a").map((a) => ({ label: a.firstChild?.nextSibling?.textContent.trim() || a.textContent.trim(), url: a.href, group: a.closest("section").querySelector("h2")?.textContent || "" }));
  const acts = $$(".title-line .acts a.button").map((a) => ({ label: a.textContent.trim(), url: a.href, group: "This page" }));
  const source = $(".find")?.dataset.results;
  let at = 0, turn = 0;
  const options = () => $$("li", list);
  function mark(to) {
    at = Math.max(0, Math.min(to, options().length - 1));
    options().forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
    const chosen = options()[at];
    if (chosen) { input.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
  }
  function show(entries) {
    list.replaceChildren(...entries.map((entry, i) => make("li", { role: "option", id: `palette-${i}` }, make("a", { href: entry.url, tabindex: "-1" }, entry.label, make("span", {}, entry.group)))));
    mark(0);
  }
  async function refresh() {
    const words = input.value.trim().toLowerCase();
    const mine = ++turn;
    const near = [...acts, ...places].filter((one) => one.label.toLowerCase().includes(words));
    show(near);
    if (words.length < 2 || !source) return;
    const answer = await fetch(`${source}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || mine !== turn) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const links = $$("a[href]", found).slice(0, 12).map((a) => ({ label: a.textContent.trim().replace(/\s+/g, " "), url: a.getAttribute("href"), group: a.dataset.kind || "Found" }));
    show([...near, ...links, { label: `Search for “${input.value}”`, url: `${$(".find").action}?q=${encodeURIComponent(input.value)}`, group: "" }]);
  }
  input.addEventListener("input", refresh);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); mark(at + step); }
    if (event.key === "Enter") { event.preventDefault(); $("a", options()[at] || list)?.click(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return () => { input.value = ""; dialog.showModal(); refresh(); };
}

function keys() {
  const rows = [["Ctrl K", "Go anywhere"], ["/", "Search"], ["j / k", "Next and previous row of a table"], ["?", "These keys"], ["Esc", "Close"]];
  const list = make("dl", { class: "keys" });
  for (const [key, text] of rows) list.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, text));
  const dialog = make("dialog", { "aria-labelledby": "keys-title" }, make("h2", { id: "keys-title" }, "Keys"), list, make("form", { method: "dialog" }, make("button", { class: "button" }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

let openPalette = null;
function stepRow(by) {
  const links = $$("main table tbody tr td a, main table tbody tr th a").filter((a, i, all) => all.findIndex((b) => b.closest("tr") === a.closest("tr")) === i);
  const here = links.findIndex((a) => a.closest("tr") === document.activeElement?.closest("tr"));
  links[Math.max(0, Math.min(here + by, links.length - 1))]?.focus();
}
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && $(".frame")) {
    event.preventDefault();
    openPalette ??= palette();
    return openPalette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable]")) return;
  if (event.key === "/" && $("#find")) { event.preventDefault(); $("#find").focus(); }
  if (event.key === "?") keys();
  if (event.key === "j") stepRow(1);
  if (event.key === "k") stepRow(-1);
});

// Open menus close on Esc and on a click elsewhere.
document.addEventListener("click", (event) => $$("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") $$("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); }); });

// A row with data-href opens on a click that hits no control of its own.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, select") && !getSelection().toString()) location.href = row.dataset.href;
});

// Bulk acts: how many are ticked; the box in the head ticks all.
function bulk(bar) {
  const form = document.getElementById(bar.dataset.bulk);
  const boxes = () => $$(`input[type=checkbox][form="${bar.dataset.bulk}"], #${bar.dataset.bulk} tbody input[type=checkbox]`).filter((box) => !box.matches("[data-all]"));
  const count = () => {
    const n = boxes().filter((box) => box.checked).length;
    $("[data-picked]", bar).textContent = `${n} selected`;
    bar.hidden = !n;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    count();
  });
  if (form || boxes().length) count();
}

// Board: dragging a card picks the column in its move form and sends it.
async function board(root) {
  await import("../vendor/sortable.min.js");
  root.classList.add("live");
  for (const column of $$("[data-column]", root)) {
    globalThis.Sortable.create(column, {
      group: "board", animation: 120, ghostClass: "ghost", filter: "form, button, select", preventOnFilter: false, sort: false,
      delay: 150, delayOnTouchOnly: true,
      onEnd({ item, to, from }) {
        const form = $("form[data-move]", item);
        const choice = form && [...$("select", form).options].find((one) => one.value === to.dataset.column);
        if (to === from) return;
        if (!choice) { from.append(item); return toast("This card cannot move there.", "bad"); }
        choice.selected = true;
        form.requestSubmit();
      },
    });
  }
}

// On a phone the rows of a wide table are cards, whose cells say what they are. Roles stay as they are
// in a table, which the style would take away. A table of mostly numbers is read by column, and scrolls.
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

function cards(table) {
  const parts = [table.tHead, ...table.tBodies, table.tFoot].filter(Boolean); // not those of tables inside
  const rows = parts.flatMap((part) => [...part.rows]);
  const heads = [...(table.tHead?.rows ?? [])].at(-1)?.cells ?? [];
  if (heads.length < 4 || [...heads].filter((head) => head.classList.contains("num")).length * 10 > heads.length * 7) return;
  for (const node of [table, ...parts, ...rows, ...rows.flatMap((row) => [...row.cells])]) {
    node.setAttribute("role", ROLES[node.tagName] ?? (node.scope === "row" ? "rowheader" : "columnheader"));
  }
  for (const row of rows.filter((one) => one.parentNode !== table.tHead && one.cells.length === heads.length)) {
    [...row.cells].slice(1).forEach((cell, at) => {
      const name = $(".hidden-label", heads[at + 1]) ? "" : heads[at + 1].textContent.trim();
      if (name) cell.dataset.label = name;
    });
  }
  table.classList.add("cards");
}

function enhance(root) {
  $$(".table-wrap > .table", root).forEach(cards);
  $$("form[data-autosave]", root).forEach(autosave);
  $$("[data-bulk]", root).forEach(bulk);
  $$("[data-board]", root).forEach((one) => { if ($("form[data-move]", one)) board(one); });
  $(".summary-errors", root)?.focus();
}

enhance(document);
tick();
setInterval(tick, 30000);
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) { enhance(event.detail.elt); tick(); } });
document.addEventListener("htmx:responseError", (event) => toast(`This did not work (${event.detail.xhr.status}). Nothing was changed.`, "bad"));
document.addEventListener("htmx:sendError", () => toast("No connection. Nothing was changed.", "bad"));
