// Acknowledging: what it is about, a note and a promised time if wanted, and a refusal said where
// it was asked.

import { call, now, t } from "aftercare/live";

const dialog = document.getElementById("acknowledge");
const form = dialog.querySelector("form");
const refusal = dialog.querySelector(".error");
const send = dialog.querySelector("button[value=send]");
// The company's wall time, which is what the field shows wherever the reader is.
const OFFSET = "+08:00", OFFSET_MS = 8 * 3600000;
let alerts = [], card = null;

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-acknowledge]");
  if (!button) return;
  alerts = button.dataset.acknowledge.split(" ");
  card = button.closest(".card").id;
  form.reset();
  refuse(null);
  dialog.querySelector(".what").textContent = button.dataset.about;
  dialog.showModal();
  send.focus();
});

dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
// What was asked about may be another element by now, or gone.
dialog.addEventListener("close", () => document.getElementById(card)?.querySelector("a, button")?.focus());

form.addEventListener("click", ({ target }) => {
  const minutes = target.dataset.minutes;
  if (minutes) form.elements.until.value = wallTime(now() + minutes * 60000);
});

function wallTime(instant) {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 16);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (send.ariaBusy === "true") return;
  send.ariaBusy = "true";
  refuse(null);
  try {
    const body = said();
    for (const alert of alerts) await call("POST", `/v1/alerts/${alert}/ack`, body);
    dialog.close();
  } catch (problem) {
    refuse(problem);
  } finally {
    send.ariaBusy = null;
  }
});

function said() {
  const note = form.elements.note.value.trim(), until = form.elements.until.value;
  return { ...(note && { note }), ...(until && { until: `${until}:00${OFFSET}` }) };
}

function refuse(problem) {
  refusal.hidden = problem === null;
  refusal.textContent = problem === null ? "" : sentence(problem);
}

function sentence(problem) {
  switch (problem.type?.split("/").pop()) {
    case "alert-resolved": return t("live.ack.resolved");
    case "promise-in-the-past": return t("live.ack.past");
    case "promise-too-far-ahead": return t("live.ack.far");
    case "already-acknowledged": return `${t("live.ack.taken")} (${problem.detail})`;
    case undefined: return t("live.ack.unreached");
    default: return problem.detail ?? problem.title;
  }
}
