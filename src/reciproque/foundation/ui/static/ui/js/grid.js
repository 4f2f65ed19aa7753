// @ts-check
// The grid of a list: a cell cursor with the arrows, Enter or double click edits in place, Space ticks, Shift+click ticks a
// range; the order of columns; choices narrowed while typing. Everything also works by plain links and forms.

/** @param {Event} event @param {string} selector @returns {HTMLElement | null} */
const from = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
/** @template {HTMLElement} T @param {string} selector @param {ParentNode} [root] */
const all = (selector, root = document) => /** @type {T[]} */ ([...root.querySelectorAll(selector)]);
const listing = () => document.querySelector("[data-listing]");

// ── Ticking ──────────────────────────────────────────────────────────────────────────────────────

/** @type {HTMLInputElement | null} */
let lastTicked = null;
const ticks = () => /** @type {HTMLInputElement[]} */ (all("[data-tick]"));
const selection = () => {
  const boxes = ticks();
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const whole = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-tick-all]"));
  if (whole) {
    whole.checked = chosen.length > 0 && chosen.length === boxes.length;
    whole.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  const words = /** @type {HTMLElement | null} */ (document.querySelector("[data-bulk-count]"));
  const { one = "", many = "" } = words?.dataset ?? {};
  if (words) words.textContent = chosen.length === 1 ? one : many.replace("{n}", String(chosen.length));
  const everything = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-tick-everything]"));
  if (everything && chosen.length < boxes.length) everything.checked = false;
};

document.addEventListener("click", (event) => {
  const box = /** @type {HTMLInputElement | null} */ (from(event, "[data-tick]"));
  if (!box) return;
  if (/** @type {MouseEvent} */ (event).shiftKey && lastTicked) {
    const boxes = ticks();
    const [start, end] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
    if (start >= 0) for (const other of boxes.slice(start, end + 1)) other.checked = box.checked;
  }
  lastTicked = box;
  selection();
});
document.addEventListener("change", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  if (target.matches("[data-tick-all]")) for (const box of ticks()) box.checked = target.checked;
  if (target.matches("[data-tick-everything]") && target.checked) for (const box of ticks()) box.checked = true;
  if (target.matches("[data-tick-all], [data-tick-everything]")) selection();
});
document.addEventListener("reset", (event) => {
  if (!from(event, "[data-bulk]")) return;
  for (const box of ticks()) box.checked = false;
  setTimeout(selection);
});

// ── The cell cursor ──────────────────────────────────────────────────────────────────────────────

/** @type {HTMLTableCellElement | null} */
let cursor = null;
const rows = () => all(".rq-grid tbody tr");
/** @param {HTMLTableCellElement | null} cell @param {boolean} [shown] scrolling under a pointer would move the cell away from it */
const place = (cell, shown = true) => {
  cursor?.classList.remove("rq-cell-cursor");
  cursor?.removeAttribute("tabindex");
  cursor = cell;
  if (!cell) return;
  cell.classList.add("rq-cell-cursor");
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  if (shown) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const row of rows()) row.classList.toggle("rq-current", row === cell.parentElement);
};
/** @param {number} down @param {number} right */
const move = (down, right) => {
  const here = /** @type {HTMLTableCellElement | null} */ (document.activeElement?.closest("[data-tick]")?.closest("td, th") ?? null); // from a box, its own line
  const present = here ?? (cursor?.isConnected ? cursor : null);
  const current = rows().find((row) => row.classList.contains("rq-current"));
  const row = /** @type {HTMLTableRowElement | null} */ (present?.parentElement ?? current ?? rows()[0] ?? null);
  if (!row) return;
  if (!present) { place(row.cells[Math.min(1, row.cells.length - 1)]); return; }
  const lines = /** @type {HTMLTableRowElement[]} */ (rows());
  const line = lines[Math.min(Math.max(lines.indexOf(row) + down, 0), lines.length - 1)];
  place(line.cells[Math.min(Math.max(present.cellIndex + right, 0), line.cells.length - 1)]);
};
const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

/** @param {HTMLElement} cell */
const edit = (cell) => {
  const id = cell.closest("tr")?.dataset.row;
  const pattern = /** @type {HTMLElement | null} */ (document.querySelector("[data-cell]"))?.dataset.cell;
  if (!id || !pattern || !cell.dataset.edit || cell.querySelector("form")) return;
  // @ts-ignore -- htmx is a plain script
  window.htmx.ajax("GET", pattern.replace("/0/", `/${id}/`).replace("champ", cell.dataset.edit), { target: cell, swap: "outerHTML" });
};
/** @param {HTMLElement} form */
const leave = (form) => {
  const cell = /** @type {HTMLTableCellElement} */ (form.closest("td"));
  const address = form.getAttribute("action");
  // @ts-ignore
  window.htmx.ajax("GET", `${address}?voir`, { target: cell, swap: "outerHTML" });
};

