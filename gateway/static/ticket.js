// A ticket's page with scripts: its forms, and shortcuts.
import { openAround } from "./action_form.js";
import { key } from "./keys.js";
import "./ticket_live.js";

const titles = document.getElementById("ticket-keys").dataset;

function goTo(form) {
  const control = form?.querySelector("input:checked, input:not([type=hidden]), select, textarea, button");
  if (!control) return;
  openAround(control);
  control.focus();
  form.scrollIntoView({ block: "nearest" });
}

const expected = document.querySelector(".next .act");
const noteForm = document.getElementById("act-note");
if (titles.next && expected) key("KeyE", titles.next, () => goTo(expected));
if (titles.note && noteForm) key("KeyN", titles.note, () => goTo(noteForm));
if (document.getElementById("take")) key("KeyA", titles.take, () => document.getElementById("take")?.requestSubmit());
if (titles.searchUrl) key("F2", titles.search, () => { location.href = titles.searchUrl; });
key("Control+Enter", titles.send, () => {
  const form = document.activeElement?.closest(".act") ?? expected ?? document.querySelector(".confirm .act");
  if (!form) return;
  if (titles.goesOn !== undefined) goOn(form);
  form.requestSubmit(form.querySelector("button[type=submit]"));
});

// From a queue, its next ticket comes after what is done by the keys; the server says when there is a reason to stay.
function goOn(form) {
  if (form.elements.namedItem("then")) return;
  const then = document.createElement("input");
  Object.assign(then, { type: "hidden", name: "then", value: "next" });
  form.append(then);
}
