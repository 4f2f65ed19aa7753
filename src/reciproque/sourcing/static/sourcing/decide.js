// Decisions by keyboard, on the row that has the focus, or the current one, or the first: the key is written on each button.
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || target.closest("input:not([type=hidden], [type=radio]), select, textarea, dialog")) return;
  const row = target.closest("[data-row]") ?? document.querySelector("[data-row].rq-current") ?? document.querySelector("[data-decide]")?.closest("[data-row]");
  const wanted = event.key.toUpperCase();
  const button = [...(row?.querySelectorAll("[data-decide] button, [data-decide] a, [data-decide] summary") ?? [])].find((one) => one.querySelector("kbd")?.textContent.trim() === wanted);
  if (button instanceof HTMLElement) {
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  }
}, { capture: true });

// The page comes back without the row decided: whoever had gone down the list goes on with the row that took its place.
const DECIDED = "rq-decided";
const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-list] [data-row]")]);
document.addEventListener("submit", (event) => {
  const row = /** @type {HTMLElement} */ (event.target).closest("[data-row]");
  if (row instanceof HTMLElement) sessionStorage.setItem(DECIDED, JSON.stringify([location.pathname, rows().indexOf(row)]));
});
const [where, rank] = /** @type {[string, number]} */ (JSON.parse(sessionStorage.getItem(DECIDED) ?? '["", -1]'));
sessionStorage.removeItem(DECIDED);
const next = where === location.pathname && rank > 0 ? rows()[Math.min(rank, rows().length - 1)] : null;
if (next) {
  rows().forEach((row) => row.classList.remove("rq-current"));
  next.classList.add("rq-current");
  next.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (next.querySelector("a, button"))?.focus();
}
