// The board by keyboard: to a case, to a person or partner, and sent.

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const board = document.getElementById("board");

const HOLDERS = "[data-person], [data-partner]";
const all = (selector) => [...board.querySelectorAll(selector)];
const here = (selector) => document.activeElement.closest(selector);
const choose = (id) => document.dispatchEvent(new CustomEvent("choose", { detail: id }));

function move(items, current, step) {
  const at = items.indexOf(current);
  const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function enter(card) {
  document.addEventListener("chosen", () => board.querySelector("[data-person]")?.focus(), { once: true });
  choose(card.dataset.case);
}

/** To the partners: what whoever has the case says of it, else to whom it could be handed over. */
function partners(card) {
  const saying = card?.querySelector(".held [data-say]");
  if (saying) return saying.focus();
  const first = () => move(all("[data-partner]"), null, 1);
  if (!card || board.dataset.case === card.dataset.case) return first();
  document.addEventListener("chosen", first, { once: true });
  choose(card.dataset.case);
}

function back(person) {
  const card = document.getElementById(board.dataset.case);
  if (person && card) card.focus();
  else choose("");
}

function proposed(number, card) {
  const buttons = card ? [...card.querySelectorAll("[data-send]")] : all("[data-person]:has(kbd) [data-send]");
  buttons[number - 1]?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const person = here(HOLDERS), card = here(".card[data-case]");
  const step = STEPS[event.key];
  if (step && person) move(all(HOLDERS), person, step);
  // Arrows scroll the page until somebody is among the cards.
  else if (step && (card || !event.key.startsWith("Arrow"))) move(all(".card[data-case]"), card, step);
  else if (event.key === "Escape") back(person);
  else if (event.key === "p") partners(card);
  else if (/^[1-3]$/.test(event.key)) proposed(event.key, person ? null : card);
  else if (event.key === "Enter" && document.activeElement === card) enter(card);
  else if (event.key === "Enter" && document.activeElement === person) person.querySelector("[data-send], [data-say]")?.click();
  else return;
  event.preventDefault();
});
