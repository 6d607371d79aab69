// A call no ticket comes of: F9 opens the outcomes, a digit logs the call as one of them. Enter and the mouse do too.
import { key } from "./keys.js";

const box = document.getElementById("log");
const outcomes = Array.from(box.querySelectorAll("[name=outcome]"));
let before = null;

function openOrClose() {
  if (box.open) return close();
  before = document.activeElement;
  box.open = true;
  outcomes[0].focus();
}

function close() {
  box.open = false;
  before?.focus();
}

// `title` is what the key does; `log` gets the outcome. Returns what a press on an outcome is to call.
export function offerLog(title, log) {
  key("F9", title, openOrClose);
  box.addEventListener("toggle", () => { if (box.open) box.scrollIntoView({ block: "nearest" }); });
  box.addEventListener("keydown", (event) => {
    if (!box.open || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.code === "Escape") return close();
    const place = Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? 0);
    const chosen = outcomes[place - 1];
    if (!chosen) return;
    event.preventDefault();
    logAs(chosen.value);
  });

  function logAs(outcome) {
    box.open = false;
    log(outcome);
  }

  return logAs;
}
