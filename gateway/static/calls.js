// The operator's call screen: keys, a draft that is never lost, history while one types, calls that fill an untouched
// form. It files by the form's own address as JSON; what cannot be sent waits in unsent.js and goes once.
import { say } from "./say.js";
import { key } from "./keys.js";
import { combobox } from "./combobox.js";
import { keep, newId } from "./unsent.js";
import { followArea, followAreaAnew, form, replace, set, showErrors, typed } from "./calls_form.js";
import { followCalls, onTheLine } from "./calls_line.js";
import { offerLog } from "./calls_log.js";
import { showUnsent } from "./calls_unsent.js";

const page = document.querySelector(".calls");
const words = page.dataset;
const LOCAL = `calls-draft-${words.member}`;
const AUTOSAVE_MS = 2_000;
const LOOK_MS = 300;
const PATIENCE_MS = 15_000;
const draftNote = document.getElementById("draft");
const subject = () => document.getElementById("category");
const state = { dirty: false, sending: false, autosave: 0, looking: 0, look: null };

const sayIn = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const headers = () => ({ "Accept-Language": document.documentElement.lang });
const send = (url, body, more = {}) =>
  fetch(url, { method: "POST", headers: headers(), body, signal: AbortSignal.timeout(PATIENCE_MS), ...more });
const asForm = (values) => new URLSearchParams(values);

// A fresh form. The province stays, for most callers of a desk are from one.
function renew(values = {}) {
  const { "place.province": province } = typed();
  set({ form_id: newId(), "place.province": province, ...onTheLine(), ...values });
  followAreaAnew();
  state.dirty = false;
  clearTimeout(state.autosave);
  state.autosave = 0;
  localStorage.removeItem(LOCAL);
  draftNote.textContent = "";
  showErrors([]);
  look();
}

// What a call brings, in a form nobody has touched.
function fill(values) {
  set({ ...typed(), ...values });
  followArea();
  look();
}

const isUntouched = () => !state.dirty;

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
async function park() {
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

function save(act) {
  const focused = document.activeElement;
  focused?.blur(); // a field being chosen takes its choice
  const values = { ...typed(), act };
  focused?.focus();
  if (act === "attach" && !values.ticket) return complain(words.chooseFirst);
  const done = ({ tracking_code: ticket }) => act === "attach" ? words.added : sayIn(words.saved, { ticket });
  return once(() => handOver(words.path, values, done));
}

// What has just been filed goes to the earlier ticket it is offered with, while nothing new is being written.
function joinFiled() {
  const offer = isUntouched() && document.querySelector("#result .same-matter");
  if (offer) offer.requestSubmit();
  return Boolean(offer);
}

// The call without a ticket.
const log = (outcome) => once(() => handOver(words.logPath, { ...typed(), outcome }, () => words.loggedSaid));

async function once(work) {
  if (state.sending) return;
  state.sending = true;
  clearTimeout(state.autosave);
  state.autosave = 0;
  try {
    await work();
  } finally {
    state.sending = false;
  }
}

function complain(sentence) {
  draftNote.textContent = sentence;
  say(sentence);
}

// Sends the form to one of our addresses as JSON; `done` makes the sentence to say of the answer.
async function handOver(url, values, done) {
  let answer, said;
  try {
    const json = { ...headers(), "Content-Type": "application/json", Accept: "application/json" };
    answer = await send(url, JSON.stringify(values), { headers: json });
    said = await answer.json();
  } catch {
    return putBy(url, values);
  }
  if (answer.ok) return taken(said.panel, done(said));
  if (answer.status === 401) return complain(words.signIn);
  if (answer.status >= 500) return putBy(url, values);
  showErrors(said.errors ?? [{ field: "", message: said.detail }]);
}

function next() {
  renew();
  calls.freed();
  subject().focus();
}

function taken(panel, sentence) {
  next();
  replace("result", panel);
  say(sentence);
}

// Out of the server's reach: this browser keeps the form and sends it as soon as it can, as the same one.
async function putBy(url, values) {
  const title = values["business.name"] || values.text.slice(0, 40) || (values.outcome ? words.log : "");
  await keep({ id: values.form_id, url, json: values, title, owner: words.member });
  next();
  say(words.queued);
}

// Opens again what the server would not take.
function reopen(values) {
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
  if (event.submitter?.name === "outcome") return logAs(event.submitter.value);
  save(event.submitter?.value || "file");
});
const calls = followCalls(page, { isUntouched, renew, park, fill });
const logAs = offerLog(words.keyLog, log);
key("Control+Enter", words.keySave, () => save("file"));
key("F8", words.keyF8, () => calls.take() || joinFiled() || save("attach"));
key("F2", words.keyCaller, () => document.getElementById("phone").focus());
showUnsent(page, { reopen });
look();
if (!form.querySelector(".summary")) subject().focus();
