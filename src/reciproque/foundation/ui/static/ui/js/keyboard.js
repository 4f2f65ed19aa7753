// @ts-check
// The command palette (Ctrl/⌘ K), the shortcut sheet (?), « g » then a letter, and j/k in lists.
//
// The palette asks data-palette-url for ?q=…&scope=… and expects <li role="option" data-href="…"> rows, in
// <li role="presentation">Titre</li> sections. A row may have data-scope="org" data-scope-label="Organisations":
// Tab then restricts the search to it. What stands in [data-actions="Sur cette fiche"] on the page comes first, and so do
// the actions on the rows ticked in a list: choosing one presses the button itself.

const DEBOUNCE = 150;
const SEQUENCE = 900;
const palette = /** @type {HTMLDialogElement | null} */ (document.getElementById("palette"));
const input = /** @type {HTMLInputElement | null} */ (document.getElementById("palette-input"));
const list = document.getElementById("palette-list");
const state = document.getElementById("palette-state");
const scopeMark = document.getElementById("palette-scope");

/** `shown`: what was typed when the list was answered; `picked`: a line of it was chosen since.
 * @type {{scope: string, timer: number, asked: AbortController | null, back: Element | null, shown: string | null, picked: boolean}} */
const now = { scope: "", timer: 0, asked: null, back: null, shown: null, picked: false };

const options = () => /** @type {HTMLElement[]} */ ([...(list?.querySelectorAll('[role="option"]') ?? [])]);
const chosen = () => /** @type {HTMLElement | null} */ (list?.querySelector('[aria-selected="true"]') ?? null);

/** @param {HTMLElement | undefined} option */
const choose = (option) => {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    option.id ||= `palette-${options().indexOf(option)}`;
    input?.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input?.removeAttribute("aria-activedescendant");
  }
};

const count = () => {
  if (!state) return;
  const found = options().length;
  const { one = "", many = "", none = "" } = state.dataset;
  state.textContent = found === 0 ? none : found === 1 ? one : many.replace("{n}", String(found));
};

// ── Actions of the page ──────────────────────────────────────────────────────────────────────────

/** @type {WeakMap<HTMLElement, HTMLElement>} */
const presses = new WeakMap();
const plain = (/** @type {string | null | undefined} */ text) => (text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
/** @param {string} tag @param {Record<string, string>} attributes @param {string} text */
const made = (tag, attributes, text) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};
/** The containers of actions that are in use, and the words that head them. */
const offering = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main [data-actions]")])
  .filter((part) => part.checkVisibility())
  .map((part) => ({ part, title: part.dataset.actions || part.querySelector("[data-bulk-count]")?.textContent || "" }));

/** The rows of the actions that hold every word typed. */
const offers = () => {
  const sought = now.scope ? ["\u0000"] : plain(input?.value).split(/\s+/);
  return offering().flatMap(({ part, title }) => {
    const found = /** @type {HTMLElement[]} */ ([...part.querySelectorAll("a[href], button:not([disabled]), details > summary")])
      .filter((one) => !one.closest("[data-actions] .rq-bulk-form") && (one.getAttribute("aria-label") ?? one.textContent ?? "").trim())
      .map((one) => ({ one, words: (one.getAttribute("aria-label") ?? one.textContent ?? "").replace(/\s+/g, " ").trim() }))
      .filter(({ one, words }) => !one.matches("summary:has(+ * .rq-menu-item)") && sought.every((word) => plain(words).includes(word)))
      .map(({ one, words }) => {
        const row = made("li", { role: "option" }, "");
        const picture = one.querySelector("svg")?.cloneNode(true);
        if (picture) row.append(picture);
        row.append(Object.assign(made("span", { class: "rq-palette-label" }, words)));
        presses.set(row, one);
        return row;
      });
    return found.length ? [made("li", { role: "presentation" }, title), ...found] : [];
  });
};
/** @param {HTMLElement} button */
const press = (button) => {
  const menu = button.matches("summary") ? button.closest("details") : null;
  if (menu) {
    menu.open = true;
    now.back = menu.querySelector("input:not([type=hidden]), select, a, button"); // where closing gives the focus
  }
  palette?.close();
  if (!menu) button.click();
};

// ── Asking and choosing ──────────────────────────────────────────────────────────────────────────

