// What is said of a case besides sending somebody: asked first where a dialog of that name stands.

import { call, newKey, t } from "aftercare/live";

const told = document.getElementById("said");
const SPOKEN = [
  "agreement-expired", "already-accepted", "already-arrived", "already-handed-over", "in-the-future", "not-handed-over",
  "not-with-a-partner", "partner-inactive", "plan-already-active", "reason-required", "step-done",
];
// What was sent and got no answer is repeated under the same key: it happens once.
let unanswered = { text: "", key: "" };

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-say]");
  if (!button) return;
  const wanted = { ...button.dataset, body: JSON.parse(button.dataset.body) };
  const dialog = document.getElementById(`say-${wanted.say}`);
  if (dialog) ask(dialog, wanted);
  else send(wanted, wanted.body, beside(button));
});

function ask(dialog, wanted) {
  const form = dialog.querySelector("form");
  form.reset();
  silence(form);
  dialog.wanted = wanted;
  dialog.querySelector("[data-what]").textContent = [wanted.case, wanted.name].filter(Boolean).join(" · ");
  dialog.querySelector("[data-against]").textContent = wanted.against;
  // What the button said already needs not be asked.
  for (const field of dialog.querySelectorAll("[data-field]")) {
    field.hidden = field.dataset.field in wanted.body;
    field.querySelector("input").disabled = field.hidden;
  }
  dialog.showModal();
}

for (const dialog of document.querySelectorAll("dialog[id^='say-']")) {
  const form = dialog.querySelector("form");
  dialog.querySelector("[data-leave]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    silence(form);
    const { wanted } = dialog;
    const empty = [...form.elements].find((one) => one.required && !one.disabled && !one.value.trim());
    if (empty) return complain(form, t("live.board.missing"), empty);
    const done = await send(wanted, { ...wanted.body, ...bodyOf(form) }, (text, name) => complain(form, text, form.elements.namedItem(name)));
    if (done) dialog.close();
  });
}

/** Fields left empty are not said; a time is the company's, whatever the zone of the machine. */
function bodyOf(form) {
  const said = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
  return Object.fromEntries(said.map(([name, value]) => {
    const { type } = form.elements.namedItem(name);
    if (type === "checkbox") return [name, true];
    return [name, type === "datetime-local" ? inShanghai(value) : value.trim()];
  }));
}

const inShanghai = (value) => `${value.length === 16 ? `${value}:00` : value}+08:00`;

/** Whether it is done; `refuse(text, field)` shows why not, where it belongs. */
async function send(wanted, body, refuse) {
  const text = JSON.stringify([wanted.case, wanted.say, body]);
  if (unanswered.text !== text) unanswered = { text, key: newKey() };
  try {
    await call("POST", `/v1/cases/${wanted.case}/${wanted.say}`, body, { key: unanswered.key });
    unanswered = { text: "" };
    told.textContent = t(`live.board.said.${wanted.say}`, { case: wanted.case, name: wanted.name || body.target || "" });
    return true;
  } catch (problem) {
    if (problem.type) unanswered = { text: "" };
    refuse(inWords(problem), problem.errors?.[0]?.field);
    return false;
  } finally {
    document.dispatchEvent(new Event("redraw"));
  }
}

function inWords(problem) {
  if (!problem.type) return t("live.board.offline");
  const kind = problem.type.split("/").pop();
  return SPOKEN.includes(kind) ? t(`live.board.refused.${kind}`) : problem.detail ?? problem.title;
}

function complain(form, text, field) {
  const message = form.querySelector("[role=alert]");
  message.textContent = text;
  message.hidden = false;
  if (!field || field.disabled) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function silence(form) {
  form.querySelector("[role=alert]").hidden = true;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** Beside the button that was pressed. */
function beside(button) {
  button.parentElement.querySelector(".error")?.remove();
  return (text) => {
    const message = document.createElement("p");
    message.className = "error";
    message.role = "alert";
    message.textContent = text;
    button.after(message);
  };
}