// What is typed on a cell that can be written opens its editor and goes into it, as in a spreadsheet, before any shortcut of one letter.
let typed = "";
document.addEventListener("keydown", (event) => {
  const plain = event.key.length === 1 && (typed || !" /?".includes(event.key)) && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || !cursor?.dataset.edit || event.target !== cursor || document.querySelector("#peek:not([hidden])")) return;
  event.preventDefault();
  typed += event.key;
  if (typed.length === 1) edit(cursor);
}, true);
for (const failure of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(failure, () => { typed = ""; });
/** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field */
const enter = (field) => {
  field.focus();
  const begun = typed;
  typed = "";
  if (field instanceof HTMLSelectElement) {
    const option = begun && [...field.options].find((one) => one.text.trim().toLowerCase().startsWith(begun.toLowerCase()));
    if (option) option.selected = true;
  } else if (begun && /^(text|search|email|tel|url|textarea)$/.test(field.type)) {
    field.value = begun;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (field.type !== "date") field.select();
};

document.addEventListener("dblclick", (event) => {
  const cell = from(event, ".rq-grid [data-edit]");
  if (cell) { event.preventDefault(); edit(cell); }
});
document.addEventListener("click", (event) => {
  const cell = /** @type {HTMLTableCellElement | null} */ (from(event, ".rq-grid tbody td, .rq-grid tbody th"));
  if (cell && !from(event, "a, button, input, select, textarea, label")) place(cell, false);
});
document.addEventListener("keydown", (event) => {
  const form = from(event, "form[data-cell-form]");
  if (form) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(form); }
    if (event.key === "Tab") { form.dataset.then = event.shiftKey ? "-1" : "1"; event.preventDefault(); /** @type {HTMLFormElement} */ (form).requestSubmit(); }
    return;
  }
  const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(event.target.tagName) && event.target.getAttribute("type") !== "checkbox";
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const inside = from(event, ".rq-grid") ?? from(event, ".rq-table-region");
  const step = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
  if (step && inside) { event.preventDefault(); move(step[0], step[1]); return; }
  if (inside && event.key === "Enter" && event.target instanceof HTMLInputElement) { event.preventDefault(); event.target.click(); return; } // a box: never the first button of the bar
  if (!cursor?.isConnected || event.target !== cursor) return;
  if (event.key === " ") {
    event.preventDefault();
    /** @type {HTMLInputElement | null} */ (cursor.closest("tr")?.querySelector("[data-tick]") ?? null)?.click();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (cursor.dataset.edit) edit(cursor);
    else /** @type {HTMLElement | null} */ (cursor.querySelector("a"))?.click();
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const cell = /** @type {HTMLTableCellElement | null} */ (target.closest?.("td"));
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("form[data-cell-form] :is(input:not([type=hidden]), select, textarea)"));
  if (field) enter(field);
  else if (cell && cell.closest(".rq-grid")) place(cell);
  selection();
  days();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const form = /** @type {HTMLElement | null} */ (detail.requestConfig?.elt?.closest?.("form[data-cell-form]") ?? null);
  if (!form?.dataset.then || detail.xhr.status !== 200) return;
  const [line, index] = [form.closest("tr"), /** @type {HTMLTableCellElement} */ (form.closest("td")).cellIndex + Number(form.dataset.then)];
  setTimeout(() => { const next = line?.cells[index]; if (next) { place(next); edit(next); } }, 60);
});

// ── Columns, filters ─────────────────────────────────────────────────────────────────────────────

for (const moves of all(".rq-listing-moves")) moves.hidden = false;
document.addEventListener("click", (event) => {
  const button = from(event, "[data-move]");
  const item = button?.closest("li");
  if (!button || !item) return;
  const up = button.dataset.move === "-1";
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (other?.querySelector("[data-move]")) up ? other.before(item) : other.after(item);
  button.focus();
});
/** @type {HTMLElement | null} */
let dragged = null;
document.addEventListener("dragstart", (event) => { dragged = from(event, "[data-column]"); });
document.addEventListener("dragover", (event) => {
  const over = from(event, "[data-column][draggable]");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const half = over.getBoundingClientRect();
  if (event.clientY < half.top + half.height / 2) over.before(dragged); else over.after(dragged);
});
document.addEventListener("dragend", () => { dragged = null; });

document.addEventListener("input", (event) => {
  const box = /** @type {HTMLInputElement | null} */ (from(event, "[data-narrow]"));
  if (!box) return;
  const fold = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const sought = fold(box.value.trim());
  for (const label of all("fieldset label", /** @type {Element} */ (box.closest("form")))) label.hidden = !fold(label.textContent ?? "").includes(sought);
});
/** The value of a date filter is a number of days or months, or a date: the field follows the condition. */
const days = () => {
  for (const field of /** @type {HTMLInputElement[]} */ (all("[data-day]"))) {
    const form = /** @type {HTMLFormElement} */ (field.form);
    const operator = form.querySelector("select")?.value ?? "";
    const counted = operator === "depuis" || operator === "pas_depuis";
    const kind = counted ? "number" : "text";
    if (field.type !== kind) { field.type = kind; if (field.value === "") field.value = counted ? "30" : ""; }
    if (!counted) field.placeholder = field.dataset.day ?? "";
    field.min = counted ? "1" : "";
    const second = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-second]"));
    if (second) { second.hidden = operator !== "entre"; second.disabled = operator !== "entre"; }
    for (const help of all(".rq-help", form)) help.hidden = true;
  }
  for (const operator of /** @type {HTMLSelectElement[]} */ (all("[data-editor] select"))) {
    const empty = operator.value === "vide" || operator.value === "rempli";
    for (const part of all("fieldset, .rq-search, input.form-control", /** @type {Element} */ (operator.form))) part.toggleAttribute("hidden", empty || (part.matches("[data-second]") && operator.value !== "entre"));
  }
};
document.addEventListener("change", (event) => { if (from(event, "[data-editor] select")) days(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "f" && listing() && !event.ctrlKey && !event.metaKey && !event.altKey && event.target === document.body) {
    const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.rq-listing-menu:has([data-filter-edit])"));
    if (menu) { event.preventDefault(); menu.open = true; menu.querySelector("a")?.focus(); }
  }
});
days();
/** @type {HTMLElement | null} */ (document.querySelector("[data-editor] [data-focus]:not([hidden])") ?? document.querySelector("[data-editor] select, [data-editor] input[type=radio]"))?.focus();
selection();
