// @ts-check
// What every page does: theme, folded navigation, menus, dialogs, peek panel, toasts, copying, forms, htmx.
// Everything listens at the document, so that fragments swapped in later need no setting up.
// Others speak to it by events on document: rq:toast {text, tone, undo}, rq:peek-closed.

const ONE_YEAR = 31536000;
const root = document.documentElement;
const words = document.getElementById("toasts")?.dataset ?? {};

/** @param {string} name @param {string} value */
const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${ONE_YEAR}; samesite=lax${secure}`;
};

/** The nearest element matching, from where an event happened.
 * @param {Event} event @param {string} selector @returns {HTMLElement | null} */
const from = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

// ── Theme and folded navigation ──────────────────────────────────────────────────────────────────

document.addEventListener("submit", (event) => {
  const form = from(event, "[data-theme-form]");
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (!form || !(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  keep("theme", button.value);
  root.dataset.theme = button.value;
  root.dispatchEvent(new Event("rq:theme"));
  for (const other of form.querySelectorAll("[name=theme]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});

for (const button of document.querySelectorAll("[data-fold-navigation]")) {
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.navigation === "folded"));
  button.removeAttribute("hidden");
  show();
  button.addEventListener("click", () => {
    const folded = root.dataset.navigation !== "folded";
    root.toggleAttribute("data-navigation", false);
    if (folded) root.dataset.navigation = "folded";
    keep("navigation", folded ? "folded" : "open");
    show();
  });
}

// ── Menus made of <details> ──────────────────────────────────────────────────────────────────────

/** @param {Element | null} except */
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.rq-menu[open]")) {
    if (!except || !menu.contains(except)) menu.removeAttribute("open");
  }
};

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  closeMenus(target);
  if (target.closest(".rq-menu-item")) target.closest("details.rq-menu")?.removeAttribute("open");
});

document.addEventListener("keydown", (event) => {
  const menu = from(event, "details.rq-menu");
  if (!menu) return;
  const summary = /** @type {HTMLElement} */ (menu.querySelector("summary"));
  if (event.key === "Escape" && menu.hasAttribute("open")) {
    event.preventDefault();
    event.stopPropagation();
    menu.removeAttribute("open");
    summary.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (!step || inField) return;
  event.preventDefault();
  menu.setAttribute("open", "");
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".rq-menu-item")]);
  const present = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = present < 0 ? (step > 0 ? 0 : items.length - 1) : (present + step + items.length) % items.length;
  items[next]?.focus();
});

document.addEventListener("focusout", (event) => {
  const menu = from(event, "details.rq-menu");
  const next = event.relatedTarget;
  if (menu && next instanceof Node && !menu.contains(next)) menu.removeAttribute("open");
});

// ── Dialogs and the peek panel ───────────────────────────────────────────────────────────────────

const host = /** @type {HTMLDialogElement | null} */ (document.getElementById("dialog"));
const peek = document.getElementById("peek");
/** @type {HTMLElement | null} */
let peekedFrom = null;

const closePeek = () => {
  if (!peek || peek.hidden) return;
  peek.hidden = true;
  document.getElementById("peek-body")?.replaceChildren();
  peekedFrom?.focus();
  document.dispatchEvent(new CustomEvent("rq:peek-closed"));
};

document.addEventListener("click", (event) => {
  const opener = from(event, "[data-dialog-open]");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen ?? "");
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = from(event, "[data-dialog-close]");
  if (closer) /** @type {HTMLDialogElement | null} */ (closer.closest("dialog"))?.close();
  if (event.target instanceof HTMLDialogElement && !event.target.querySelector("[data-dirty]")) event.target.close();
  if (from(event, "[data-peek-close]")) closePeek();
});
host?.addEventListener("close", () => document.getElementById("dialog-body")?.replaceChildren());
document.addEventListener("close-dialog", () => host?.close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) closePeek();
});

// ── Toasts ───────────────────────────────────────────────────────────────────────────────────────

const TOAST_ICONS = { success: "circle-check", warning: "alert-triangle", danger: "alert-octagon", info: "info-circle" };

/** @param {string} name */
const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "rq-icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${words.sprite}#${name}`);
  svg.append(use);
  return svg;
};

/** @returns {Record<string, string>} */
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");

/** Toasts with an action or a fault stay until closed: nobody should have to hurry.
 * @param {Element} toast @param {boolean} stays */
const retire = (toast, stays) => {
  if (stays) return;
  let timer = 0;
  const start = () => { timer = window.setTimeout(() => toast.remove(), 6000); };
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  start();
};

