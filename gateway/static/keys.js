// Shortcuts by physical key (event.code), so that a Persian layout and a Latin one share them; F4 shows them all.
// Single letters are inert while somebody types, and can be switched off (WCAG 2.1.4).
const OFF = "keys-off";
const known = [];

export function key(combination, title, act) {
  const parts = combination.split("+");
  known.push({ code: parts.at(-1), control: parts.includes("Control"), title, act, combination });
}

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const single = (each) => each.code.startsWith("Key") && !each.control;

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.isComposing) return;
  const pressed = known.find((each) => each.code === event.code && each.control === (event.ctrlKey || event.metaKey));
  if (!pressed) return;
  if (single(pressed) && (typing(event.target) || localStorage.getItem(OFF))) return;
  event.preventDefault();
  pressed.act(event);
});

const named = (combination) => combination.replace("Control", "Ctrl").replace("Key", "").split("+");

function help() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return dialog?.close();
  const list = dialog.querySelector("dl");
  list.replaceChildren(...known.flatMap((each) => {
    const term = document.createElement("dt");
    term.append(...named(each.combination).flatMap((part, place) => {
      const cap = document.createElement("kbd");
      cap.textContent = part;
      return place ? ["+", cap] : [cap];
    }));
    const means = document.createElement("dd");
    means.textContent = each.title;
    return [term, means];
  }));
  dialog.showModal();
}

const dialog = document.getElementById("keys");
if (dialog) {
  key("F4", dialog.dataset.title, help);
  const letters = dialog.querySelector("input");
  letters.checked = !localStorage.getItem(OFF);
  letters.addEventListener("change", () => letters.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
}
