// How cases look on the phone.

import { t } from "aftercare/live";

import { h, moment } from "./me_dom.js";
import { planLine, plans } from "./me_plans.js";
import { others, primary } from "./me_steps.js";
import { choice } from "./me_words.js";

const CLOCKS = new Set(["respond", "contact", "diagnose", "onsite", "onsite_limit", "restore", "resolve", "close", "first_reply", "dispatch", "report", "callback"]);

function promise(one) {
  const [clock, agreed] = one.promise.split("/");
  const name = CLOCKS.has(clock) ? t(`clock.${clock}`) : clock;
  return agreed ? `${name} (${t("clock.agreed")})` : name;
}

const due = (one) => one.due_at && h("p", {}, `${promise(one)}: `,
  h("time", { class: "due", "data-countdown": true, datetime: one.due_at }));

const tags = (one) => [
  h("span", { class: "tag" }, t(`status.${one.status}`)), " ",
  one.paused_for && h("span", { class: "tag" }, t("me.paused", { reason: choice(one.paused_for) })),
];

const place = (one) => [one.site?.name, one.site?.city, one.site?.address].filter(Boolean).join(" · ");

/** The phone's own map, and AutoNavi's for phones that know no `geo:`; nothing is loaded from there. */
function ways(one) {
  const { site } = one;
  if (!site) return null;
  const name = encodeURIComponent(site.name), foreign = { class: "button plain", rel: "noreferrer noopener", target: "_blank" };
  if (site.latitude === null) {
    const words = encodeURIComponent([site.city, site.address ?? site.name].filter(Boolean).join(" "));
    return h("a", { ...foreign, href: `https://uri.amap.com/search?keyword=${words}` }, t("me.amap"));
  }
  const spot = `${site.latitude},${site.longitude}`;
  return [
    h("a", { class: "button plain", href: `geo:${spot}?q=${spot}(${name})` }, t("me.navigate")),
    h("a", { ...foreign, href: `https://uri.amap.com/marker?position=${site.longitude},${site.latitude}&coordinate=wgs84&name=${name}` }, t("me.amap")),
  ];
}

function person(one) {
  const { name, phone, email } = one.contact ?? {};
  if (!name && !phone && !email) return null;
  return [name, phone && h("a", { class: "button plain", href: `tel:${phone.replace(/[^\d+]/g, "")}` }, t("me.ring", { phone })), !phone && email];
}

function heading(one, href, level) {
  return h(level, {}, href ? h("a", { class: "id", href }, one.case_id) : null, " ", tags(one));
}

const words = (one) => h("p", {}, one.summary || t(`kind.${one.kind}`));

const done = (verb, one, act, attributes = {}) =>
  h("button", { type: "button", "data-verb": verb, "data-case": one.case_id, ...attributes, on: { click: () => act(one, verb) } }, t(`me.do.${verb}`));

const about = (one) => [
  [one.device, one.device_id].filter(Boolean).join(" "),
  one.severity && `${t("me.severity")} ${one.severity}`,
  ...one.loans.map(lent),
].filter(Boolean).join(" · ");

/** All cases: what is next stands on top, with the button that says it is done. */
export function list(cases, { href, act, may_write }) {
  if (!cases.length) return h("p", { class: "empty" }, t("me.nothing"));
  return h("ol", { class: "cards" }, cases.map((one, index) => {
    const next = index === 0 && may_write && primary(one);
    return h("li", { class: "card", id: one.case_id },
      index === 0 && h("p", { class: "hint" }, t("me.next")),
      heading(one, href(one), "h2"), words(one), due(one), planLine(one, href(one)),
      h("p", { class: "hint" }, [one.customer, place(one)].filter(Boolean).join(" · ")),
      index === 0 && h("p", { class: "hint" }, about(one)),
      one.visit_from && h("p", { class: "hint" }, t("me.visit"), " ", moment(one.visit_from)),
      index === 0 && h("div", { class: "row" }, ways(one), person(one)),
      next && done(next, one, act, { class: "go" }));
  }));
}

const row = (name, value) => value && (!Array.isArray(value) || value.length) ? [h("dt", {}, t(`me.${name}`)), h("dd", {}, value)] : null;

