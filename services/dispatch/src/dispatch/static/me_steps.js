// What the phone may do with a case, and what a case becomes by what was done but not sent yet.

import { afterPlan } from "./me_plans.js";

const FIELDS = {
  accept: [],
  decline: [{ name: "reason", kind: "line" }],
  contact: [{ name: "note", kind: "text" }],
  respond: [{ name: "note", kind: "text" }],
  "remote-start": [{ name: "consent_ref", kind: "line", required: true }],
  "remote-end": [{ name: "outcome", kind: "choice", choices: ["solved", "unresolved", "refused"], required: true }],
  "require-onsite": [{ name: "reason", kind: "line" }],
  depart: [],
  arrive: [],
  pause: [{ name: "reason", kind: "choice", from: "pauses", required: true }],
  resume: [],
  photos: [{ name: "photo", kind: "photo", required: true }],
  record: [
    { name: "symptom", kind: "text" },
    { name: "cause", kind: "text" },
    { name: "action", kind: "text" },
    { name: "prevention", kind: "text" },
    { name: "technique", kind: "text" },
    { name: "place", kind: "line" },
    { name: "reported_by", kind: "line" },
    { name: "replaced", kind: "replaced" },
    { name: "photos", kind: "photo" },
  ],
  resolve: [{ name: "resolution", kind: "text" }],
  "sign-off": [
    { name: "signed_by", kind: "line", required: true },
    { name: "signature", kind: "signature" },
    { name: "rating", kind: "rating" },
  ],
  "escalate-expert": [
    { name: "target", kind: "id", required: true },
    { name: "reason", kind: "line" },
  ],
  "activate-plan": [],
  "tick-step": [],
};
/** The form that an action asks for, if any; every action has the time at which it was done. */
export const fieldsOf = (one, verb) => (verb === "restore" ? one.figures.map(figure) : FIELDS[verb]);

/** An acceptance figure; its name is the contract's own, as are its bounds. */
function figure({ name, at_least: low, at_most: high }) {
  const bounds = low && high ? `${low} – ${high}` : low ? `≥ ${low}` : high ? `≤ ${high}` : null;
  return { name, kind: "figure", label: bounds ? `${name} (${bounds})` : name, low, high, required: true };
}

// These say who did it.
const BY_ENGINEER = new Set(["accept", "decline", "depart", "arrive"]);

/** One press of the big button is enough for these; the others ask something first. */
export const asks = (one, verb) => fieldsOf(one, verb).some((field) => field.required) || !ONE_PRESS.has(verb);
const ONE_PRESS = new Set(["accept", "contact", "respond", "depart", "arrive", "resume", "restore", "resolve", "require-onsite", "activate-plan", "tick-step"]);

export function bodyFor(verb, said, { engineer_id, acts, at }) {
  const body = { ...said, occurred_at: at };
  if (BY_ENGINEER.has(verb)) body.engineer_id = engineer_id;
  if (verb === "tick-step") body.done_by = engineer_id;
  if (acts) body.actor = engineer_id;
  return body;
}

/** The one thing that comes next; null when nothing is left to do. */
export function primary(one) {
  if (one.paused_for) return "resume";
  const reached = (name) => name in one.milestones;
  switch (one.status) {
    case "assigned": return "accept";
    case "resolved": return "sign-off";
    case "restored": return one.record ? "resolve" : "record";
    case "on_site": return "restore";
    case "travelling": return "arrive";
    case "accepted": break;
    default: return null;
  }
  if (one.mode === "onsite") return "depart";
  if (one.remote) return "remote-end";
  if (!reached("contacted")) return "contact";
  return one.mode === "remote" && !reached("remote_ended") ? "remote-start" : "restore";
}

/** What else is possible now. */
export function others(one) {
  const next = primary(one);
  if (!next || one.status === "resolved") return [];
  if (one.status === "assigned") return ["decline"];
  const away = ["accepted", "travelling"].includes(one.status), done = one.status === "restored";
  const reached = (name) => name in one.milestones;
  const open = [
    !reached("contacted") && "contact",
    !reached("responded") && "respond",
    !one.remote && !done && "remote-start",
    one.remote && "remote-end",
    one.mode === "onsite" && one.status === "accepted" && "arrive",
    one.mode !== "onsite" && !done && "require-onsite",
    !done && !away && "restore",
    "photos",
    "record",
    !one.paused_for && !done && "pause",
    !done && "escalate-expert",
    away && "decline",
  ];
  return open.filter((verb) => verb && verb !== next);
}

const REACHED = {
  contact: "contacted", respond: "responded", "remote-start": "remote_started",
  "remote-end": "remote_ended", depart: "departed", arrive: "arrived", restore: "restored",
  record: "recorded", resolve: "resolved", "sign-off": "signed_off",
};
const STATUS = {
  accept: "accepted", depart: "travelling", arrive: "on_site", restore: "restored",
  resolve: "resolved", "sign-off": "signed_off",
};

/** The case as it will be once `command` of this engineer has arrived. */
export function after(one, { verb, body }, who) {
  if (["activate-plan", "tick-step"].includes(verb)) return afterPlan(one, { verb, body }, who);
  const milestone = REACHED[verb];
  const next = { ...one, milestones: { ...one.milestones } };
  if (milestone) next.milestones[milestone] ??= body.occurred_at;
  if (STATUS[verb]) next.status = STATUS[verb];
  switch (verb) {
    case "accept": next.accepted = true; break;
    case "pause": next.paused_for = body.reason; break;
    case "resume": case "resolve": next.paused_for = null; break;
    case "remote-start": next.remote = true; break;
    case "remote-end": next.remote = false; break;
    case "record": next.record = body; break;
    case "photos": next.photos += 1; break;
    case "decline": case "escalate-expert": next.gone = true; break;
  }
  // Restored although somebody is still on the way, say: a status never goes back.
  if (one.status === "restored" && ["depart", "arrive"].includes(verb)) next.status = "restored";
  return next;
}
