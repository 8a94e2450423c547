// What the wall is narrowed to stands in its address, so that it can be sent to somebody.

const form = document.getElementById("filters");

function show(search) {
  history.pushState(null, "", search ? `?${search}` : location.pathname);
  fill();
  document.dispatchEvent(new Event("redraw"));
}

function fill() {
  const chosen = new URLSearchParams(location.search);
  for (const field of form.elements) if (field.name) field.value = chosen.get(field.name) ?? "";
}

function chosen() {
  const fields = [...new FormData(form)].filter(([, value]) => value);
  return new URLSearchParams(fields).toString();
}

form.addEventListener("change", () => show(chosen()));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-filter]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(new URL(link.href).search.slice(1));
});
addEventListener("popstate", () => {
  fill();
  document.dispatchEvent(new Event("redraw"));
});
