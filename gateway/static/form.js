// What forms do better with a script: the focus goes to what went wrong or was done, and chosen files are named.

function focusOn(element) {
  element.focus();
  element.scrollIntoView({ block: "center" });
}

// After the browser's own `autofocus`, which not every one honours on a section.
requestAnimationFrame(() => {
  const summary = document.getElementById("summary");
  if (summary && document.activeElement !== summary) summary.focus();
});

for (const link of document.querySelectorAll(".summary a")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    focusOn(field.querySelector("input") ?? field);
  });
}

// A browser's own file field speaks the device's language, not the page's.
for (const box of document.querySelectorAll(".files")) {
  const input = box.querySelector("input");
  const button = document.createElement("label");
  button.className = "button";
  button.htmlFor = input.id;
  button.textContent = box.dataset.choose;
  const chosen = document.createElement("output");
  chosen.setAttribute("for", input.id);
  input.classList.add("visually-hidden");
  box.append(button, chosen);
  input.addEventListener("change", () => {
    const names = Array.from(input.files, (file) => {
      const name = document.createElement("bdi");
      name.textContent = file.name;
      return name;
    });
    chosen.replaceChildren(...(names.length ? [box.dataset.chosen, ...names] : []));
  });
}
