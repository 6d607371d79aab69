// How far the job has come, and what is wrong with its report, on the page.
import { accepted, at, code, job, last, visit } from "./dispatch_job.js";
import { draft } from "./dispatch_draft.js";
import { isEvidence, moment, receiptOf, standing, word } from "./dispatch_sync.js";

const TITLE = document.title;
const FIELDS = { amount_rial: "amount", note: "notes", files: "photo-field" };
let isToldRefusal = false;

export async function show() {
  const acceptance = await last("accept", ["queued", "sent"]);
  const report = await last("inspect", ["queued", "sent", "withdrawn"]);
  const over = report ?? await last("note", ["queued", "sent", "withdrawn"]) ?? await last("decline", ["queued", "sent"]);
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

// The report goes again: should it be refused again, that is told again.
export function forgetRefusal() {
  isToldRefusal = false;
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
  at("as-evidence").hidden = !isEvidence(kept);
}

// Says what has to be put right, on top and by name, as every form of ours does.
export function stop(wrong, problem = null) {
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
