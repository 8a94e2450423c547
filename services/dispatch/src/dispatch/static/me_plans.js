// Emergency plans on the phone: those that fit, and those under way with their steps to tick off.

import { t } from "aftercare/live";

import { h, moment } from "./me_dom.js";

const count = (steps) => t("me.plan.done", { done: steps.filter((step) => step.done_by).length, of: steps.length });

const press = (one, verb, text, said, act, attributes) => h("button", {
  type: "button", "data-verb": verb, "data-case": one.case_id, "data-which": Object.values(said).join("-"),
  ...attributes, on: { click: () => act(one, verb, said) },
}, text);

/** One line for the list of cases; null where there is no plan. */
export function planLine(one, href) {
  const begun = one.emergencies.map((plan) => `${plan.title} · ${count(plan.steps)}`);
  const told = [...begun, ...one.plans.map((plan) => plan.title)];
  return told.length ? h("p", {}, "⚑ ", h("a", { href }, `${t("me.plan")}: ${told.join("; ")}`)) : null;
}

export function plans(one, { act, may_write }) {
  return [...one.emergencies.map((plan) => underWay(one, plan, act, may_write)), ...one.plans.map((plan) => fitting(one, plan, act, may_write))];
}

const section = (plan, ...content) => h("section", { class: "card plan", "aria-label": `${t("me.plan")}: ${plan.title}` },
  h("h2", {}, "⚑ ", t("me.plan"), ": ", plan.title), content);

function fitting(one, plan, act, may_write) {
  return section(plan, h("ol", {}, plan.steps.map((step) => h("li", {}, step.text))),
    may_write && h("p", { class: "hint" }, t("me.plan.calls")),
    may_write && press(one, "activate-plan", t("me.do.activate-plan"), { plan_id: plan.plan_id }, act, { class: "plain" }));
}

function underWay(one, plan, act, may_write) {
  return section(plan,
    h("p", { class: "hint" }, t("me.plan.by", { who: plan.activated_by }), " ", moment(plan.activated_at), " · ", count(plan.steps)),
    h("ol", { class: "steps" }, plan.steps.map((step) => step.done_by
      ? h("li", {}, `✓ ${step.text} `, h("span", { class: "hint" }, step.done_by, " ", moment(step.done_at)))
      : h("li", {}, h("p", {}, step.text),
        may_write && press(one, "tick-step", [t("me.plan.tick"), h("span", { class: "visually-hidden" }, ` ${t("me.plan.step", { number: step.number })}`)],
          { plan_id: plan.plan_id, step: step.number }, act, { class: "plain" })))));
}

/** The case as it will be once the plan is begun, or the step done. */
export function afterPlan(one, { verb, body }, who) {
  if (verb === "activate-plan") {
    const plan = one.plans.find(({ plan_id }) => plan_id === body.plan_id);
    if (!plan) return one;
    const begun = { ...plan, activated_by: who, activated_at: body.occurred_at, called_at: null };
    return { ...one, plans: one.plans.filter((other) => other !== plan), emergencies: [...one.emergencies, begun] };
  }
  const done = (step) => (step.number === body.step && !step.done_by ? { ...step, done_by: body.done_by, done_at: body.occurred_at } : step);
  const emergencies = one.emergencies.map((plan) => (plan.plan_id === body.plan_id ? { ...plan, steps: plan.steps.map(done) } : plan));
  return { ...one, emergencies };
}
