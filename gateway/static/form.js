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

// Where it happened, if the phone knows and its owner presses: never asked for by itself.
for (const box of document.querySelectorAll(".locate")) {
  if (!navigator.geolocation) continue;
  const [lat, lon] = box.querySelectorAll("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = box.dataset.ask;
  const told = document.createElement("p");
  told.className = "hint";
  told.setAttribute("role", "status");
  const say = (sentence) => { told.textContent = sentence; };
  if (lat.value) say(box.dataset.found);
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      lat.value = coords.latitude.toFixed(6);
      lon.value = coords.longitude.toFixed(6);
      say(box.dataset.found);
    },
    () => say(box.dataset.refused),
    { enableHighAccuracy: true, timeout: 20_000 },
  ));
  box.append(button, told);
}

// What works without a network comes after what is seen first.
addEventListener("load", () => { import("./offline.js").catch(() => {}); });
