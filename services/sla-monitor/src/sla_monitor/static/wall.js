// The wall redraws itself from the server when an alert moves, and keeps the reader's place:
// an element that is still there stays the same element, focus and scroll included.
import { connect, countdowns } from "/static/live.js";

const wall = document.getElementById("wall");
let newest = Number(wall.dataset.position);
let drawing = false;
let stale = false;

function merge(list, fresh) {
  const known = new Map([...list.children].map((item) => [item.id, item]));
  const next = [...fresh.children].map((item) => {
    const old = known.get(item.id);
    return old && old.dataset.source === item.innerHTML ? old : remember(item);
  });
  const focused = document.activeElement?.closest("[id]")?.id;
  list.replaceChildren(...next);
  if (focused) document.getElementById(focused)?.querySelector("button, a")?.focus({ preventScroll: true });
}

function remember(item) {
  item.dataset.source = item.innerHTML;
  return item;
}

async function draw() {
  if (drawing) {
    stale = true;
    return;
  }
  drawing = true;
  try {
    const answer = await fetch(`/wall?min_position=${newest}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const cards = wall.querySelector(".cards");
    const fresh = page.querySelector(".cards");
    merge(cards, fresh);
    fresh.replaceWith(cards);
    wall.replaceChildren(...page.body.children);
    countdowns(wall);
  } finally {
    drawing = false;
    if (stale) {
      stale = false;
      draw();
    }
  }
}

wall.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-acknowledge]");
  if (!button) return;
  button.disabled = true;
  const answer = await fetch(`/v1/alerts/${button.dataset.acknowledge}/ack`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  newest = Math.max(newest, Number(answer.headers.get("X-Log-Position") ?? 0));
  draw();
});

function moved(_data, id) {
  newest = Math.max(newest, Number(id));
  draw();
}

wall.querySelectorAll(".cards > li").forEach(remember);
countdowns(wall);
connect(`${wall.dataset.live}?last_event_id=${newest}`, {
  on: { alert_raised: moved, alert_acknowledged: moved, alert_resolved: moved },
});
// What is due next changes without an alert, too: assignments, milestones, new cases.
setInterval(draw, 15000);
