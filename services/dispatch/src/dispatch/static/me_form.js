// The form of one action: what it asks, what is missing beside the field, and what was typed before.

import { t } from "aftercare/live";

import { fromField, h, toField } from "./me_dom.js";
import { pad, shrunk } from "./me_pictures.js";
import { fieldsOf } from "./me_steps.js";
import { choice as worded } from "./me_words.js";

const draftOf = (one, verb) => `me-draft:${one.case_id}:${verb}`;

/** What was typed and not done yet, on this phone only. */
function draft(one, verb) {
  return JSON.parse(localStorage.getItem(draftOf(one, verb)) ?? "{}");
}

export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("me-draft:")) localStorage.removeItem(key);
}

/**
 * The form of `verb` for a case. `said` is what it holds already, `at` the time that is corrected,
 * `wrong` the fields that were refused; `done(said, at, photos)` keeps what it gets, and answers
 * whether it could.
 */
export function form(one, verb, { said = {}, at = null, wrong = [], done, cancel }) {
  const known = { ...before(one, verb), ...draft(one, verb), ...said, ...said.measured };
  const fields = fieldsOf(one, verb).map((field) => entry(one, verb, field, known));
  const time = when(at);
  const element = h("form", { class: "stack", novalidate: true, "data-verb": verb },
    fields.map((field) => field.element), time.element,
    h("p", { class: "error", role: "alert", hidden: true }),
    h("button", { class: "go" }, t(`me.do.${verb}`)),
    h("button", { type: "button", class: "plain", on: { click: cancel } }, t("me.cancel")));
  element.addEventListener("input", () => remember(one, verb, fields));
  let keeping = false;
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (keeping) return;
    const missing = fields.filter((field) => field.check());
    if (missing.length) return missing[0].focus();
    const { photos = [], photo = [], ...rest } = valuesOf(fields.filter((field) => field.kind !== "figure"));
    const measured = valuesOf(fields.filter((field) => field.kind === "figure"));
    if (Object.keys(measured).length) rest.measured = measured;
    keeping = true;
    const kept = await done(rest, time.value(), [...photos, ...photo]);
    keeping = false;
    if (kept) localStorage.removeItem(draftOf(one, verb));
  });
  for (const name of wrong) fields.find((field) => field.name === name)?.complain("me.refused_field");
  return element;
}

const valuesOf = (fields) => Object.fromEntries(fields.map((field) => [field.name, field.value()]).filter(([, value]) => value !== null && value !== undefined));

/** A record written before is the start of the next; the report says the symptom. */
function before(one, verb) {
  if (verb !== "record") return {};
  const kept = one.record ?? {};
  return { symptom: one.summary, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value)) };
}

function remember(one, verb, fields) {
  const texts = fields.filter((field) => field.drafted).map((field) => [field.name, field.value()]);
  localStorage.setItem(draftOf(one, verb), JSON.stringify(Object.fromEntries(texts.filter(([, value]) => value))));
}

function entry(one, verb, field, said) {
  const required = field.required || (verb === "record" && one.needs.includes(field.name));
  const text = field.label ?? t(`me.field.${field.name}`);
  const made = MAKERS[field.kind](`${verb}-${field.name}`, field.from ? { ...field, choices: one[field.from] } : field, said[field.name], text, required);
  const error = h("p", { class: "error", id: `${verb}-${field.name}-error`, hidden: true });
  made.element.append(error);
  const complain = (key) => {
    error.textContent = t(key, { field: text });
    error.hidden = false;
    made.input.setAttribute("aria-invalid", "true");
    made.input.setAttribute("aria-describedby", error.id);
  };
  const check = () => {
    error.hidden = true;
    made.input.removeAttribute("aria-invalid");
    const empty = made.value() === null || made.value().length === 0;
    if (made.busy?.()) complain("me.busy");
    else if (made.trouble?.()) complain(made.trouble());
    else if (required && empty) complain("me.missing");
    return !error.hidden;
  };
  const drafted = ["text", "line", "id", "choice", "figure"].includes(field.kind);
  return { name: field.name, kind: field.kind, element: made.element, value: made.value, focus: () => made.input.focus(), check, complain, drafted };
}

const label = (id, text, required) => h("label", { for: id }, text, required ? h("span", { class: "hint" }, ` ${t("me.required")}`) : null);

function typed(tag, attributes, id, text, said, required) {
  const input = h(tag, { id, name: id, "aria-required": required ? "true" : null, ...attributes });
  input.value = said ?? "";
  const element = h("div", {}, label(id, text, required), input);
  return { element, input, value: () => input.value.trim() || null };
}

