// Photos of a report: made small as they are taken, with their hash, and shown in rows that let one be removed.
import { word } from "./dispatch_sync.js";
import { sha256, shrink, thumbnail } from "./shrink.js";

const SHOWN_OF_HASH = 8;

// A chosen file as it will be sent: { name, blob, sha256, at }, its name unlike any of `others`.
export async function taken(file, others) {
  const blob = await shrink(file);
  const name = blob === file ? file.name : `inspection-${nextNumber(others)}.jpg`;
  return { name, blob, sha256: await sha256(blob), at: Date.now() };
}

// A row for each photo; `remove` gets the place of the one to go.
export function rowsOf(files, remove) {
  return files.map((file, place) => {
    const row = document.createElement("li");
    const name = word("photo_of", { number: place + 1, kilobytes: Math.ceil(file.blob.size / 1024) });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = word("remove");
    button.setAttribute("aria-label", `${word("remove")} ${name}`);
    button.addEventListener("click", () => remove(place));
    row.append(thumbnail(file.blob, name), described(file, name), button);
    return row;
  });
}

function described(file, name) {
  const about = document.createElement("span");
  const hash = document.createElement("bdi");
  hash.textContent = file.sha256.slice(0, SHOWN_OF_HASH);
  hash.dir = "ltr";
  hash.title = file.sha256;
  about.append(name, document.createElement("br"), file.sha256 ? `${word("hash")} ` : word("no_hash"), hash);
  return about;
}

function nextNumber(files) {
  const numbers = files.map(({ name }) => Number(/^inspection-([0-9]+)\.jpg$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers) + 1;
}
