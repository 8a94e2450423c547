// What every page shares: words, times that move, a stream that resumes, calls to the API.

const words = JSON.parse(document.getElementById("words").textContent);
const root = document.documentElement;
const zone = "Asia/Shanghai";
// The reader's clock may be wrong; the service says what time it is.
const skew = Date.parse(root.dataset.now) - Date.now();

export const now = () => Date.now() + skew;

export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// --- times ---------------------------------------------------------------------------------

const absolute = new Intl.DateTimeFormat(root.lang, {
  dateStyle: "medium", timeStyle: "long", timeZone: zone, hourCycle: "h23",
});
const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });

/** Seconds as "2 h 05 min 09 s"; two units are enough from a day on. */
export function span(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24;
  const m = Math.floor(seconds / 60) % 60, s = seconds % 60;
  const pad = (number) => String(number).padStart(2, "0");
  const unit = (number, key) => `${number} ${t(key)}`;
  if (d) return `${unit(d, "live.d")} ${unit(h, "live.h")}`;
  if (h) return `${unit(h, "live.h")} ${unit(pad(m), "live.m")}`;
  if (m) return `${unit(m, "live.m")} ${unit(pad(s), "live.s")}`;
  return unit(s, "live.s");
}

function left(element, instant) {
  const seconds = Math.round((instant - now()) / 1000);
  element.classList.toggle("late", seconds < 0);
  return t(seconds < 0 ? "live.late" : "live.left", { time: span(Math.abs(seconds)) });
}

function ago(_, instant) {
  const seconds = Math.round((instant - now()) / 1000), size = Math.abs(seconds);
  if (size < 60) return relative.format(seconds, "second");
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (size < 86400) return relative.format(Math.trunc(seconds / 3600), "hour");
  return relative.format(Math.trunc(seconds / 86400), "day");
}

/** Screen readers and the pointer get the absolute time; the moving text is for the eye only. */
function show(element, text) {
  if (element.dataset.shown !== element.dateTime) {
    const stated = absolute.format(Date.parse(element.dateTime));
    const eye = document.createElement("span"), ear = document.createElement("span");
    eye.ariaHidden = "true";
    ear.className = "visually-hidden";
    ear.textContent = stated;
    element.title = stated;
    element.dataset.shown = element.dateTime;
    element.replaceChildren(eye, ear);
  }
  const eye = element.firstChild;
  if (!eye.firstChild) eye.append(text);
  else if (eye.firstChild.data !== text) eye.firstChild.data = text;
}

const MOVING = "time[data-countdown], time[data-ago]";

function move(element) {
  const words = "countdown" in element.dataset ? left : ago;
  show(element, words(element, Date.parse(element.dateTime)));
}

function tick() {
  document.querySelectorAll(MOVING).forEach(move);
  setTimeout(tick, 1000 - (now() % 1000));
}

/** Times that arrive later move from the moment they are seen. */
const arrivals = new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.matches?.(MOVING)) move(node);
      node.querySelectorAll?.(MOVING).forEach(move);
    }
  }
});

// --- the stream ----------------------------------------------------------------------------

const banner = document.getElementById("connection");

function say(key) {
  const text = key ? t(key) : "";
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = !key;
}

/**
 * Follow a stream of server-sent events for as long as the page lives.
 *
 * `on` maps event names to `(data, id)`; `after` is the position that the page already shows.
 * The server is heard at least every 15 s: three silences in a row are a lost connection, and so
 * is a network that the browser says is gone.
 */
export async function connect(url, { on, after = null, silence = 45000 }) {
  const place = { id: after };
  let lost = false;
  for (let wait = 500; ; wait = Math.min(wait * 2, 10000)) {
    try {
      await follow(url, place, silence, on, () => {
        wait = 500;
        if (lost) { say("live.back"); setTimeout(() => say(null), 3000); }
        lost = false;
      });
    } catch (error) {
      console.debug("stream", error);
    }
    lost = true;
    say("live.lost");
    await pause(wait);
  }
}

/** So many milliseconds, or until the network is there again. */
async function pause(wait) {
  const over = new AbortController();
  await new Promise((resolve) => {
    setTimeout(resolve, wait);
    addEventListener("online", resolve, { signal: over.signal });
  });
  over.abort();
}

async function follow(url, place, silence, on, opened) {
  const abort = new AbortController();
  let watch = setTimeout(() => abort.abort(), silence);
  addEventListener("offline", () => abort.abort(), { signal: abort.signal });
  const headers = { Accept: "text/event-stream" };
  if (place.id !== null) headers["Last-Event-ID"] = place.id;
  try {
    const response = await fetch(url, { headers, signal: abort.signal, cache: "no-store" });
    if (response.status === 401) signIn();
    if (!response.ok) throw new Error(`status ${response.status}`);
    opened();
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await text.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), silence);
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) dispatch(block, place, on);
    }
  } finally {
    clearTimeout(watch);
    abort.abort();
  }
}

function dispatch(block, place, on) {
  const event = { event: "message", data: [] };
  for (const line of block.split("\n")) {
    const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)];
    if (name === "data") event.data.push(value);
    else if (name) event[name] = value;
  }
  if (event.id !== undefined) place.id = event.id;
  if (event.data.length) on[event.event]?.(JSON.parse(event.data.join("\n")), place.id);
}

// --- calls ---------------------------------------------------------------------------------

function signIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Call the API; a refusal is thrown as its problem document. A repeat needs the same `key`. */
export async function call(method, url, body, { key = newKey() } = {}) {
  const headers = { Accept: "application/json", "Idempotency-Key": key };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  if (response.status === 401) signIn();
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw answer;
  return answer;
}

// --- the reader's place --------------------------------------------------------------------

// A link that keeps the place changes one parameter of the address as it stands by then.
const placeKey = `place:${location.pathname}`;
for (const link of document.querySelectorAll("a[data-keep-place]")) {
  link.addEventListener("click", () => {
    sessionStorage.setItem(placeKey, String(scrollY));
    const here = new URL(location);
    const changed = link.dataset.keepPlace;
    here.searchParams.set(changed, new URL(link.href).searchParams.get(changed));
    link.href = here;
  });
}
const kept = sessionStorage.getItem(placeKey);
if (kept !== null) {
  sessionStorage.removeItem(placeKey);
  scrollTo({ top: Number(kept), behavior: "instant" });
}

// Not before the page's own modules have seen what the server sent.
document.addEventListener("DOMContentLoaded", () => {
  tick();
  arrivals.observe(document.body, { childList: true, subtree: true });
});