export function detail(one, { act, may_write, photo }) {
  const next = may_write && primary(one), rest = may_write ? others(one) : [];
  return [
    h("p", {}, tags(one)), words(one), due(one),
    one.gone && h("p", { class: "hint" }, t("me.gone")),
    one.expert && h("p", {}, t("me.with_expert", { target: one.expert })),
    next && !one.gone && done(next, one, act, { class: "go" }),
    plans(one, { act, may_write: may_write && !one.gone }),
    h("div", { class: "row ways" }, ways(one)),
    h("dl", { class: "facts" },
      row("contact", person(one) && h("div", { class: "row" }, person(one))), row("customer", one.customer), row("site", place(one)),
      row("device", [one.device, one.device_id].filter(Boolean).join(" · ")),
      row("severity", one.severity), row("mode", t(`mode.${one.mode}`)),
      row("visit", one.visit_from && [moment(one.visit_from), " – ", moment(one.visit_to)]),
      row("loans", one.loans.map((loan) => h("p", {}, lent(loan)))),
      row("reported", moment(one.reported_at)),
      row("done", steps(one)),
      row("photos", photos(one, photo))),
    rest.length > 0 && h("section", { "aria-labelledby": "more" }, h("h2", { id: "more" }, t("me.more")),
      h("div", { class: "more" }, rest.map((verb) => done(verb, one, act, { class: "plain" })))),
  ];
}

const lent = (loan) => [loan.loan_id, loan.model, t(`me.loan.${loan.status}`), loan.due_back && t("me.due_back", { day: loan.due_back })].filter(Boolean).join(" · ");

const STEPS = ["contacted", "responded", "diagnosed", "departed", "arrived", "restored", "recorded"];

function steps(one) {
  return STEPS.filter((name) => name in one.milestones)
    .map((name) => h("p", {}, `✓ ${t(`milestone.${name}`)} `, moment(one.milestones[name])));
}

function photos(one, address) {
  const numbers = Array.from({ length: one.photos }, (_, index) => index + 1);
  return numbers.map((number) => [h("a", { href: address(one, number), target: "_blank" }, t("me.photo_number", { number })), " "]);
}

// --- what is on its way ---------------------------------------------------------------------

const MARK = { saved: "○", sent: "✓", refused: "⚠" };

/** How much is still only on this phone. */
export function summary(commands) {
  const count = (state) => commands.filter((one) => one.state === state).length;
  const saved = count("saved"), refused = count("refused");
  const parts = [];
  if (saved) parts.push(t("me.saved", { count: saved }));
  if (refused) parts.push(t("me.refused", { count: refused }));
  if (!parts.length && count("sent")) parts.push(t("me.all_sent"));
  return parts.join(" · ");
}

/** Each thing that was done, with what became of it. */
export function sendings(commands, { drop, correct }) {
  return h("ol", { class: "sendings" }, [...commands].reverse().map((one) => h("li", { "data-state": one.state },
    h("p", {}, `${MARK[one.state]} ${t(`me.do.${one.verb}`)}${one.body.step ? ` ${one.body.step}` : ""} · ${one.case_id} · `, moment(one.body.occurred_at), ` · ${t(`me.state.${one.state}`)}`),
    one.state === "refused" && h("p", { class: "error" }, why(one.problem)),
    one.state !== "sent" && h("div", { class: "row" },
      one.state === "refused" && h("button", { type: "button", on: { click: () => correct(one) } }, t("me.correct")),
      h("button", { type: "button", class: "quiet", on: { click: () => drop(one) } }, t("me.drop"))))));
}

const REASONS = new Set(["before-report", "out-of-order", "in-the-future", "too-long-ago", "record-required", "record-incomplete", "not-the-holder", "engineer-busy", "unknown-engineer", "not-assigned", "forbidden", "not-found", "consent-required", "measurement-required", "out-of-tolerance", "restoration-unchecked", "step-done", "plan-already-active", "plan-not-active", "plan-does-not-fit"]);

/** The reason in the reader's language, with the fields that are meant. */
function why(problem) {
  const slug = (problem.type ?? "").split("/").pop();
  if (!REASONS.has(slug)) return problem.detail ?? problem.title ?? "";
  return [t(`me.problem.${slug}`), (problem.errors ?? []).map(named).filter(Boolean).join(", ")].filter(Boolean).join(" ");
}

/** A figure is called as its contract calls it. */
function named({ field }) {
  const name = field.split(".").pop();
  if (field.startsWith("measured.")) return name;
  return FIELD_NAMES.has(name) ? t(`me.field.${name}`) : null;
}

const FIELD_NAMES = new Set(["symptom", "cause", "action", "prevention", "technique", "place", "reported_by"]);
