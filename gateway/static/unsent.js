// What a page has to tell the server and cannot yet: kept in this browser until the server's answer is in.
//
// An item is durable before `keep` resolves; it is sent in order, by one tab at a time, its id being the Idempotency-Key;
// and it gives up its contents for a receipt only. What an item means is its page's to know, not ours.
//
// Item: { id, url, part, json, files: [{ name, blob }], title, owner, form, about }. `part` names the multipart part that
// holds the JSON; without it the body is JSON alone. `owner` is the member of staff whose session must send it, "" for the
// public. `form` is what was typed, for its page to show again; `about` is the page's to know the item by when it is sent.
// States: draft (not to be sent yet), queued, refused (with the server's `problem`; its page lets people put it right),
// sent (with the `receipt`), and any a page's `mend` gives.
const NAME = "unsent";
const STORE = "items";
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
const PATIENCE_MS = 120_000;
const RECEIPTS_KEPT_MS = 30 * 24 * 3_600_000;
const MOST_MENDS = 4;
const NOT_OURS_NOW = [401, 403];
const LATER = [408, 425, 429];
// What is sent keeps its receipt and loses the rest: it is the server's now.
const EMPTY = { json: null, files: [], form: null, problem: null, waits: null };

const page = { owner: "", ready: async () => true, mend: async () => null };
const listeners = new Set();
const otherTabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
let opened = null;
let flushing = null;
let isWanted = false;
let failures = 0;
let askedPauseMs = 0;
let timer = 0;

// A fresh id, also where the page did not come over TLS and `randomUUID` is missing.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keep an item for sending. Resolves when it is durable, rejects when this browser will not keep it.
export async function keep(item) {
  await put({ ...whole(item), state: "queued", at: Date.now(), waits: null, problem: null });
  flush().catch(report);
}

// Keep an item that is not to be sent yet, in place of what was kept under its id. False, and nothing is changed, when
// that has been queued or sent meanwhile, in another tab perhaps.
export async function keepDraft(item) {
  let isKept = false;
  await within("readwrite", (store) => {
    const found = store.get(item.id);
    found.onsuccess = () => {
      isKept = !["queued", "sent"].includes(found.result?.state);
      if (isKept) store.put({ ...whole(item), state: "draft", at: found.result?.at ?? Date.now() });
    };
  });
  if (isKept) changed();
  return isKept;
}

// Every item of this page's owner and of nobody in particular, oldest first.
export async function all() {
  const items = await within("readonly", (store) => store.getAll());
  return items.filter(isOurs).sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

// Change fields of an item, its id included, in one step. Does nothing when it is gone or not in state `from` any more.
export const change = (id, fields, from) => replace({ id, state: from }, fields);

// Forget an item and all that was in it.
export async function forget(id) {
  await within("readwrite", (store) => store.delete(id));
  changed();
}

// Call `listener` whenever an item changed, in this tab or another. Returns how to stop.
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Say whose page this is, before asking for what they kept.
export function own(owner) {
  page.owner = owner;
}

// Begin sending for a page: `owner` is who is signed in; `ready` may hold sending back by resolving to false; `mend`
// gets a refused item and the server's problem, and gives the fields that let it go again ({ id, json … }), or another
// state to rest in, or null to let the refusal stand.
export function serve({ owner = page.owner, ready = page.ready, mend = page.mend } = {}) {
  Object.assign(page, { owner, ready, mend });
  addEventListener("online", () => flush().catch(report));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush().catch(report); });
  return flush().catch(report);
}

// Send what is queued. Resolves when all is sent or what remains has to wait; tries again by itself.
export function flush() {
  isWanted = true;
  flushing ??= (async () => {
    while (isWanted) {
      isWanted = false;
      await alone(sendAll);
    }
  })().finally(() => { flushing = null; });
  return flushing;
}

const alone = (work) => navigator.locks ? navigator.locks.request(NAME, work) : work();
const report = (error) => console.error(NAME, error);
const whole = (item) => ({ part: null, files: [], title: "", owner: page.owner, tries: 0, ...item });
const isOurs = (item) => item.owner === page.owner || item.owner === "";

