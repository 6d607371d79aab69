// The page of one job: accept, arrive, report. Everything is on the phone first, and goes to the server from there.
import { addPhotos, draft, findPlace, save, takeUp } from "./dispatch_draft.js";
import { accepted, at, item, last, version, visit } from "./dispatch_job.js";
import { forgetRefusal, show, stop } from "./dispatch_shown.js";
import { isEvidence, onStanding, start, word } from "./dispatch_sync.js";
import { bodyOf, problemsOf } from "./inspection.js";
import { sendAsEvidence } from "./late_evidence.js";
import { keep, newId, onChange } from "./unsent.js";

let isSending = false;

async function send(event) {
  event.preventDefault();
  if (isSending) return; // a second press is the same report
  isSending = true;
  await save();
  const wrong = problemsOf(draft.form);
  stop(wrong);
  if (!wrong.length) {
    forgetRefusal();
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
  visit.hidden = false;
  await findPlace();
}

async function evidence({ target }) {
  target.disabled = true;
  const kept = await last("inspect", ["withdrawn"]) ?? await last("note", ["withdrawn"]);
  if (kept && isEvidence(kept)) await sendAsEvidence(kept);
  target.disabled = false;
}

function wire() {
  at("accept").addEventListener("click", accept);
  at("arrive").addEventListener("click", arrive);
  at("report").addEventListener("click", () => {
    visit.hidden = false;
    at("visit-title").scrollIntoView({ block: "start" });
    visit.querySelector("input").focus({ preventScroll: true });
  });
  at("locate").addEventListener("click", findPlace);
  at("photos-input").addEventListener("change", async ({ target }) => {
    const files = Array.from(target.files);
    target.value = "";
    await addPhotos(files);
  });
  visit.addEventListener("submit", send);
  at("decline").addEventListener("submit", decline);
  at("decline").querySelector("button").disabled = false;
}

async function begin() {
  if (visit) {
    visit.hidden = !await takeUp();
    wire();
  }
  at("as-evidence").addEventListener("click", evidence);
  onChange(show);
  onStanding(show);
  await show();
  await start();
}

begin();
