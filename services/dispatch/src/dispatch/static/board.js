// The board follows the log, keeps the reader's place, and assigns by button, form or key.

import { call, connect } from "aftercare/live";

const board = document.getElementById("board");
const refusal = document.getElementById("refusal");

// --- following -----------------------------------------------------------------------------

/** What the service sent for each card; the cards themselves change as their times tick. */
const sent = new Map();
const remember = (root) => {
  for (const card of root.querySelectorAll(".card[id]")) sent.set(card.id, card.outerHTML);
};

/** Take over what changed and leave the rest, with its focus and what was typed, alone. */
function show(fresh) {
  const lists = board.querySelectorAll(".columns > section");
  fresh.querySelectorAll(".columns > section").forEach((section, index) => {
    const place = lists[index];
    if (place.contains(document.activeElement) && isTyping()) return;
    for (const card of section.querySelectorAll(".card[id]")) {
      const shown = place.querySelector(`#${CSS.escape(card.id)}`);
      const html = card.outerHTML;
      if (shown && sent.get(card.id) === html) card.replaceWith(shown);
      else if (sent.has(card.id)) card.classList.add("fresh");
      sent.set(card.id, html);
    }
    const focused = document.activeElement?.closest?.(".card")?.id;
    place.replaceChildren(...section.childNodes);
    if (focused) place.querySelector(`#${CSS.escape(focused)}`)?.focus();
  });
}

function isTyping() {
  return document.activeElement.matches("input, select");
}

/** The board as of a position; null while the service cannot be asked. */
async function panels(position) {
  try {
    const answer = await fetch(`/board/panels?min_position=${position}`);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

let wanted = null, loading = false;

async function load(position) {
  wanted = position;
  if (loading) return;
  loading = true;
  try {
    while (wanted !== null) {
      const asked = wanted;
      wanted = null;
      const html = await panels(asked);
      if (html === null) wanted ??= asked;
      else show(new DOMParser().parseFromString(html, "text/html"));
      await new Promise((resolve) => setTimeout(resolve, html === null ? 1000 : 400));
    }
  } finally {
    loading = false;
  }
}

remember(board);
connect("/board/stream", { on: { moved: (_, id) => load(id) }, after: board.dataset.position });

// --- assigning -----------------------------------------------------------------------------

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
