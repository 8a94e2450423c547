// Parts of a page that the server draws again when something moved, without losing the reader's
// place: what did not change stays the same element, with its focus, its times and what was typed.

import { connect } from "aftercare/live";

const SHORTEST_PAUSE_MS = 200;
// However long a drawing takes, a page that follows costs the server a third of a core at most.
const PAUSE_PER_DRAWING = 2;
const RETRY_MS = 1000;

/** What the server sent for an element; times and people change the element itself. */
const sent = new WeakMap();
/** The last answer, and whether something that somebody types in was left as it is. */
let drawn = null, leftAlone = false;

/**
 * Keep every `data-part` of the page as the server would draw it now.
 *
 * `url()` answers the parts; `stream` says under the event names `on` that something moved after
 * `position`, which the page shows already, and `concerns` whether it matters here. `every` (ms)
 * draws again without being told; a `redraw` event of the document asks for it at once.
 */
export function mirror({ url, stream, on, position, concerns = () => true, every = null }) {
  document.querySelectorAll("[data-part]").forEach(remember);
  const draw = drawing(url);
  const moved = (said, id) => { if (concerns(said)) draw(Number(id)); };
  connect(stream, { on: Object.fromEntries(on.map((name) => [name, moved])), after: position });
  if (every !== null) setInterval(() => { if (!document.hidden) draw(0); }, every);
  document.addEventListener("redraw", () => draw(0));
  document.addEventListener("focusout", () => { if (leftAlone) draw(0); });
}

/** Draws at once or, while it draws, as soon as that is done and a pause is over. */
function drawing(url) {
  let newest = 0, wanted = false, busy = false;
  return async (position) => {
    newest = Math.max(newest, position);
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted) {
      wanted = false;
      const began = performance.now();
      const asked = url(), address = new URL(asked, location);
      address.searchParams.set("min_position", newest);
      const done = await redraw(address, () => url() === asked);
      wanted ||= !done || url() !== asked;
      const pause = Math.max(SHORTEST_PAUSE_MS, PAUSE_PER_DRAWING * (performance.now() - began));
      await new Promise((go) => setTimeout(go, done ? pause : RETRY_MS));
    }
    busy = false;
  };
}

/** Draw some parts as this answer has them, unless it is not wanted any more once it is there. */
export async function redraw(url, isWanted = () => true) {
  try {
    const answer = await fetch(url, { cache: "no-store" });
    if (!answer.ok) return false;
    const text = await answer.text();
    if (!isWanted()) return true;
    if (text === drawn && !leftAlone) return true;
    [drawn, leftAlone] = [text, false];
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      replace(document.querySelector(`[data-part="${part.dataset.part}"]`), part);
    }
    return true;
  } catch (error) {
    console.debug("redraw", error);
    return false;
  }
}

function remember(part) {
  sent.set(part, part.innerHTML);
  for (const item of part.children) sent.set(item, item.outerHTML);
}

function replace(shown, part) {
  if (sent.get(shown) === part.innerHTML) return;
  const refocus = focusIn(shown);
  sent.set(shown, part.innerHTML);
  if ([...part.children, ...shown.children].some((item) => item.id)) merge(shown, part);
  else shown.replaceChildren(...part.childNodes);
  refocus();
}

/** Bring a list to its new order with as few moves as its ids allow. */
function merge(list, fresh) {
  const known = new Map([...list.children].map((item) => [item.id, item]));
  const next = [...fresh.children].map((item) => keep(list, known.get(item.id), item));
  const staying = new Set(next);
  for (const item of [...list.children]) if (!staying.has(item)) item.remove();
  let place = list.firstElementChild;
  for (const item of next) {
    if (item === place) place = place.nextElementSibling;
    else list.insertBefore(item, place);
  }
}

function keep(list, old, item) {
  if (old && sent.get(old) === item.outerHTML) return old;
  if (old && isTypedIn(old)) {
    sent.delete(list);
    leftAlone = true;
    return old;
  }
  sent.set(item, item.outerHTML);
  item.classList.add("fresh");
  return item;
}

function isTypedIn(item) {
  return item.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
}

/** Gives the focus back after a redrawing: to the same thing, the same card, or its neighbour. */
function focusIn(list) {
  const focused = document.activeElement;
  const index = [...list.children].findIndex((item) => item.contains(focused));
  if (index < 0) return () => {};
  const { id } = list.children[index];
  return () => {
    const there = document.getElementById(id) ?? list.children[Math.min(index, list.children.length - 1)];
    const target = focused.isConnected ? focused : there?.matches("[tabindex]") ? there : there?.querySelector("a, button");
    target?.focus({ preventScroll: true });
  };
}
