// Every form that speaks to the API (`data-action`): its fields become the body, a refusal is shown.

import { call, newKey } from "aftercare/live";

/** The company's time of day, whatever the zone of the reader's machine. */
const inShanghai = (local) => `${local}:00+08:00`;

/** Fields left empty are not said; `contact.name` stands in an object of its own. */
function bodyOf(form) {
  const body = {};
  for (const [path, value] of new FormData(form)) {
    if (value === "") continue;
    const input = form.elements.namedItem(path);
    const names = path.split("."), last = names.pop();
    const place = names.reduce((inner, name) => (inner[name] ??= {}), body);
    if (input.type === "checkbox") place[last] = true;
    else place[last] = input.type === "datetime-local" ? inShanghai(value) : value;
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

function silence(form) {
  form.querySelector("[role=alert]").hidden = true;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/**
 * `data-next` is where to go afterwards; `{names}` in it are filled in from the answer. Who wants to
 * know before hears a `done` event of the form.
 */
function onwards(form, answer) {
  form.dispatchEvent(new Event("done"));
  const next = form.dataset.next ?? location.pathname + location.search;
  const url = new URL(next.replace(/\{(\w+)\}/g, (_, name) => answer[name]), location);
  url.searchParams.set("min_position", answer.position);
  location.assign(url);
}

for (const form of document.querySelectorAll("form[data-action]")) {
  // Pressing twice is one request: what is sent again carries the same key.
  let sent = {};
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    silence(form);
    form.setAttribute("aria-busy", "true");
    const body = bodyOf(form), said = JSON.stringify(body);
    if (sent.said !== said) sent = { said, key: newKey() };
    try {
      const method = form.dataset.method ?? "POST";
      onwards(form, await call(method, form.dataset.action, body, sent));
    } catch (problem) {
      complain(form, problem);
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  form.dataset.heard = "";
  // It was sent before this script came.
  if (form.hasAttribute("aria-busy")) {
    form.removeAttribute("aria-busy");
    form.requestSubmit();
  }
}
