// The wall by keyboard: from card to card, acknowledge, filter.

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function cards() {
  return [...document.querySelectorAll("#wall .card")];
}

function here() {
  return document.activeElement.closest("#wall .card");
}

function move(step) {
  const all = cards(), at = all.indexOf(here());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.querySelector("a").focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const step = STEPS[event.key];
  // Arrows scroll the page until somebody is among the cards.
  if (step && (here() || !event.key.startsWith("Arrow"))) move(step);
  else if (event.key === "a") here()?.querySelector("[data-acknowledge]")?.click();
  else if (event.key === "/") document.querySelector("#filters select").focus();
  else return;
  event.preventDefault();
});
