// A report of an inspection: what was typed, what is wrong with it, and the body the API takes for it.
import { ascii } from "./digits.js";
import { line, stamp, word } from "./dispatch_sync.js";

const MOST_RIAL = 10 ** 15;
const LONGEST_NOTE = 4000;

// Rials as a number from digits of any script with whatever stands between them; null for none, NaN for no amount.
function rials(typed) {
  const folded = ascii(typed).replace(/[\s,٬،.\u200c]/g, "");
  if (!folded) return null;
  return /^[0-9]{1,16}$/.test(folded) && Number(folded) <= MOST_RIAL ? Number(folded) : NaN;
}

// What still has to be put right, as [field's id, sentence].
export function problemsOf({ values }) {
  const wrong = [];
  if (!values.violation) wrong.push(["violation", word("need_violation")]);
  if (!values.finding?.trim()) wrong.push(["finding", word("need_finding")]);
  if (Number.isNaN(rials(values.amount ?? ""))) wrong.push(["amount", word("wrong_amount")]);
  return wrong;
}

// The body of the action `inspect`. What the API has no field for goes into the note, each line under its own name.
export function bodyOf(form, files, version) {
  const { values, place, arrivedAt } = form;
  const taken = place?.at ?? arrivedAt;
  const body = {
    version,
    violation: values.violation === "yes",
    finding: values.finding.trim(),
    amount_rial: rials(values.amount ?? ""),
    ...(place ? { lat: place.lat, lon: place.lon, accuracy_m: place.accuracy_m } : {}),
    taken_at: taken ? new Date(taken).toISOString() : null,
    note: linesOf(form, files).join("\n").slice(0, LONGEST_NOTE) || null,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

// The report in words, for a note where the report itself is not taken any more.
export function wordsOf({ form, files }) {
  const { values } = form;
  const verdict = values.violation ? word(`violation_${values.violation}`) : "";
  const lines = [word("late_note"), verdict, values.finding, values.amount, ...linesOf(form, files)];
  return lines.filter((each) => each?.trim()).join("\n").slice(0, LONGEST_NOTE);
}

function linesOf({ values, place, arrivedAt }, files) {
  const lines = files.filter((file) => file.sha256).map(({ name, sha256 }) => line("photo_line", { name, hash: sha256 }));
  const add = (name, said) => { if (said?.trim()) lines.push(line(name, { said: said.trim() })); };
  if (arrivedAt) lines.push(line("arrived_line", { time: stamp(arrivedAt) }));
  add("statement_line", values.statement);
  add("notes_line", values.notes);
  if (!place) add("no_place_line", values.no_place_why);
  return lines;
}
