// A report without a network: kept in this browser when it is sent, sent by itself once the network is back, its code
// shown then. The whole form is kept for offline use; what the server's draft holds of a report stays there.
import { all, forget, keep, newId, onChange, serve } from "./unsent.js";
import { keepPages, ready } from "./worker.js";
import { inFours, keepCode } from "./kept.js";

const PATIENCE_MS = 5_000;
const box = document.getElementById("unsent");
const words = box?.dataset ?? {};
const language = new URLSearchParams(location.search).get("lang");
const whole = language ? `/report/whole?lang=${encodeURIComponent(language)}` : "/report/whole";
const form = document.getElementById("send");
const isWhole = form !== null && "whole" in form.dataset;

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function note(...content) {
  document.getElementById("offline-note")?.remove();
  const made = element("div", "", { id: "offline-note", className: "note", tabIndex: -1 });
  made.setAttribute("role", "status");
  made.append(...content);
  (form ?? document.getElementById("step")).before(made);
  made.focus();
}

async function isReachable() {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}

// The form as flat texts, and its files apart.
function contentOf(sent) {
  const json = {};
  const files = [];
  for (const [name, value] of new FormData(sent)) {
    if (typeof value === "string") json[name] = value;
    else if (value.size) files.push({ name: value.name, blob: value });
  }
  return { json, files };
}

async function queue(sent) {
  const { json, files } = contentOf(sent);
  if (!json.text?.trim() || !(json.phone?.trim() || json.anonymous)) return note(element("p", words.incomplete));
  await keep({ id: json.form_id, url: "/", part: "report", json, files, title: sent.dataset.title });
  if (isWhole) {
    sent.reset();
    sent.elements.form_id.value = newId();
  } else {
    sent.hidden = true;
  }
  note(element("p", words.kept));
}

let isSending = false;
addEventListener("pageshow", () => { isSending = false; });
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  if (await isReachable()) return form.submit();
  await queue(form).catch(() => form.submit()); // a browser that keeps nothing shows its own page
  isSending = false;
});

document.getElementById("step")?.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  note(element("p", words.offline), element("a", words.whole, { href: whole }));
});

async function draw() {
  if (!box) return;
  const items = (await all()).filter((item) => item.url === "/" && item.owner === "");
  box.hidden = items.length === 0;
  box.querySelector("ul").replaceChildren(...items.map(row));
  for (const item of items) if (item.state === "sent") keepCode(item.receipt.tracking_code);
}

function row(item) {
  const made = element("li", "");
  made.append(element("strong", item.title), " ", element("span", words[item.state] ?? words.queued));
  if (item.state === "sent") made.append(" ", element("bdi", inFours(item.receipt.tracking_code), { dir: "ltr", className: "kept-code" }));
  if (item.state === "refused") made.append(" ", element("a", words.fix, { href: `${whole}#fix=${item.id}` }));
  const drop = element("button", words.drop, { type: "button", className: "second" });
  drop.setAttribute("aria-label", `${words.drop}: ${item.title}`);
  drop.addEventListener("click", () => forget(item.id));
  made.append(" ", drop);
  return made;
}

// A report the server would not have, back in the form with its files; from here on the form holds it.
async function fix(id) {
  const item = (await all()).find((each) => each.id === id);
  if (!item || !isWhole) return;
  for (const [name, value] of Object.entries(item.json)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
  form.elements.form_id.value = newId();
  const files = new DataTransfer();
  for (const file of item.files) files.items.add(new File([file.blob], file.name, { type: file.blob.type }));
  const field = form.querySelector("input[type=file]");
  field.files = files.files;
  field.dispatchEvent(new Event("change"));
  history.replaceState(null, "", location.pathname + location.search);
  await forget(id);
}

onChange(() => draw().catch(() => {}));
draw().then(() => {
  if (location.hash.startsWith("#fix=")) return fix(location.hash.slice(5));
}).catch(() => {}); // a private window may keep nothing: the form works all the same
serve();
if (isWhole && !navigator.onLine) form.elements.form_id.value = newId(); // a kept page's id was used before
if (location.pathname === "/" && navigator.onLine) ready.then(() => keepPages([whole])).catch(() => {});
