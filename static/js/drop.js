/** Files dropped on a `.drop` go into its file field; the chosen names are listed under it. */

function list(input) {
  const place = input.closest("form")?.querySelector("[data-files]");
  if (!place) return;
  place.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      const name = document.createElement("bdi");
      name.textContent = file.name;
      const size = document.createElement("span");
      size.className = "muted";
      size.textContent = new Intl.NumberFormat(document.documentElement.lang, {
        style: "unit",
        unit: "kilobyte",
        maximumFractionDigits: 0,
        numberingSystem: "latn",
      }).format(Math.max(1, Math.round(file.size / 1024)));
      item.append(name, " ", size);
      return item;
    }),
  );
}

function zone(event) {
  const target = /** @type {Element} */ (event.target);
  return target.closest?.(".drop") ?? null;
}

document.addEventListener("dragover", (event) => {
  const drop = zone(event);
  if (!drop) return;
  event.preventDefault();
  drop.classList.add("over");
});
document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const drop = zone(event);
  if (!drop || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  drop.classList.remove("over");
  const input = drop.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  list(input);
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.(".drop input[type=file]")) list(event.target);
});
