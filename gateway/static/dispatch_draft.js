// The report while it is written: on the phone a moment after each stroke, with its photos and its place.
import { at, code, item, job, last, visit } from "./dispatch_job.js";
import { moment, owner, word } from "./dispatch_sync.js";
import { locate } from "./locate.js";
import { rowsOf, taken } from "./photos.js";
import { keepDraft, newId } from "./unsent.js";

const COARSE_M = 50;
const PAUSE_MS = 700;
const MOST_FILES = Number(job.dataset.mostFiles);
const LAST_STROKES = `dispatch-strokes-${owner}-${code}`;
const fresh = () => item("inspect", { id: newId(), json: null, form: { values: {}, place: null, arrivedAt: null } });
export let draft = null;
let saving = Promise.resolve();
let timer = 0;

const typed = () => Object.fromEntries(Array.from(new FormData(visit)).filter(([, value]) => typeof value === "string"));

// Takes up the report where it was left. Resolves to true where one was begun.
export async function takeUp() {
  draft = await last("inspect", ["draft", "refused"]) ?? fresh();
  const strokes = localStorage.getItem(LAST_STROKES);
  localStorage.removeItem(LAST_STROKES);
  if (strokes) draft.form.values = JSON.parse(strokes);
  fill();
  if (strokes) await save();
  visit.addEventListener("input", saveSoon);
  addEventListener("pagehide", putBy);
  return Boolean(draft.state || draft.form.arrivedAt || strokes);
}

// Keeps what is typed now; one save after another.
export function save() {
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

// A page that goes has no time for a transaction: its last strokes are put by in one step, and taken up when it is back.
function putBy() {
  if (timer) localStorage.setItem(LAST_STROKES, JSON.stringify(typed()));
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

export async function addPhotos(files) {
  const said = at("photos-said");
  said.textContent = word("preparing");
  for (const file of files) {
    if (draft.files.length >= MOST_FILES) {
      said.textContent = word("too_many", { count: MOST_FILES });
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

export async function findPlace() {
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
