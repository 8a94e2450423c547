// The board follows the log; one case may be chosen, and the people then show who could come.

import { now } from "aftercare/live";
import { mirror, redraw } from "aftercare/redraw";

const board = document.getElementById("board");
const narrow = matchMedia("(max-width: 63.99rem)");
let chosen = board.dataset.case;

const question = () => (chosen ? `?case=${encodeURIComponent(chosen)}` : "");

mirror({
  url: () => `/board/panels${question()}`,
  stream: "/board/stream",
  on: ["moved"],
  position: board.dataset.position,
  every: 60000,
});

/** Ask for the people as they are for this case; `chosen` tells when they are shown. */
async function choose(id) {
  if (id === chosen) return shown();
  chosen = id;
  board.dataset.case = "";
  history.replaceState(null, "", `/${question()}`);
  mark();
  const asked = `/board/people${question()}`;
  const done = await redraw(new URL(asked, location), () => id === chosen);
  if (id === chosen && done) shown();
}

function shown() {
  board.dataset.case = chosen;
  document.dispatchEvent(new CustomEvent("chosen", { detail: chosen }));
}

function mark() {
  board.querySelector(".card[aria-current]")?.removeAttribute("aria-current");
  if (chosen) document.getElementById(chosen)?.setAttribute("aria-current", "true");
}

document.addEventListener("choose", (event) => choose(event.detail));

board.addEventListener("click", async (event) => {
  const asked = event.target.closest("[data-choose]");
  if (!asked && event.target.closest("a, button, summary")) return;
  const id = asked ? asked.dataset.choose : event.target.closest("[data-case].card")?.dataset.case;
  if (id === undefined) return;
  event.preventDefault();
  await choose(id);
  if (id && asked && narrow.matches) document.getElementById("people-title").scrollIntoView();
});

// Cards that are drawn again are marked again.
new MutationObserver(mark).observe(board, { childList: true, subtree: true });

function moveNow() {
  const axis = board.querySelector(".axis svg");
  const start = Date.parse(axis.dataset.start), end = Date.parse(axis.dataset.end);
  board.style.setProperty("--now", (now() - start) / (end - start));
}

mark();
moveNow();
setInterval(moveNow, 20000);
