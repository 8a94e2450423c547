// One case: its clocks as they run, and its alerts as they come.

import { mirror } from "aftercare/redraw";

const page = document.getElementById("case");

mirror({
  url: () => location.pathname + location.search,
  stream: "/v1/alerts/stream",
  on: ["alert_raised", "alert_acknowledged", "alert_reminded", "alert_resolved"],
  concerns: (alert) => alert.case_id === page.dataset.case,
  position: page.dataset.position,
  // Milestones end clocks, and nobody is alerted of them.
  every: 10000,
});
