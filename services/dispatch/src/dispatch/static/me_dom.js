// Elements out of JavaScript; texts are texts, never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const FORMAT = new Intl.DateTimeFormat(document.documentElement.lang, {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai",
});

/** A moment in the company's time. */
export const moment = (instant) => h("time", { datetime: instant }, FORMAT.format(Date.parse(instant)));

/** The same moment as a `datetime-local` field holds it, and back. */
export const toField = (instant) => new Date(Date.parse(instant) + 8 * 3600e3).toISOString().slice(0, 19);
export const fromField = (value) => new Date(`${value.length === 16 ? `${value}:00` : value}+08:00`).toISOString();
