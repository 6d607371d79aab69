// The operator's call screen: keys, a draft that is never lost, history while one types, calls that fill an untouched
// form. It files by the form's own address as JSON; what cannot be sent waits in unsent.js and goes once.
import { say } from "./say.js";
import { key } from "./keys.js";
import { combobox } from "./combobox.js";
import { keep, newId } from "./unsent.js";
import { followCalls, onTheLine } from "./calls_line.js";
import { showUnsent } from "./calls_unsent.js";

const page = document.querySelector(".calls");
const form = document.getElementById("call");
const words = page.dataset;
const LOCAL = `calls-draft-${words.member}`;
const AUTOSAVE_MS = 2_000;
const LOOK_MS = 300;
const PATIENCE_MS = 15_000;
const draftNote = document.getElementById("draft");
const subject = () => document.getElementById("category");
const state = { dirty: false, sending: false, autosave: 0, looking: 0, look: null };

const typed = () => Object.fromEntries(new FormData(form));
const sayIn = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const headers = () => ({ "Accept-Language": document.documentElement.lang });
const send = (url, body, more = {}) =>
  fetch(url, { method: "POST", headers: headers(), body, signal: AbortSignal.timeout(PATIENCE_MS), ...more });
const asForm = (values) => new URLSearchParams(values);

function replace(id, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  document.getElementById(id).replaceChildren(...parsed.body.childNodes);
}

// --- what is typed ---

function set(values) {
  for (const element of form.elements) {
    if (!element.name || element.name === "act" || element.name === "ticket") continue;
    const value = values[element.name] ?? "";
    if (element.type === "radio") element.checked = element.value === (value || "phone");
    else if (element.type === "checkbox") element.checked = value === element.value;
    else element.value = value;
    if (element.tagName === "SELECT") element.dispatchEvent(new Event("change"));
  }
}

function showErrors(lines) {
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
  if (!first) draftNote.textContent = lines[0].message;
}

// A fresh form. The province stays, for most callers of a desk are from one.
export function renew(values = {}) {
  const { "place.province": province } = typed();
  set({ form_id: newId(), "place.province": province, ...onTheLine(), ...values });
  state.dirty = false;
  clearTimeout(state.autosave);
  state.autosave = 0;
  localStorage.removeItem(LOCAL);
  draftNote.textContent = "";
  showErrors([]);
  look();
}

export const isUntouched = () => !state.dirty;

// --- the draft, here at once and on the server soon ---

function touched() {
  state.dirty = true;
  localStorage.setItem(LOCAL, JSON.stringify({ values: typed(), at: Date.now() }));
  state.autosave ||= setTimeout(saveDraft, AUTOSAVE_MS);
}

async function saveDraft(more = {}) {
  state.autosave = 0;
  const values = { ...typed(), ...more };
  try {
    const answer = await send(words.drafts, asForm(values));
    if (answer.ok) replace("parked", await answer.text());
    if (state.dirty) draftNote.textContent = answer.ok ? words.draft : answer.status === 401 ? words.signIn : words.draftHere;
    return answer.ok;
  } catch {
    if (state.dirty) draftNote.textContent = words.draftHere;
    return false;
  }
}

// Put the form aside for another call. What the server does not take stays in this form.
export async function park() {
  clearTimeout(state.autosave);
  return saveDraft({ parked: "yes" });
}

function restore() {
  const kept = JSON.parse(localStorage.getItem(LOCAL) ?? "null");
  const wanted = new URLSearchParams(location.search).get("draft");
  const isIt = kept && (!wanted || wanted === kept.values.form_id);
  if (isIt && !form.querySelector(".summary")) {
    set(kept.values);
    state.dirty = true;
  } else {
    state.dirty = Boolean(typed().text || typed()["business.name"] || typed().category || wanted);
  }
}

// --- the caller and the shop ---

function lookSoon() {
  clearTimeout(state.looking);
  state.looking = setTimeout(look, LOOK_MS);
}

async function look() {
  state.look?.abort();
  state.look = new AbortController();
  const chosen = document.querySelector("#history [name=ticket]:checked")?.value ?? "";
  try {
    const answer = await send(words.history, asForm({ ...typed(), ticket: chosen }), { signal: state.look.signal });
    if (answer.ok) replace("history", await answer.text());
  } catch (error) {
    if (error.name !== "AbortError" && error.name !== "TypeError") throw error; // the history may wait for the network
  }
}

// --- saving ---

async function save(act) {
  if (state.sending) return;
  const focused = document.activeElement;
  focused?.blur(); // a field being chosen takes its choice
  const values = { ...typed(), act };
  focused?.focus();
  if (act === "attach" && !values.ticket) return complain(words.chooseFirst);
  state.sending = true;
  clearTimeout(state.autosave);
  state.autosave = 0;
  try {
    await handOver(values, act);
  } finally {
    state.sending = false;
  }
}

function complain(sentence) {
  draftNote.textContent = sentence;
  say(sentence);
}

async function handOver(values, act) {
  let answer, said;
  try {
    const json = { ...headers(), "Content-Type": "application/json", Accept: "application/json" };
    answer = await send(words.path, JSON.stringify(values), { headers: json });
    said = await answer.json();
  } catch {
    return putBy(values);
  }
  if (answer.ok) return filed(said, act);
  if (answer.status === 401) return complain(words.signIn);
  if (answer.status >= 500) return putBy(values);
  showErrors(said.errors ?? [{ field: "", message: said.detail }]);
}

function next() {
  renew();
  calls.freed();
  subject().focus();
}

function filed(said, act) {
  next();
  replace("result", said.panel);
  say(act === "attach" ? words.added : sayIn(words.saved, { ticket: said.tracking_code }));
}

// Out of the server's reach: this browser keeps the report and sends it as soon as it can, as the same one.
async function putBy(values) {
  const title = values["business.name"] || values.text.slice(0, 40);
  await keep({ id: values.form_id, url: words.path, json: values, title, owner: words.member });
  next();
  say(words.queued);
}

// Opens again what the server would not take.
export function reopen(values) {
  set({ ...values, form_id: newId() });
  touched();
  subject().focus();
}

// What is typed does not stay behind on a shared computer, and a page that goes hands over its last words.
addEventListener("pagehide", () => { if (state.autosave) navigator.sendBeacon(words.drafts, asForm(typed())); });
document.querySelector("form[action*='/desk/sign-out']")?.addEventListener("submit", () => localStorage.removeItem(LOCAL));

// --- begin ---

document.documentElement.classList.add("scripted");
restore();
for (const select of document.querySelectorAll("select[data-combobox]")) combobox(select);
form.addEventListener("input", (event) => {
  touched();
  if (["phone", "business.name", "where", "place.province"].includes(event.target.name)) lookSoon();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(event.submitter?.value || "file");
});
const calls = followCalls(page, { isUntouched, renew, park, fill: (values) => { set({ ...typed(), ...values }); look(); } });
key("Control+Enter", words.keySave, () => save("file"));
key("F8", words.keyF8, () => calls.take() || save("attach"));
key("F2", words.keyCaller, () => document.getElementById("phone").focus());
showUnsent(page, { reopen });
look();
if (!form.querySelector(".summary")) subject().focus();
