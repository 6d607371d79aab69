// The job a page is about, and what this phone holds for it.
import { owner, urlOf } from "./dispatch_sync.js";
import { all } from "./unsent.js";

export const at = (id) => document.getElementById(id);
export const job = at("job");
export const visit = at("visit");
export const { code, accepted } = job.dataset;
export const version = Number(job.dataset.version);

const about = (kind) => ({ url: urlOf(code, kind), part: "action", title: job.dataset.title, owner, about: { kind, code } });

// A new item of this job for the queue: what `kind` of action it is, and the rest of its fields.
export const item = (kind, more) => ({ ...about(kind), files: [], ...more });

// The newest item of a kind that is in one of these states, or undefined.
export async function last(kind, states) {
  const items = await all();
  return items.filter((each) => each.about?.code === code && each.about.kind === kind && states.includes(each.state)).at(-1);
}
