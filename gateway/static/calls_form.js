// The operator's form on the page: what is typed in it, set it, say what is wrong with it, and the province a landline is of.
import { ascii } from "./digits.js";
import { say } from "./say.js";

export const form = document.getElementById("call");
const PROVINCE = "place.province";
let isChosen = false;

export const typed = () => Object.fromEntries(new FormData(form));

// Puts a piece of page into its place.
export function replace(id, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  document.getElementById(id).replaceChildren(...parsed.body.childNodes);
}

export function set(values) {
  for (const element of form.elements) {
    if (!element.name || ["act", "ticket", "outcome"].includes(element.name)) continue;
    const value = values[element.name] ?? "";
    if (element.type === "radio") element.checked = element.value === (value || "phone");
    else if (element.type === "checkbox") element.checked = value === element.value;
    else element.value = value;
    if (element.tagName === "SELECT") element.dispatchEvent(new Event("change"));
  }
}

export function showErrors(lines) {
  document.getElementById("summary")?.remove();
  for (const note of form.querySelectorAll("p.error")) {
    const id = note.id.replace(/-error$/, "");
    const line = lines.find((each) => each.field.replaceAll(".", "-") === id);
    note.textContent = line?.message ?? "";
    note.hidden = !line;
    const field = document.getElementById(id);
    if (line) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
  if (!lines.length) return;
  const first = document.getElementById(lines[0].field.replaceAll(".", "-"));
  first?.focus();
  say(lines.map((line) => line.message).join(" "));
  if (!first) document.getElementById("draft").textContent = lines[0].message;
}

// --- the province of a landline's area code, until somebody says another

// For a fresh form, in which nobody has chosen a province yet.
export function followAreaAnew() {
  isChosen = false;
  followArea();
}

// Where the number in the form is a landline, its province.
export function followArea() {
  const number = ascii(typed().phone).replace(/[^0-9]/g, "");
  const select = form.elements[PROVINCE];
  const option = Array.from(select.options).find((each) => each.dataset.area && number.startsWith(each.dataset.area));
  if (!option || isChosen || select.value === option.value) return;
  select.value = option.value;
  select.dispatchEvent(new Event("change"));
}

form.addEventListener("input", (event) => {
  if (event.target.name === PROVINCE) isChosen = true;
  if (event.target.name === "phone") followArea();
});
