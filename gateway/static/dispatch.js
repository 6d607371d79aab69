// The page of one job: accept, arrive, report. Everything is on the phone first, and goes to the server from there.
import { locate } from "./locate.js";
import { moment, onStanding, owner, receiptOf, standing, start, urlOf, word } from "./dispatch_sync.js";
import { bodyOf, problemsOf } from "./inspection.js";
import { rowsOf, taken } from "./photos.js";
import { all, keep, keepDraft, newId, onChange } from "./unsent.js";

const COARSE_M = 50;
const PAUSE_MS = 700;
const TITLE = document.title;
const FIELDS = { amount_rial: "amount", note: "notes", files: "photo-field" };
const job = document.getElementById("job");
const { code, title, accepted, mostFiles } = job.dataset;
const version = Number(job.dataset.version);
const LAST_STROKES = `dispatch-strokes-${owner}-${code}`;
const visit = document.getElementById("visit");
const at = (id) => document.getElementById(id);
const about = (kind) => ({ url: urlOf(code, kind), part: "action", title, owner, about: { kind, code } });
const item = (kind, more) => ({ ...about(kind), files: [], ...more });
const fresh = () => item("inspect", { id: newId(), json: null, form: { values: {}, place: null, arrivedAt: null } });
let draft = null;
let saving = Promise.resolve();
let timer = 0;
let isToldRefusal = false;
let isSending = false;

const mine = async (kind) => (await all()).filter(({ about }) => about?.code === code && about.kind === kind);
const last = async (kind, states) => (await mine(kind)).filter((each) => states.includes(each.state)).at(-1);

const typed = () => Object.fromEntries(Array.from(new FormData(visit)).filter(([, value]) => typeof value === "string"));

// What was typed is kept a moment after each stroke; one save after another.
function save() {
  clearTimeout(timer);
  timer = 0;
  draft.form.values = typed();
  const kept = { ...draft, form: structuredClone(draft.form), files: [...draft.files], problem: null };
  saving = saving.then(() => keepDraft(kept)).then(
    () => { at("saved").textContent = word("saved", { time: moment(Date.now()) }); },
    () => { at("saved").textContent = word("not_saved"); },
  );
  return saving;
}

function saveSoon() {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
}

// A page that goes has no time for a transaction: its last strokes are put by in one step, and taken in when it is back.
function putBy() {
  if (timer) localStorage.setItem(LAST_STROKES, JSON.stringify(typed()));
}

function takeIn() {
  const strokes = localStorage.getItem(LAST_STROKES);
  localStorage.removeItem(LAST_STROKES);
  if (strokes) draft.form.values = JSON.parse(strokes);
  return Boolean(strokes);
}

function fill() {
  for (const field of visit.elements) {
    const value = draft.form.values[field.name];
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.name && field.type !== "file") field.value = value ?? "";
  }
  showPhotos();
  showPlace(draft.form.place);
}

// --- photos

async function addPhotos(files) {
  const said = at("photos-said");
  said.textContent = word("preparing");
  for (const file of files) {
    if (draft.files.length >= Number(mostFiles)) {
      said.textContent = word("too_many", { count: mostFiles });
      return;
    }
    draft.files.push(await taken(file, draft.files));
    showPhotos();
    await save();
  }
  said.textContent = word("photo", { count: draft.files.length });
}

function showPhotos() {
  at("photos").replaceChildren(...rowsOf(draft.files, (place) => {
    draft.files.splice(place, 1);
    showPhotos();
    save();
    at("photos-input").focus();
  }));
}

// --- place

function showPlace(place, isLooking = false) {
  const said = at("place");
  said.textContent = place ? word("here", { metres: place.accuracy_m }) : isLooking ? word("locating") : "";
  said.classList.toggle("coarse", Boolean(place && place.accuracy_m > COARSE_M));
  if (place?.accuracy_m > COARSE_M) said.append(` ${word("coarse")}`);
  if (place) at("no-place").hidden = true;
}

async function findPlace() {
  showPlace(null, true);
  try {
    await locate((better) => {
      draft.form.place = better; // good enough to send while a better one is looked for
      showPlace(better);
      saveSoon();
    });
  } catch {
    showPlace(draft.form.place);
    if (!draft.form.place) {
      at("place").textContent = word("no_place");
      at("no-place").hidden = false;
    }
  }
  await save();
}

// --- how far it has come

async function show() {
  const acceptance = await last("accept", ["queued", "sent"]);
  const report = await last("inspect", ["queued", "sent", "withdrawn"]);
  const refusal = await last("decline", ["queued", "sent"]);
  const over = report ?? refusal;
  finish(over);
  if (!visit) return;
  rung("accept", acceptance ? moment(acceptance.at) : accepted && moment(accepted), acceptance);
  rung("arrive", draft.form.arrivedAt && moment(draft.form.arrivedAt));
  rung("report", report && moment(report.at), report);
  const isGone = !over && standing.jobs && !standing.jobs.has(code);
  at("gone").hidden = !isGone;
  for (const id of ["accept", "arrive", "report"]) at(id).disabled = Boolean(over || isGone);
  at("decline-box").hidden = Boolean(over || isGone);
  if (over) visit.hidden = true;
  const refused = await last("inspect", ["refused"]);
  if (refused?.problem && !isToldRefusal) tellRefusal(refused.problem);
}