/** @param {{text: string, tone?: string, undo?: string}} message */
const say = ({ text, tone = "info", undo = "" }) => {
  const shade = tone === "error" ? "danger" : tone in TOAST_ICONS ? tone : "info";
  const toast = document.createElement("div");
  toast.className = `rq-toast rq-tone-${shade}`;
  toast.dataset.toast = "";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  toast.append(icon(TOAST_ICONS[/** @type {keyof typeof TOAST_ICONS} */ (shade)]), sentence);
  if (undo.startsWith("/") && !undo.startsWith("//")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rq-toast-undo";
    button.textContent = words.undo ?? "";
    button.addEventListener("click", () => undoIt(undo, toast));
    toast.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "rq-toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", words.close ?? "");
  close.append(icon("x"));
  toast.append(close);
  document.getElementById("toasts")?.append(toast);
  retire(toast, Boolean(undo) || shade === "danger");
};

/** @param {string} address @param {Element} toast */
const undoIt = async (address, toast) => {
  const answer = await fetch(address, { method: "POST", headers: csrf(), redirect: "follow" }).catch(() => null);
  toast.remove();
  if (answer?.ok) location.reload();
  else say({ text: (answer ? words.broken : words.offline) ?? "", tone: "danger" });
};

for (const toast of document.querySelectorAll("[data-toast]")) {
  retire(toast, Boolean(toast.querySelector("form")) || toast.classList.contains("rq-tone-danger"));
}
document.addEventListener("click", (event) => { if (from(event, "[data-toast-close]")) from(event, "[data-toast]")?.remove(); });
for (const name of ["toast", "rq:toast"]) {
  document.addEventListener(name, (event) => say(/** @type {CustomEvent} */ (event).detail));
}

// ── Copying ──────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("click", async (event) => {
  const button = from(event, "[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy ?? "");
  say({ text: words.copied ?? "", tone: "success" });
});

// ── Forms: unsaved changes, drafts, dropped files, Ctrl+Enter ────────────────────────────────────
// <form data-guard> warns before leaving; <form data-draft="key"> also keeps what is typed in this browser: a week at most, until
// it is saved (never merely sent: the line may be cut), or its author logs out. The key names its author.

/** @param {HTMLFormElement} form */
const draftOf = (form) => `draft:${form.dataset.draft}`;
const DRAFTS_KEPT = 7 * 24 * 3600 * 1000;
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
/** @param {Element} field */
const isKept = (field) => field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement
  || (field instanceof HTMLInputElement && !["password", "file", "hidden", "submit"].includes(field.type));

/** @param {ParentNode} part */
const restoreDrafts = (part) => {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (part.querySelectorAll("form[data-draft]"))) {
    const stored = localStorage.getItem(draftOf(form));
    if (!stored || form.querySelector("[aria-invalid]")) continue;
    for (const [name, value] of JSON.parse(stored).fields) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
      else if (field instanceof RadioNodeList) field.value = value;
      else if (field instanceof Element && isKept(field)) /** @type {HTMLInputElement} */ (field).value = value;
    }
    form.dataset.dirty = "";
    say({ text: words.restored ?? "" });
  }
};

document.addEventListener("input", (event) => {
  const form = /** @type {HTMLFormElement | null} */ (from(event, "form[data-guard], form[data-draft]"));
  if (!form) return;
  form.dataset.dirty = "";
  if (!form.dataset.draft) return;
  const kept = [...new FormData(form)].filter(([name]) => {
    const field = form.elements.namedItem(name);
    return field instanceof RadioNodeList || (field instanceof Element && isKept(field));
  });
  localStorage.setItem(draftOf(form), JSON.stringify({ at: Date.now(), fields: kept }));
});

/** @param {HTMLFormElement} form */
const settled = (form) => {
  delete form.dataset.dirty;
  if (form.dataset.draft) sessionStorage.setItem("sent", draftOf(form));
  if (form.getAttribute("action")?.endsWith("/logout/")) drafts().forEach((key) => localStorage.removeItem(key));
};
/** @param {string | null} key */
const saved = (key) => {
  sessionStorage.removeItem("sent");
  if (key) localStorage.removeItem(key);
};
/** What this tab sent was saved when the page that answers says so. */
const sweepDrafts = () => {
  const told = document.querySelector("#toasts .rq-toast") && !document.querySelector("main [aria-invalid]");
  saved(told ? sessionStorage.getItem("sent") : null);
  for (const key of drafts()) {
    const { at } = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (!(Date.now() - at < DRAFTS_KEPT)) localStorage.removeItem(key);
  }
};
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful } = /** @type {CustomEvent} */ (event).detail;
  if (successful && elt instanceof HTMLFormElement && elt.dataset.draft) saved(draftOf(elt));
});
document.addEventListener("submit", (event) => { if (event.target instanceof HTMLFormElement) settled(event.target); });
window.addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement ? event.target.form : null;
  if (form && !from(event, "dialog.rq-palette")) form.requestSubmit();
});

