// @ts-check
// The panel beside a list: Shift+Enter (or the button of the row) opens it, J and K then go from row to row with it.
// A row has data-row="<id>"; the list has data-peek="/…/0/apercu/" where 0 stands for the id.

const region = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-peek]"));
const panel = document.getElementById("peek");

/** @param {Element | null} row */
const open = (row) => {
  const id = row instanceof HTMLElement ? row.dataset.row : "";
  const pattern = region()?.dataset.peek;
  if (!id || !pattern) return;
  for (const other of document.querySelectorAll("[data-row].rq-current")) other.classList.toggle("rq-current", other === row);
  row?.classList.add("rq-current");
  // @ts-ignore -- htmx is a plain script
  window.htmx.ajax("GET", pattern.replace("/0/", `/${id}/`), { target: "#peek-body", swap: "innerHTML" });
};

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.shiftKey || !(event.target instanceof Element)) return;
  const row = event.target.closest("[data-row]") ?? document.querySelector("[data-row].rq-current");
  if (!row || event.target.closest("form[data-cell-form]")) return;
  event.preventDefault();
  open(row);
});
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-peek-open]") : null;
  if (button) open(button.closest("[data-row]"));
});
// keyboard.js has just moved the current row: the panel follows it.
document.addEventListener("keydown", (event) => {
  if (!/^[jk]$/i.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || panel?.hidden) return;
  if (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.getAttribute("type") !== "checkbox") return;
  if (!panel?.contains(/** @type {Node} */ (event.target)) && !document.querySelector("[data-row].rq-current")) return;
  setTimeout(() => open(document.querySelector("[data-row].rq-current")));
});
