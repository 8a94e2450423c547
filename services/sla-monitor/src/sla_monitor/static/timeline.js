// The drawing of a case: its now moves, and its texts stay in sight while it is scrolled.

import { now } from "aftercare/live";

const box = document.querySelector(".timeline .scroll");

function moveNow() {
  const drawing = box.querySelector(".drawing");
  const begin = Date.parse(drawing.dataset.begin), end = Date.parse(drawing.dataset.end);
  const x = `${(100 * (now() - begin)) / (end - begin)}%`;
  for (const element of drawing.querySelectorAll("[data-now]")) {
    for (const name of ["x", "x1", "x2"]) if (element.hasAttribute(name)) element.setAttribute(name, x);
  }
}

function follow() {
  box.style.setProperty("--scrolled", `${box.scrollLeft}px`);
}

/** On a narrow screen what happens now comes first. */
function showNow() {
  const line = box.querySelector("line[data-now]");
  if (!line) return;
  const there = line.getBoundingClientRect().left - box.getBoundingClientRect().left;
  box.scrollLeft += there - box.clientWidth / 2;
}

box.addEventListener("scroll", follow, { passive: true });
setInterval(moveNow, 1000);
showNow();
