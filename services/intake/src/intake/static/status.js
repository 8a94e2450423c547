// Keeps what a customer is told of her case up to date; what she types is left alone.

const EVERY_MS = 20_000;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const shown = document.querySelector(`[data-part="${part.dataset.part}"]`);
      if (shown && shown.innerHTML !== part.innerHTML) shown.innerHTML = part.innerHTML;
    }
  } catch (error) {
    console.debug("status", error);
  }
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