// A day is typed day first, or chosen in the browser's own calendar, which writes it so.
document.addEventListener("click", (event) => {
  const day = from(event, "[data-day-open]")?.closest(".rq-day");
  const native = /** @type {HTMLInputElement | null} */ (day?.querySelector("[data-day-native]"));
  const text = /** @type {HTMLInputElement | null} */ (day?.querySelector("[data-day-text]"));
  if (!native || !text) return;
  const typed = /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/.exec(text.value.trim());
  native.value = typed ? `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}` : "";
  native.showPicker();
});
document.addEventListener("change", (event) => {
  const native = /** @type {HTMLInputElement | null} */ (from(event, "[data-day-native]"));
  const text = /** @type {HTMLInputElement | null | undefined} */ (native?.parentElement?.querySelector("[data-day-text]"));
  if (!native || !text) return;
  text.value = native.value.split("-").reverse().join("/");
  for (const name of ["input", "change"]) text.dispatchEvent(new Event(name, { bubbles: true }));
});

// Escape inside <form data-escape> follows its [data-escape-to] link: the editor gives way to the line it replaced.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const link = from(event, "form[data-escape]")?.querySelector("[data-escape-to]");
  if (link instanceof HTMLElement) link.click();
});

/** @param {Event} event */
const zone = (event) => from(event, "[data-drop]");
/** @param {HTMLElement} area */
const listFiles = (area) => {
  const input = /** @type {HTMLInputElement | null} */ (area.querySelector("input[type=file]"));
  const names = area.querySelector("[data-drop-names]");
  if (names) names.textContent = [...(input?.files ?? [])].map((file) => `${file.name} (${Math.ceil(file.size / 1024)} ko)`).join(", ");
};
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const area = zone(event);
    if (!area) return;
    event.preventDefault();
    area.classList.toggle("rq-over", name === "dragover");
    const input = /** @type {HTMLInputElement | null} */ (area.querySelector("input[type=file]"));
    const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
    if (name === "drop" && input && files?.length) {
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
document.addEventListener("change", (event) => { const area = zone(event); if (area) listFiles(area); });

// ── htmx: progress, focus after a swap, faults ───────────────────────────────────────────────────

/** @param {Element | null} part */
const focusIn = (part) => {
  const wanted = /** @type {HTMLElement | null} */ (part?.querySelector("[data-focus], [autofocus], [aria-invalid]"));
  wanted?.focus();
  return Boolean(wanted);
};

document.addEventListener("htmx:beforeRequest", () => document.getElementById("loading")?.classList.add("rq-on"));
document.addEventListener("htmx:afterRequest", () => document.getElementById("loading")?.classList.remove("rq-on"));
// A whole page where a part was asked means that the session has ended (sent to sign in), or a plain redirection.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const { xhr, requestConfig, pathInfo } = detail;
  if (!detail.shouldSwap || requestConfig?.boosted || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  detail.shouldSwap = false;
  const asked = new URL(pathInfo?.finalRequestPath ?? "", location.href).pathname;
  if (new URL(xhr.responseURL, location.href).pathname === asked) location.assign(xhr.responseURL);
  else location.reload();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = /** @type {CustomEvent} */ (event).detail;
  if (target?.id === "peek-body" && peek?.hidden) peekedFrom = /** @type {HTMLElement} */ (document.activeElement);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const part = /** @type {Element} */ (event.target);
  if (part.id === "peek-body" && peek) {
    peek.hidden = false;
    if (!focusIn(part)) peek.focus();
  } else if (part.id === "dialog-body" && host) {
    if (part.childElementCount && !host.open) host.showModal();
    focusIn(part);
  } else {
    focusIn(part);
  }
  restoreDrafts(part);
});
document.addEventListener("htmx:sendError", () => say({ text: words.offline ?? "", tone: "danger" }));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  const told = /"(rq:)?toast"/.test(xhr.getResponseHeader("HX-Trigger") ?? "");
  if (!told) say({ text: words.broken ?? "", tone: "danger" });
});

focusIn(document.querySelector(".rq-form-errors")?.parentElement ?? null);
sweepDrafts();
restoreDrafts(document);
