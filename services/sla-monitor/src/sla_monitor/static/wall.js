// The wall: follows the escalations, and acknowledges.

import { call } from "aftercare/live";
import { mirror } from "aftercare/redraw";

const wall = document.getElementById("wall");
const refusal = document.getElementById("refusal");

mirror({
  url: "/wall",
  stream: "/v1/alerts/stream",
  on: ["alert_raised", "alert_acknowledged", "alert_resolved"],
  position: wall.dataset.position,
  // Assignments and new cases change what is due next, and nobody is alerted of them.
  every: 10000,
});

wall.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-acknowledge]");
  if (!button || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  refusal.hidden = true;
  try {
    for (const alert of button.dataset.acknowledge.split(" ")) {
      await call("POST", `/v1/alerts/${alert}/ack`, {});
    }
  } catch (problem) {
    refusal.textContent = problem.detail ?? String(problem);
    refusal.hidden = false;
  } finally {
    button.ariaBusy = null;
  }
});