async function sendAll() {
  clearTimeout(timer);
  const tried = new Set();
  for (let item; (item = (await queued()).find((each) => !tried.has(each.id)));) {
    if (!await page.ready()) return pause();
    tried.add(item.id);
    if (await send(item) === "stop") return pause();
  }
  await within("readwrite", dropOldReceipts);
  if ((await queued()).length) return pause();
  failures = 0;
}

const queued = async () => (await all()).filter((item) => item.state === "queued");

function pause() {
  const wanted = Math.max(FIRST_PAUSE_MS * 2 ** failures, askedPauseMs);
  [failures, askedPauseMs] = [failures + 1, 0];
  clearTimeout(timer);
  timer = setTimeout(() => flush().catch(report), Math.min(wanted, LONGEST_PAUSE_MS) * (1 + Math.random() / 2));
}

// One item to its end for now. A mended item goes again at once, for what mended it may not hold for long.
async function send(item) {
  for (let mends = 0; mends < MOST_MENDS; mends += 1) {
    const answer = await post(item);
    if (answer.waits) return wait(item, answer.waits);
    if (answer.receipt) return settle(item, { state: "sent", receipt: answer.receipt, sentAt: Date.now(), ...EMPTY });
    const fields = await page.mend(item, answer.problem).catch(() => ({ waits: "network" }));
    if (!fields) return settle(item, { state: "refused", problem: answer.problem, waits: null });
    if (fields.waits) return wait(item, fields.waits);
    const changes = { problem: answer.problem, waits: null, ...fields };
    await replace(item, changes);
    item = { ...item, ...changes };
    if (item.state !== "queued") return "next";
  }
  return wait(item, "server");
}

async function wait(item, waits) {
  await replace(item, { waits, tries: item.tries + 1 });
  return waits === "server" ? "next" : "stop"; // one item's trouble, or everyone's
}

async function settle(item, fields) {
  await replace(item, fields);
  failures = 0;
  return "next";
}

// The server's answer: a receipt, a problem, or what to wait for. Only JSON counts: a hotel's sign-in page is no receipt.
async function post(item) {
  let response, said;
  try {
    response = await fetch(item.url, {
      method: "POST",
      headers: { "Idempotency-Key": item.id, "Accept-Language": document.documentElement.lang, ...typeOf(item) },
      body: bodyOf(item),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    said = await response.json();
  } catch {
    return { waits: response && response.status >= 500 ? "server" : "network" };
  }
  if (response.ok) return { receipt: receiptOf(said) };
  if (NOT_OURS_NOW.includes(response.status)) return { waits: "sign_in" };
  if (response.status >= 500 || LATER.includes(response.status)) {
    askedPauseMs = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    return { waits: "server" };
  }
  return { problem: said };
}

const typeOf = (item) => item.part ? {} : { "Content-Type": "application/json" };

function bodyOf(item) {
  const said = JSON.stringify(item.json);
  if (!item.part) return said;
  const form = new FormData();
  form.append(item.part, said);
  for (const file of item.files) form.append("files", file.blob, file.name);
  return form;
}

// Enough to prove that it was taken in, and nothing about people.
function receiptOf(said) {
  const event = said.timeline?.at(-1);
  const { tracking_code, step, step_number, version, created } = said;
  return { tracking_code, step, step_number, version, created, number: event?.number, at: event?.at };
}

function dropOldReceipts(store) {
  const request = store.getAll();
  request.onsuccess = () => {
    const isOld = (item) => item.state === "sent" && item.sentAt < Date.now() - RECEIPTS_KEPT_MS;
    for (const item of request.result.filter(isOld)) store.delete(item.id);
  };
}

const put = async (item) => {
  await within("readwrite", (store) => store.put(item));
  changed();
};

// What somebody forgot or changed meanwhile stays so.
async function replace({ id, state }, fields) {
  await within("readwrite", (store) => {
    const found = store.get(id);
    found.onsuccess = () => {
      if (found.result?.state !== state) return;
      const after = { ...found.result, ...fields };
      if (after.id !== id) store.delete(id);
      store.put(after);
    };
  });
  changed();
}

// One transaction; resolves with the request's result when it is on the disk.
async function within(mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(STORE, mode, { durability: "strict" });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opened = null; // a browser that refused once may let us in later
    throw error;
  });
  return opened;
}

function changed() {
  for (const listener of listeners) listener();
  otherTabs?.postMessage("changed");
}

otherTabs?.addEventListener("message", () => { for (const listener of listeners) listener(); });
