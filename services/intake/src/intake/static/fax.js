// The pages of a fax are enlarged by button or key, each step by a quarter.

const STEP = 1.25, LARGEST = 4;
const sheets = document.querySelector(".sheets");
let zoom = 1;

function enlarge(steps) {
  zoom = steps ? Math.min(LARGEST, Math.max(1, zoom * STEP ** steps)) : 1;
  sheets.style.setProperty("--zoom", zoom);
}

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => enlarge(Number(button.dataset.zoom)));
}

const KEYS = { "+": 1, "=": 1, "-": -1, 0: 0 };

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey) return;
  if (event.key in KEYS) enlarge(KEYS[event.key]);
});
