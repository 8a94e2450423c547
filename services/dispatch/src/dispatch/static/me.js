// The engineer's page: what is next, and how do I say it is done? With and without a connection.

import { connect, newKey, now, t } from "aftercare/live";

import { h } from "./me_dom.js";
import { form, forgetDrafts } from "./me_form.js";
import { drop, flush, forget, keep, onChange, outbox, recall, remember } from "./me_outbox.js";
import { after, asks, bodyFor } from "./me_steps.js";
import { detail, list, sendings, summary } from "./me_view.js";

const here = JSON.parse(document.getElementById("here").textContent);
const view = document.getElementById("view"), title = document.getElementById("title");
const status = document.getElementById("outbox"), trouble = document.getElementById("trouble");
const engineer_id = here.known.engineer_id, acts = here.query !== "";
const knownName = `cases:${engineer_id}`;
// What an earlier version of the page kept on the phone lacks these.
const FORMERLY = { pauses: ["customer_unavailable", "no_site_access", "force_majeure"], figures: [], plans: [], emergencies: [] };
const RETRY_MS = 5000, PAUSE_MS = 1500;

let known = here.known, commands = [];
/** A refused command that is being put right. */
let correcting = null;
/** What is drawn: a form that somebody fills in is not drawn again. */
let drawn = "";

// --- addresses -----------------------------------------------------------------------------

const caseInAddress = () => /^\/me\/cases\/([^/]+)$/.exec(location.pathname)?.[1] ?? null;
const verbInAddress = () => location.hash.slice(1) || null;
const address = (path, hash = "") => `${path}${here.query}${hash}`;
const href = (one) => address(`/me/cases/${one.case_id}`);

function go(url) {
  history.pushState(null, "", url);
  draw();
  scrollTo(0, 0);
  title.focus();
}

