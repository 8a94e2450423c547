// Sending somebody: at once where nothing speaks against it, else for a reason.

import { call, newKey, now, t } from "aftercare/live";

const refusal = document.getElementById("refusal");
const said = document.getElementById("said");
const insist = document.getElementById("insist");
const SPOKEN = ["already-assigned", "engineer-busy", "engineer-rejected", "rule-broken", "unknown-engineer"];
// What was sent and got no answer is repeated under the same key: it happens once.
let unanswered = { text: "", key: "" };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-send]");
  if (!button) return;
  const wanted = { ...button.dataset };
  const reason = "reason" in wanted ? await ask(wanted) : null;
  if (reason !== undefined) send(wanted, reason);
});

/** The reason, or undefined for whoever leaves it. */
function ask(wanted) {
  insist.querySelector("[data-what]").textContent = `${wanted.case} → ${wanted.name}`;
  const against = insist.querySelector("[data-against]");
  against.textContent = wanted.against;
  against.hidden = !wanted.against;
  insist.querySelector("form").reset();
  insist.returnValue = "";
  insist.showModal();
  return new Promise((resolve) => {
    insist.addEventListener("close", () => {
      resolve(insist.returnValue === "send" ? insist.querySelector("input").value : undefined);
    }, { once: true });
  });
}

function command(wanted, reason) {
  const body = { engineer_id: wanted.send, mode: wanted.mode };
  if (wanted.start) {
    const start = Math.max(Date.parse(wanted.start), now());
    const end = start + Number(wanted.minutes) * 60000;
    body.slot = { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
  }
  if (wanted.holder) body.replaces = wanted.holder;
  if (reason || wanted.holder) body.reason = reason || wanted.mode;
  return body;
}

async function send(wanted, reason) {
  const text = JSON.stringify([wanted.case, wanted.send, reason]);
  if (unanswered.text !== text) unanswered = { text, key: newKey(), body: command(wanted, reason) };
  try {
    await call("POST", `/v1/cases/${wanted.case}/assign`, unanswered.body, { key: unanswered.key });
    unanswered = { text: "" };
    refusal.hidden = true;
    said.textContent = t("live.board.sent", { case: wanted.case, name: wanted.name });
    document.dispatchEvent(new CustomEvent("choose", { detail: "" }));
    document.dispatchEvent(new Event("redraw"));
  } catch (problem) {
    if (problem.type) unanswered = { text: "" };
    said.textContent = "";
    refusal.textContent = `${wanted.case} → ${wanted.name}: ${await inWords(problem, wanted)}`;
    refusal.hidden = false;
    refusal.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new Event("redraw"));
  }
}

async function inWords(problem, wanted) {
  if (!problem.type) return t("live.board.offline");
  const kind = problem.type.split("/").pop();
  if (!SPOKEN.includes(kind)) return problem.detail ?? problem.title;
  return t(`live.board.${kind}`, { who: kind === "already-assigned" ? await holderOf(wanted.case) : wanted.name });
}

async function holderOf(id) {
  try {
    const { holder } = await call("GET", `/v1/cases/${id}`);
    return document.querySelector(`#day-${holder} h3`)?.firstChild.data.trim() || holder;
  } catch {
    return "?";
  }
}
