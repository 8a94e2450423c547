// Sending by carrying a case to a person, or to a partner, with a mouse anywhere on the card, by touch on its grip.

const board = document.getElementById("board");
const FAR = 6, EDGE = 48, SPEED = 12;
let carrying = null;

board.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".card[data-case]");
  const isGrip = event.target.closest("[data-grip]") !== null;
  if (!card || event.button !== 0 || (event.pointerType !== "mouse" && !isGrip)) return;
  if (!isGrip && event.target.closest("a, button, input, summary")) return;
  carrying = { id: card.dataset.case, x: event.clientX, y: event.clientY, pointer: event.pointerId, label: null, over: null };
});

document.addEventListener("pointermove", (event) => {
  if (carrying?.pointer !== event.pointerId) return;
  if (!carrying.label && Math.hypot(event.clientX - carrying.x, event.clientY - carrying.y) < FAR) return;
  if (!carrying.label) begin();
  event.preventDefault();
  [carrying.x, carrying.y] = [event.clientX, event.clientY];
  follow();
});

document.addEventListener("pointerup", (event) => {
  if (carrying?.pointer !== event.pointerId) return;
  const { id, label, over } = carrying;
  end();
  if (label && over) whenChosen(id, () => document.querySelector(`#${CSS.escape(over.id)} :is([data-send], [data-say])`)?.click());
});
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });

function begin() {
  getSelection().removeAllRanges();
  carrying.label = document.createElement("div");
  carrying.label.className = "carried";
  document.body.append(carrying.label);
  document.body.classList.add("dragging");
  document.dispatchEvent(new CustomEvent("choose", { detail: carrying.id }));
  setTimeout(scroll, 50);
}

function follow() {
  const { label, x, y, id } = carrying;
  const over = document.elementFromPoint(x, y)?.closest("[data-person], [data-partner]") ?? null;
  if (over !== carrying.over) {
    carrying.over?.classList.remove("over");
    over?.classList.add("over");
    carrying.over = over;
  }
  label.style.transform = `translate(${Math.min(x + 12, innerWidth - 200)}px, ${y + 12}px)`;
  label.replaceChildren(over ? `${id} → ${over.querySelector("h3").textContent.trim()}` : id);
  const against = over?.querySelector(".against");
  if (against) label.append(against.cloneNode(true));
}

/** Near an edge of the people, they move on. */
function scroll() {
  if (!carrying?.label) return;
  const people = board.querySelector(".people"), box = people.getBoundingClientRect();
  if (carrying.x > box.left && carrying.y > box.top) {
    if (carrying.y > Math.min(box.bottom, innerHeight) - EDGE) people.scrollTop += SPEED;
    else if (carrying.y < Math.max(box.top, 0) + EDGE) people.scrollTop -= SPEED;
  }
  follow();
  setTimeout(scroll, 30);
}

function whenChosen(id, done) {
  if (board.dataset.case === id) done();
  else document.addEventListener("chosen", (event) => { if (event.detail === id) done(); }, { once: true });
}

function end() {
  carrying?.label?.remove();
  carrying?.over?.classList.remove("over");
  document.body.classList.remove("dragging");
  carrying = null;
}
