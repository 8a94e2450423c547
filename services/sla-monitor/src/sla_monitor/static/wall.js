// The wall follows the escalations that its address asks for.

import { mirror } from "aftercare/redraw";

const wall = document.getElementById("wall");

mirror({
  url: () => `/wall${location.search}`,
  stream: "/v1/alerts/stream",
  on: ["alert_raised", "alert_acknowledged", "alert_reminded", "alert_resolved"],
  position: wall.dataset.position,
  // Assignments and new cases change what is due next, and nobody is alerted of them.
  every: 10000,
});

// The page came with what fills the screen; the rest of it follows.
if (document.getElementById("more").textContent) document.dispatchEvent(new Event("redraw"));
