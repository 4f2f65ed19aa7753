// Doubtful rows by keyboard: O the same, N new, P later, on the row that has the focus (or the current one).
const KEYS = { o: "same", n: "new", p: "later" };

document.addEventListener("keydown", (event) => {
  const decision = KEYS[event.key.toLowerCase()];
  const target = /** @type {HTMLElement} */ (event.target);
  if (!decision || event.ctrlKey || event.metaKey || event.altKey || target.closest("input:not([type=hidden]), select, textarea, dialog")) return;
  const row = target.closest("[data-row]") ?? document.querySelector("[data-row].rq-current") ?? document.querySelector("[data-decide]")?.closest("[data-row]");
  const button = row?.querySelector(`[data-decide] button[value="${decision}"]`);
  if (button instanceof HTMLButtonElement) {
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  }
}, { capture: true });
