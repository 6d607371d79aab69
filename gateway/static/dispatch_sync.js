// How this phone stands with the server: who is signed in, which jobs are still theirs, what waits to be sent.
//
// A stale version is not the inspector's problem, and neither is a phone whose clock is ahead: both are put right here
// and sent again under a fresh key, for the body is another. What was withdrawn meanwhile rests, evidence and all.
import { shown } from "./digits.js";
import { all, change, flush, newId, onChange, own, serve } from "./unsent.js";
import { dropDeskPages } from "./worker.js";

const box = document.getElementById("standing");
export const owner = box.dataset.owner;
own(owner);
const language = document.documentElement.lang;
const SYNCED = `dispatches-synced-${owner}`;
const COMMA = language.startsWith("fa") ? "،" : ",";
const ZONE = { timeZone: "Asia/Tehran" };
const EVERY_MS = 60_000;
const PATIENCE_MS = 15_000;
const UNSENT = ["draft", "queued", "refused"];
const WITH_SECONDS = { ...ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
const listeners = new Set();
let unsent = 0;

export const standing = { is: "", jobs: null };

// A sentence of the page in its language, with its blanks filled as they are given.
export function line(name, values = {}) {
  const key = name.replace(/[-_.](\w)/g, (_, letter) => letter.toUpperCase());
  return (box.dataset[key] ?? name).replace(/\{(\w+)\}/g, (blank, each) => each in values ? values[each] : blank);
}

// The same for people to read: its digits as the page's language writes them.
export function word(name, values = {}) {
  return line(name, Object.fromEntries(Object.entries(values).map(([each, value]) => [each, shown(value)])));
}

// A moment as people say it: the hour, with its day unless that is today.
export function moment(at) {
  const date = new Date(at);
  const hour = date.toLocaleTimeString(language, { ...ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
  const day = (each) => each.toLocaleDateString(language, { ...ZONE, day: "numeric", month: "long" });
  return day(date) === day(new Date()) ? hour : `${day(date)}${COMMA} ${hour}`;
}

// A moment whole, for the record: day, year and second.
export function stamp(at) {
  const date = new Date(at);
  const day = date.toLocaleDateString(language, { ...ZONE, day: "numeric", month: "long", year: "numeric" });
  return `${day}${COMMA} ${date.toLocaleTimeString(language, WITH_SECONDS)}`;
}

// True where an item rests because its job was withdrawn, and holds something to send.
export const isEvidence = ({ state, form }) => state === "withdrawn" && Boolean(form);

// Codes read from left to right in whatever stands around them.
const isolated = (text) => `\u2066${text}\u2069`;
const inFours = (code) => shown(code.match(/.{1,4}/g).join("-"));
export const codeInFours = (code) => isolated(inFours(code));
export const receiptOf = ({ receipt }) => isolated(`${inFours(receipt.tracking_code)} / ${shown(receipt.number)}`);
export const urlOf = (code, action) => `/api/v1/staff/tickets/${code}/actions/${action}`;

// Call `listener` whenever the server was reached, or was not.
export const onStanding = (listener) => listeners.add(listener);

// Ask the server whose jobs these are. Resolves to true when it answered and they are still this member's.
async function sync() {
  let said;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch("/desk/dispatches/jobs", { headers: { Accept: "application/json" }, redirect: "manual", signal });
    if (answer.status === 401 || answer.status === 403) return become("signed_out");
    if (!answer.ok) return become("offline");
    said = await answer.json();
  } catch {
    return become("offline");
  }
  if (said.owner !== owner) return leaveToThem();
  localStorage.setItem(SYNCED, `${Date.now()}`);
  standing.jobs = new Map(said.jobs.map((job) => [job.tracking_code, job.version]));
  await markWithdrawn(standing.jobs);
  return become("online");
}

// Begin: send what waits, now and whenever there is a chance, and show how things stand.
export async function start() {
  onChange(show);
  addEventListener("online", turn);
  addEventListener("offline", () => become("offline"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) turn(); });
  setInterval(() => { if (!document.hidden) turn(); }, EVERY_MS);
  document.querySelector("form[action*='/desk/sign-out']")?.addEventListener("submit", leave);
  await show();
  await sync();
  await serve({ ready: sync, mend });
}

// A ticket as it is now; null where this inspector sees it no more.
async function ticketOf(code) {
  const answer = await fetch(`/api/v1/staff/tickets/${code}`, { headers: { Accept: "application/json" } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function turn() {
  if (await sync()) await flush();
}

async function become(now) {
  standing.is = now;
  for (const note of document.querySelectorAll("[data-when]")) note.hidden = note.dataset.when !== now;
  await show();
  for (const listener of listeners) await listener();
  return now === "online";
}

// Somebody else is signed in: what this page shows is not theirs to see.
async function leaveToThem() {
  await dropDeskPages();
  location.reload();
  return false;
}

async function show() {
  const waiting = (await all()).filter((item) => UNSENT.includes(item.state) || isEvidence(item));
  unsent = waiting.length;
  document.getElementById("unsent").textContent = unsent ? word("unsent", { count: unsent }) : word("all_sent");
  const synced = Number(localStorage.getItem(SYNCED));
  document.getElementById("synced").textContent = synced ? word("synced", { time: moment(synced) }) : word("never_synced");
  document.getElementById("made").textContent = moment(box.dataset.made);
}

function leave(event) {
  if (unsent && !confirm(word("leave", { count: unsent }))) event.preventDefault();
  else dropDeskPages();
}

// Reports not sent yet follow their jobs: gone with a withdrawn one, back with one that came back.
async function markWithdrawn(jobs) {
  for (const item of await all()) {
    const isTheirs = jobs.has(item.about?.code);
    if (item.about?.kind !== "inspect") continue;
    if (!isTheirs && ["draft", "refused"].includes(item.state)) await change(item.id, { state: "withdrawn" }, item.state);
    if (isTheirs && item.state === "withdrawn") await change(item.id, { state: "draft", id: newId(), problem: null }, item.state);
  }
}

// What to do about a refusal: fields that let the item go again, or where it comes to rest; null lets it stand.
async function mend(item, problem) {
  if (problem.status === 422) return isClockAhead(problem) ? withoutClock(item) : null;
  if (problem.status === 404) return { state: "withdrawn" };
  if (problem.status !== 409) return null;
  const ticket = problem.ticket ?? await ticketOf(item.about.code);
  if (!ticket?.allowed_actions.includes(item.about.kind)) return { state: "withdrawn" };
  if (ticket.version === item.json.version) return null;
  return { id: newId(), json: { ...item.json, version: ticket.version } };
}

const isClockAhead = ({ errors = [] }) => errors.length === 1 && errors[0].code === "in_the_future";

function withoutClock(item) {
  const { taken_at, ...json } = item.json;
  const clock = line("clock_line", { time: stamp(taken_at) });
  return { id: newId(), json: { ...json, note: [json.note, clock].filter(Boolean).join("\n") } };
}
