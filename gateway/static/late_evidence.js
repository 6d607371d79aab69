// What was gathered for a job that was withdrawn meanwhile: its words and photos go to the ticket as a note, when the
// inspector says so, and stay on the phone until the server's receipt is in.
import { urlOf } from "./dispatch_sync.js";
import { wordsOf } from "./inspection.js";
import { change, flush, newId } from "./unsent.js";

// Put the item in the queue as a note. It is one step on the disk, so that it is one or the other, never both; a
// version that is not today's is put right as any other's.
export async function sendAsEvidence(item) {
  const { code } = item.about;
  const note = { url: urlOf(code, "note"), part: "action", about: { kind: "note", code } };
  const json = { version: item.json?.version ?? 1, text: wordsOf(item) };
  await change(item.id, { ...note, json, id: newId(), state: "queued", problem: null, waits: null, tries: 0 }, "withdrawn");
  await flush();
}