// The server's own sentence, once; the report is open again and nothing of it is lost.
function tellRefusal(problem) {
  isToldRefusal = true;
  visit.hidden = false;
  stop((problem.errors ?? []).map(({ field, message }) => [FIELDS[field] ?? field, message]), problem);
}

function rung(id, when, kept) {
  at(id).setAttribute("aria-pressed", String(Boolean(when)));
  const parts = [when && word("done_at", { time: when }), kept && word(`state_${kept.state}`)];
  at(`${id}-state`).textContent = parts.filter(Boolean).join(" · ");
}

function finish(kept) {
  const box = at("finished");
  box.hidden = !kept;
  if (!kept) return;
  const parts = [word(`kind_${kept.about.kind}`), word(`state_${kept.state}`)];
  if (kept.receipt) parts.push(word("receipt", { receipt: receiptOf(kept) }));
  else if (kept.waits) parts.push(word(`wait_${kept.waits === "sign_in" ? "network" : kept.waits}`));
  box.firstElementChild.textContent = parts.join(" · ");
}

// Says what has to be put right, on top and by name, as every form of ours does.
function stop(wrong, problem = null) {
  const box = at("stopped");
  box.hidden = !wrong.length && !problem;
  box.querySelector("p").textContent = problem ? problem.detail ?? problem.title : "";
  document.title = box.hidden ? TITLE : `${word("error_prefix")} ${TITLE}`;
  for (const beside of document.querySelectorAll("#job .error")) beside.remove();
  box.querySelector("ul").replaceChildren(...wrong.map(([field, sentence]) => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${field}`;
    link.textContent = sentence;
    row.append(at(field) ? link : sentence);
    sayBeside(at(field), sentence);
    return row;
  }));
  for (const field of job.querySelectorAll("textarea, #amount")) {
    field.toggleAttribute("aria-invalid", false);
    if (wrong.some(([name]) => name === field.id)) field.setAttribute("aria-invalid", "true");
  }
  if (!box.hidden) box.focus();
}

function sayBeside(field, sentence) {
  if (!field) return;
  const beside = document.createElement("p");
  beside.className = "error";
  beside.textContent = sentence;
  const isGroup = field.matches("fieldset, div");
  isGroup ? field.firstElementChild.after(beside) : field.before(beside);
}

// --- what the inspector does

async function send(event) {
  event.preventDefault();
  if (isSending) return; // a second press is the same report
  isSending = true;
  await save();
  const wrong = problemsOf(draft.form);
  stop(wrong);
  if (!wrong.length) {
    isToldRefusal = false;
    visit.hidden = await queue({ ...draft, json: bodyOf(draft.form, draft.files, version) });
    at("finished").scrollIntoView({ block: "center" });
  }
  isSending = false;
}

async function decline(event) {
  event.preventDefault();
  const reason = at("reason").value.trim();
  stop(reason ? [] : [["reason", word("need_reason")]]);
  at("decline-box").hidden = Boolean(reason) && await queue(item("decline", { id: newId(), json: { version, reason } }));
}

async function accept() {
  at("accept").disabled = true; // until it is shown as done
  if (!accepted && !await last("accept", ["queued", "sent"])) await queue(item("accept", { id: newId(), json: { version } }));
  await show();
}

// True when the phone has it. A phone that is full, or a browser that keeps nothing, is said and never passed over.
async function queue(kept) {
  try {
    await keep(kept);
    return true;
  } catch {
    stop([], { detail: word("not_saved") });
    return false;
  }
}

async function arrive() {
  if (!draft.form.arrivedAt) draft.form.arrivedAt = Date.now();
  await save();
  await show();
  openForm();
  await findPlace();
}

function openForm() {
  visit.hidden = false;
}

async function begin() {
  if (visit) {
    draft = await last("inspect", ["draft", "refused"]) ?? fresh();
    const isUnsaved = takeIn();
    fill();
    if (isUnsaved) await save();
    visit.hidden = !(draft.state || draft.form.arrivedAt || isUnsaved);
    wire();
  }
  onChange(show);
  onStanding(show);
  await show();
  await start();
}

function wire() {
  at("accept").addEventListener("click", accept);
  at("arrive").addEventListener("click", arrive);
  at("report").addEventListener("click", () => {
    openForm();
    at("visit-title").scrollIntoView({ block: "start" });
    visit.querySelector("input").focus({ preventScroll: true });
  });
  at("locate").addEventListener("click", findPlace);
  at("photos-input").addEventListener("change", async ({ target }) => {
    const files = Array.from(target.files);
    target.value = "";
    await addPhotos(files);
  });
  visit.addEventListener("input", saveSoon);
  visit.addEventListener("submit", send);
  at("decline").addEventListener("submit", decline);
  at("decline").querySelector("button").disabled = false;
  addEventListener("pagehide", putBy);
}

begin();
