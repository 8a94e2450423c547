// The two forms of a call: what the customer said, or why nobody spoke to her.

import { call } from "aftercare/live";

/** The company's time of day, whatever the zone of the reader's machine. */
const inShanghai = (local) => `${local}:00+08:00`;

function bodyOf(form) {
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (value === "") continue;
    if (name.startsWith("scores.")) {
      body.scores = { ...body.scores, [name.slice("scores.".length)]: Number(value) };
    } else {
      body[name] = name === "call_again_at" ? inShanghai(value) : value;
    }
  }
  return body;
}

function complain(form, problem) {
  const message = form.querySelector("[role=alert]");
  message.textContent = problem.detail ?? problem.title ?? String(problem);
  message.hidden = false;
  const field = form.elements.namedItem(problem.field ?? "");
  if (field instanceof HTMLElement) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

const officers = document.querySelectorAll("[name=officer_id]");
for (const officer of officers) officer.value = localStorage.getItem("officer") ?? "";

for (const form of document.querySelectorAll("form[data-action]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const body = bodyOf(form);
    try {
      const { position } = await call("POST", form.dataset.action, body);
      localStorage.setItem("officer", body.officer_id);
      location.assign(`/?min_position=${position}`);
    } catch (problem) {
      complain(form, problem);
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
}
