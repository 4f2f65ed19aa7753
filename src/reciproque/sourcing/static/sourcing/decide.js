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
