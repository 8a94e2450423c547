import { call, connect } from "aftercare/live";

const list = document.getElementById("alerts");

connect("/v1/stream", {
  on: {
    alert({ n }, id) {
      list.append(Object.assign(document.createElement("li"), { className: "alert fresh", textContent: `${id}:${n}` }));
    },
  },
});

document.querySelector("main form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("said");
  try {
    said.textContent = (await call("POST", "/v1/say", { text: document.getElementById("text").value })).said;
  } catch (problem) {
    said.textContent = problem.detail;
  }
});
