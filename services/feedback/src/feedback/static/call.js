// Who calls stays known on this machine from one call to the next.

for (const officer of document.querySelectorAll("[name=officer_id]")) {
  // Somebody may have typed before this script came.
  officer.value ||= localStorage.getItem("officer") ?? "";
  officer.form.addEventListener("done", () => localStorage.setItem("officer", officer.value));
}
