// The board follows the log, keeps the reader's place, and assigns by button, form or key.

import { call } from "aftercare/live";
import { mirror } from "aftercare/redraw";

const board = document.getElementById("board");
const refusal = document.getElementById("refusal");

mirror({
  url: () => "/board/panels",
  stream: "/board/stream",
  on: ["moved"],
  position: board.dataset.position,
});

async function assign(card, engineer, reason) {
  const body = { engineer_id: engineer, mode: card.dataset.mode };
  if (reason) body.reason = reason;
  if (card.dataset.holder) {
    body.replaces = card.dataset.holder;
    body.reason ??= "onsite";
  }
  card.setAttribute("aria-busy", "true");
  try {
    await call("POST", `/v1/cases/${card.dataset.case}/assign`, body);
    refusal.hidden = true;
  } catch (problem) {
    refusal.textContent = problem.detail ?? String(problem);
    refusal.hidden = false;
  } finally {
    card.removeAttribute("aria-busy");
  }
}

board.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-engineer]");
  if (button) assign(button.closest(".card"), button.dataset.engineer);
});

board.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target, given = new FormData(form);
  document.activeElement.blur();
  assign(form.closest(".card"), given.get("engineer_id"), given.get("reason"));
});

function isTyping() {
  return document.activeElement.matches("input, select");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
  const waiting = [...board.querySelectorAll(".card[data-waiting]")];
  const index = waiting.indexOf(document.activeElement.closest(".card"));
  const step = { j: 1, k: -1 }[event.key];
  if (step && waiting.length) waiting[(index + step + waiting.length) % waiting.length].focus();
  if (index >= 0 && /^[1-3]$/.test(event.key)) {
    waiting[index].querySelectorAll("button[data-engineer]")[event.key - 1]?.click();
  }
});