addEventListener("popstate", () => draw());
document.addEventListener("click", (event) => {
  const link = event.target.closest("#view a[href^='/me']");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

// --- what is shown -------------------------------------------------------------------------

/** The cases as they are once everything that was done here has arrived. */
function cases() {
  const pending = commands.filter((one) => one.state === "saved" || (one.state === "sent" && one.position > known.position));
  return known.cases.map((one) => pending.filter((sent) => sent.case_id === one.case_id)
    .reduce((so_far, sent) => after(so_far, sent, engineer_id), { ...FORMERLY, ...one }));
}

function draw({ again = false } = {}) {
  const all = cases(), one = all.find(({ case_id }) => case_id === caseInAddress());
  const verb = one && here.may_write ? verbInAddress() : null;
  const place = `${location.pathname}${verb ? location.hash : ""}`;
  title.textContent = verb ? t(`me.do.${verb}`) : caseInAddress() ?? t("me.title");
  drawOutbox();
  if (verb && drawn === place && !again) return;
  const focused = document.activeElement?.closest("#view [data-verb]")?.dataset;
  drawn = place;
  view.replaceChildren(...content(all, one, verb).flat(3).filter(Boolean));
  if (focused && !verb) refocus(focused);
}

function refocus({ verb, case: id, which }) {
  const same = `[data-verb="${verb}"][data-case="${id}"]`;
  (view.querySelector(which ? `${same}[data-which="${which}"]` : same) ?? view.querySelector(same))?.focus();
}

function content(all, one, verb) {
  const tools = { act, may_write: here.may_write, href, photo: (of, number) => `/v1/cases/${of.case_id}/photos/${number}` };
  if (!caseInAddress()) return [list(all.filter((it) => !it.gone && it.status !== "signed_off"), tools)];
  const back = h("p", {}, h("a", { href: address("/me") }, t("me.back")));
  if (!one) return [back, h("p", { class: "empty" }, t("me.not_mine"))];
  if (!verb) return [back, detail(one, tools)];
  return [h("p", { class: "hint" }, `${one.case_id} · ${one.customer}`), asked(one, verb)];
}

function asked(one, verb) {
  const again = correcting?.verb === verb && correcting.case_id === one.case_id ? correcting : null;
  const back = () => { correcting = null; go(href(one)); };
  return form(one, verb, {
    said: again?.body,
    at: again?.body.occurred_at ?? null,
    wrong: (again?.problem.errors ?? []).map((error) => error.field.split(".").pop()),
    cancel: back,
    async done(said, at, photos) {
      if (!await say(one, verb, said, at, photos, again?.body.photo)) return false;
      if (again) await drop(again.seq);
      back();
      return true;
    },
  });
}

function drawOutbox() {
  const mine = commands.filter((one) => one.account === here.account);
  const text = summary(mine), open = status.querySelector("details")?.open ?? false;
  if (!text) return status.replaceChildren();
  const refused = mine.some((one) => one.state === "refused");
  status.replaceChildren(h("details", { open: open || refused, class: "outbox" },
    h("summary", {}, text), sendings(mine, { drop: (one) => drop(one.seq), correct })));
}

// --- what is done --------------------------------------------------------------------------

async function act(one, verb, said = {}) {
  if (asks(one, verb)) return go(address(`/me/cases/${one.case_id}`, `#${verb}`));
  await say(one, verb, said, null, []);
}

/**
 * Kept here first, whether or not there is a connection; answers whether it is. Photos go one by
 * one, before the rest. Nobody waits until it is sent: who goes on meanwhile stays where he went.
 */
async function say(one, verb, said, given, photos, former) {
  const at = given ?? new Date(now()).toISOString();
  const say = (which, what) => keep({
    account: here.account, case_id: one.case_id, verb: which, key: newKey(), body: bodyFor(which, what, { engineer_id, acts, at }),
  });
  try {
    for (const photo of photos) await say("photos", { photo });
    if (verb !== "photos") await say(verb, said);
    else if (former && !photos.length) await say("photos", { photo: former });
  } catch (error) {
    complain(t("me.not_kept"), error);
    return false;
  }
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("outbox")).catch(() => {});
  send();
  return true;
}

function correct(one) {
  const verb = repaired(one);
  // What the record says by now is put right, not what the resolution said.
  correcting = verb === one.verb ? one : { ...one, verb, body: { occurred_at: one.body.occurred_at } };
  drawn = "";
  go(address(`/me/cases/${one.case_id}`, `#${verb}`));
}

// What is lacking is put right where it is said.
const REPAIRED = { "record-required": "record", "record-incomplete": "record", "restoration-unchecked": "restore" };
const repaired = (one) => REPAIRED[one.problem.type.split("/").pop()] ?? one.verb;

function complain(text, error) {
  console.debug("me", error);
  trouble.textContent = text;
  trouble.hidden = false;
}

let sending = null, more = false;

/** One after the other; what is kept while it sends is sent with it, however late the cases are read. */
function send() {
  more = true;
  sending ??= sendAll().then(refresh);
  return sending;
}

async function sendAll() {
  try {
    while (more) {
      more = false;
      tell(await flush());
    }
  } finally {
    sending = null;
  }
}

function tell(result) {
  trouble.hidden = result !== "sign-in";
  if (result === "sign-in") trouble.replaceChildren(t("me.sign_in_again"), " ", h("a", { href: `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}` }, t("me.sign_in")));
}

// --- what is known -------------------------------------------------------------------------

async function refresh() {
  const newest = Math.max(0, ...commands.filter((one) => one.state === "sent").map((one) => one.position));
  const mark = here.query ? "&" : "?";
  try {
    const answer = await fetch(`/me/cases${here.query}${mark}min_position=${newest}`, { cache: "no-store" });
    if (!answer.ok) return;
    known = await answer.json();
    known.position = Math.max(known.position, newest);
    await remember(knownName, known);
    draw();
  } catch (error) {
    console.debug("refresh", error);
  }
}

/** However much happens, the phone asks twice in three seconds at most. */
let asking = null;
function soon() {
  asking ??= setTimeout(async () => { await refresh(); asking = null; }, PAUSE_MS);
}

async function reread() {
  commands = await outbox();
  draw();
}

async function start() {
  const kept = await recall(knownName);
  const offline = "kept" in document.documentElement.dataset;
  if (kept && offline && kept.position >= known.position) known = kept;
  else if (!offline) await remember(knownName, known);
  await remember("account", here.account);
  await reread();
  onChange(reread);
  await send();
  connect(`/me/stream`, { on: { moved: soon }, after: known.position });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (commands.some((one) => one.state === "saved")) send(); }, RETRY_MS);
}

// --- without a connection ------------------------------------------------------------------

async function install() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/me/worker.js", { type: "module", scope: "/me" });
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.startsWith(`${location.origin}/static/`));
  if (!("kept" in document.documentElement.dataset)) active.postMessage({ keep: [...files, location.href.split("#")[0]] });
}

document.querySelector("form[action='/sign-out']")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  if (commands.some((one) => one.state === "saved" && one.account === here.account) && !confirm(t("me.unsent"))) return;
  // What customers are called does not stay on a phone that nobody is signed in on.
  await forget();
  forgetDrafts();
  navigator.serviceWorker?.controller?.postMessage({ forget: true });
  form.submit();
});

start().catch((error) => complain(t("me.not_kept"), error));
install().catch((error) => console.debug("worker", error));