/** Ask for the lines of what is typed; says whether they are there. */
const ask = async () => {
  const address = document.body.dataset.paletteUrl;
  if (!address || !input || !list) return false;
  clearTimeout(now.timer);
  const typed = input.value;
  now.asked?.abort();
  now.asked = new AbortController();
  list.classList.add("rq-dimmed");
  const query = new URLSearchParams({ q: typed, scope: now.scope, page: location.pathname });
  try {
    const answer = await fetch(`${address}?${query}`, { headers: { "HX-Request": "true" }, signal: now.asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...offers(), ...parsed.body.childNodes);
    options().forEach((option, rank) => { option.id = `palette-${rank}`; });
    choose(options()[0]);
    count();
    now.shown = typed;
    now.picked = false;
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") return false;
    if (state) state.textContent = state.dataset.failed ?? "";
  }
  list.classList.remove("rq-dimmed");
  return now.shown === input.value;
};

/** @param {string} scope @param {string} label */
const restrict = (scope, label) => {
  now.scope = scope;
  now.shown = null;
  if (scopeMark) {
    scopeMark.textContent = label;
    scopeMark.hidden = !scope;
  }
  if (input && scope) input.value = "";
  ask();
};

/** @param {HTMLElement | null} option @param {boolean} apart */
const run = (option, apart) => {
  if (!option) return;
  const button = presses.get(option);
  if (button) { press(button); return; }
  const href = option.dataset.href ?? option.querySelector("a")?.getAttribute("href");
  const opens = option.dataset.dialogOpen;
  if (opens) {
    palette?.close();
    /** @type {HTMLDialogElement | null} */ (document.getElementById(opens))?.showModal();
  } else if (href && apart) {
    window.open(href, "_blank", "noopener");
  } else if (href) {
    palette?.close();
    location.assign(href);
  } else {
    palette?.close();
    option.dispatchEvent(new CustomEvent("rq:command", { bubbles: true, detail: option.dataset.command }));
  }
};

const openPalette = () => {
  if (!palette || !input || palette.open || !document.body.dataset.paletteUrl) return;
  now.back = document.activeElement;
  palette.showModal();
  input.value = "";
  restrict("", "");
};

palette?.addEventListener("close", () => {
  now.asked?.abort();
  if (now.back instanceof HTMLElement) now.back.focus();
});
palette?.addEventListener("click", (event) => {
  const option = /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest('[role="option"]') : null);
  if (!option) return;
  event.preventDefault();
  run(option, event.ctrlKey || event.metaKey);
});
list?.addEventListener("pointermove", (event) => {
  const option = /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest('[role="option"]') : null);
  if (option && option !== chosen()) choose(option);
});
input?.addEventListener("input", () => {
  clearTimeout(now.timer);
  now.picked = false;
  now.timer = window.setTimeout(ask, DEBOUNCE);
});
input?.addEventListener("keydown", (event) => {
  const all = options();
  const present = chosen();
  const rank = present ? all.indexOf(present) : -1;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    choose(all[(rank + step + all.length) % all.length]);
    now.picked = true;
  } else if (event.key === "Enter") {
    event.preventDefault();
    const apart = event.ctrlKey || event.metaKey;
    if (now.picked || now.shown === input.value) run(present, apart);
    else ask().then((there) => { if (there && palette?.open) run(chosen(), apart); }); // the list is still that of fewer letters
  } else if (event.key === "Tab" && !event.shiftKey && present?.dataset.scope) {
    event.preventDefault();
    restrict(present.dataset.scope, present.dataset.scopeLabel ?? present.dataset.scope);
  } else if (event.key === "Backspace" && now.scope && !input.value) {
    restrict("", "");
  }
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-palette-open]")) {
    event.preventDefault();
    openPalette();
  }
});

// ── The shortcut sheet ───────────────────────────────────────────────────────────────────────────

const sheet = /** @type {HTMLDialogElement | null} */ (document.getElementById("shortcuts"));
const lines = document.getElementById("shortcuts-list");

/** Add to the sheet the shortcuts that this page declares: data-go="p", data-key="n" with their words. */
const declare = () => {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-go], [data-key]"))) {
    const keys = element.dataset.go ? ["G", element.dataset.go] : [element.dataset.key ?? ""];
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    const words = element.querySelector("span:not(.rq-keys)") ?? element;
    term.textContent = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? words.textContent?.trim() ?? "";
    value.className = "rq-keys";
    for (const key of keys) {
      const cap = document.createElement("kbd");
      cap.textContent = key.toUpperCase();
      value.append(cap);
    }
    line.append(term, value);
    lines?.append(line);
  }
};
if (sheet) declare();
for (const button of document.querySelectorAll("[data-shortcuts-open]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => sheet?.showModal());
}
document.querySelector("[data-shortcuts-search]")?.addEventListener("input", (event) => {
  const fold = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const sought = fold(/** @type {HTMLInputElement} */ (event.target).value);
  for (const line of /** @type {HTMLElement[]} */ ([...(lines?.children ?? [])])) {
    line.hidden = !fold(line.textContent ?? "").includes(sought);
  }
});

// ── Keys of the page ─────────────────────────────────────────────────────────────────────────────

let sequence = 0;

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof HTMLElement
  && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !/^(checkbox|radio)$/.test(target.getAttribute("type") ?? "");

/** Move the current row of the page's list (any element with data-list, whose rows have data-row).
 * @param {number} step */
const moveRow = (step) => {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-list] [data-row]")]);
  if (!rows.length) return;
  const present = rows.findIndex((row) => row.classList.contains("rq-current"));
  const next = rows[Math.min(Math.max(present + step, 0), rows.length - 1)];
  rows[present]?.classList.remove("rq-current");
  next.classList.add("rq-current");
  next.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (next.querySelector("a, button"))?.focus();
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && document.body.dataset.paletteUrl) {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const followed = Date.now() - sequence < SEQUENCE;
  sequence = 0;
  const escaped = CSS.escape(key);
  const goal = /** @type {HTMLElement | null} */ (document.querySelector(followed ? `[data-go="${escaped}"]` : `[data-key="${escaped}"]`));
  if (goal) {
    event.preventDefault();
    goal.click();
  } else if (key === "g") {
    sequence = Date.now();
  } else if (event.key === "?") {
    event.preventDefault();
    sheet?.showModal();
  } else if (event.key === "/") {
    const search = /** @type {HTMLInputElement | null} */ (document.querySelector("main input[type=search]"));
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (!followed && (key === "j" || key === "k")) {
    moveRow(key === "j" ? 1 : -1);
  }
});