const MAKERS = {
  text: (id, _, said, text, required) => typed("textarea", { maxlength: 9000, rows: 3 }, id, text, said, required),
  line: (id, _, said, text, required) => typed("input", { maxlength: 200, autocomplete: "off" }, id, text, said, required),
  id(id, _, said, text, required) {
    const made = typed("input", { maxlength: 64, autocomplete: "off", autocapitalize: "characters" }, id, text, said, required);
    const fits = () => !made.input.value.trim() || /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(made.input.value.trim());
    return { ...made, trouble: () => (fits() ? null : "me.not_an_id") };
  },
  figure(id, { low, high }, said, text, required) {
    const made = typed("input", { maxlength: 20, inputmode: "decimal", autocomplete: "off" }, id, text, said, required);
    const trouble = () => {
      const written = made.value();
      if (written === null) return null;
      if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(written)) return "me.not_a_number";
      return (low && Number(written) < Number(low)) || (high && Number(written) > Number(high)) ? "me.out_of_tolerance" : null;
    };
    return { ...made, trouble };
  },
  choice(id, field, said, text, required) {
    const options = field.choices.map((choice) => h("label", {},
      h("input", { type: "radio", name: id, value: choice, checked: choice === said }), worded(choice)));
    const element = h("fieldset", {}, h("legend", {}, text), h("div", { class: "choices" }, options));
    const input = options[0].firstChild;
    return { element, input, value: () => element.querySelector(":checked")?.value ?? null, required };
  },
  rating(id, _, said, text) {
    const options = [1, 2, 3, 4, 5].map((score) => h("label", {},
      h("input", { type: "radio", name: id, value: score, checked: score === said }), String(score)));
    const element = h("fieldset", {}, h("legend", {}, text), h("div", { class: "choices scale" }, options));
    const value = () => { const chosen = element.querySelector(":checked"); return chosen ? Number(chosen.value) : null; };
    return { element, input: options[0].firstChild, value: () => value(), busy: () => false };
  },
  photo: photos,
  replaced,
  signature,
};

/** Photos, each made small as soon as it was taken. */
function photos(id, _, __, text, required) {
  const input = h("input", { id, type: "file", accept: "image/*", capture: "environment", multiple: true });
  const shown = h("div", { class: "photos" });
  const taken = [];
  let working = 0, trouble = null;
  input.addEventListener("change", async () => {
    working += 1;
    trouble = null;
    for (const file of input.files) {
      try {
        const { data, url } = await shrunk(file);
        const remove = h("button", { type: "button", class: "quiet" }, t("me.remove"));
        const figure = h("figure", {}, h("img", { src: url, alt: t("me.photo_taken", { number: taken.length + 1 }) }), remove);
        const photo = { data };
        remove.addEventListener("click", () => { taken.splice(taken.indexOf(photo), 1); figure.remove(); });
        taken.push(photo);
        shown.append(figure);
      } catch {
        trouble = "me.no_picture";
      }
    }
    input.value = "";
    working -= 1;
  });
  const element = h("div", {}, label(id, text, required), input, shown);
  return { element, input, value: () => taken.map((photo) => photo.data), busy: () => working > 0, trouble: () => trouble };
}

/** What was replaced; one line each. */
function replaced(id, _, said, text) {
  const rows = h("div", { class: "stack" });
  const add = h("button", { type: "button", class: "plain" }, t("me.add_replaced"));
  const input = add;
  function row(one = {}) {
    const number = rows.children.length + 1, named = (name) => `${id}-${number}-${name}`;
    const what = h("select", { id: named("what") }, ["device", "key_part", "part"].map((kind) => h("option", { value: kind, selected: kind === one.what }, worded(kind))));
    const name = h("input", { id: named("name"), maxlength: 200, value: one.name ?? "" });
    const serial = h("input", { id: named("serial"), maxlength: 200, value: one.serial ?? "" });
    const remove = h("button", { type: "button", class: "quiet" }, t("me.remove"));
    const element = h("fieldset", {}, h("legend", {}, t("me.replaced_number", { number })),
      label(what.id, t("me.field.what")), what, label(name.id, t("me.field.name")), name, label(serial.id, t("me.field.serial")), serial, remove);
    remove.addEventListener("click", () => element.remove());
    element.read = () => ({ what: what.value, ...(name.value.trim() && { name: name.value.trim() }), ...(serial.value.trim() && { serial: serial.value.trim() }) });
    rows.append(element);
  }
  for (const one of said ?? []) row(one);
  add.addEventListener("click", () => row());
  const value = () => (rows.children.length ? [...rows.children].map((element) => element.read()) : null);
  return { element: h("div", {}, h("p", { class: "hint" }, text), rows, add), input, value };
}

function signature(id, _, __, text) {
  const canvas = h("canvas", { id, width: 640, height: 240, role: "img", "aria-label": t("me.signature_area"), tabindex: "-1" });
  const drawing = pad(canvas);
  const clear = h("button", { type: "button", class: "quiet", on: { click: drawing.clear } }, t("me.clear"));
  return { element: h("div", {}, h("p", { class: "label" }, text), canvas, clear), input: canvas, value: drawing.drawn };
}

/** When it happened, for whoever says it later: the time of pressing, unless another is given. */
function when(at) {
  const input = h("input", { id: "when", type: "datetime-local", step: 1 });
  if (at) input.value = toField(at);
  const element = h("details", { open: at !== null }, h("summary", {}, t("me.earlier")), label("when", t("me.when")), input);
  return { element, value: () => (input.value ? fromField(input.value) : null) };
}
