// The service worker of the engineer's page: the page opens without a connection, showing what was
// known last, and what was saved is sent when the connection is back, even if the page is closed.

import { flush } from "/static/dispatch/me_outbox.js";

const CACHE = "aftercare-me-1";
// A connection that is this slow is none: the page opens from what is kept.
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.waitUntil(sendAll()));

async function sendAll() {
  // A sync that fails is tried again by the browser.
  if ((await flush()) === "later") throw new Error("not everything could be sent");
}

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data;
  if (keep) event.waitUntil(keepAll(keep));
  if (forget) event.waitUntil(caches.delete(CACHE));
});

/** The files that the page was made of when it was opened for the first time. */
async function keepAll(urls) {
  const cache = await caches.open(CACHE);
  await Promise.all(urls.map(async (url) => {
    const path = new URL(url).pathname;
    if (isPage(path)) return keepPage(await fetch(url, { cache: "no-store" }));
    if (await cache.match(url)) return null;
    const answer = await fetch(url);
    return answer.ok ? cache.put(url, answer) : null;
  }));
}

const isPage = (path) => path === "/me" || path.startsWith("/me/cases/");

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && isPage(url.pathname)) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request, url));
});

/** The newest page; without a connection the one that was opened last, in the language asked for. */
async function page(request) {
  const asked = newest(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const answer = await Promise.race([asked.catch(() => null), late]);
  if (answer && answer.status < 500) return answer;
  return (await keptPage(request.url)) ?? asked;
}

async function newest(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await keepPage(answer.clone());
  return answer;
}

/** One page serves every case of an engineer; it tells them apart by its address. */
function nameOf(url, language) {
  const { searchParams, origin } = new URL(url);
  const name = new URL("/me", origin);
  name.searchParams.set("engineer", searchParams.get("engineer") ?? "");
  if (language) name.searchParams.set("lang", language);
  return name;
}

async function keepPage(answer) {
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(CACHE);
  const html = await answer.text(), headers = new Headers(answer.headers);
  // The phone's clock may be wrong; the page asks what time it is when it is opened, not now.
  const said = Date.parse(/data-now="([^"]+)"/.exec(html)?.[1] ?? "");
  headers.set("X-Clock-Ahead", String(said - Date.now()));
  for (const language of [null, headers.get("Content-Language")]) {
    await cache.put(nameOf(answer.url, language), new Response(html, { headers }));
  }
}

async function keptPage(url) {
  const cache = await caches.open(CACHE), language = new URL(url).searchParams.get("lang");
  const kept = (await cache.match(nameOf(url, language))) ?? (await cache.match(nameOf(url, null)));
  if (!kept) return null;
  const ahead = Number(kept.headers.get("X-Clock-Ahead"));
  const now = new Date(Date.now() + (Number.isFinite(ahead) ? ahead : 0)).toISOString();
  const html = (await kept.text()).replace(/data-now="[^"]+"/, `data-now="${now}" data-kept`);
  return new Response(html, { headers: kept.headers });
}

/** A file whose address names its version never changes; others are asked for again. */
async function file(request, url) {
  const cache = await caches.open(CACHE), kept = await cache.match(request);
  if (kept && url.searchParams.has("v")) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
