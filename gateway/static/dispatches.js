// The list of jobs: what is on this phone for each, the jobs made ready for where no network is, and every receipt.
import { codeInFours, isEvidence, moment, onStanding, owner, receiptOf, standing, start, word } from "./dispatch_sync.js";
import { wordsOf } from "./inspection.js";
import { sendAsEvidence } from "./late_evidence.js";
import { thumbnail } from "./shrink.js";
import { all, forget, onChange } from "./unsent.js";
import { keepPages } from "./worker.js";

const PREPARED = `dispatches-prepared-${owner}`;
const OPENED = Date.now();
const LOOKS = { draft: "", queued: "soon", refused: "late", withdrawn: "late", sent: "fresh" };
const at = (id) => document.getElementById(id);
const cards = new Map(Array.from(document.querySelectorAll(".job"), (card) => [card.dataset.code, card]));
const pages = Array.from(document.querySelectorAll(".job h2 a"), (link) => link.getAttribute("href"));
const here = location.pathname + location.search;

// --- ready for where no network is

async function prepare() {
  const said = at("prepared");
  said.textContent = word("preparing");
  at("prepare").disabled = true;
  try {
    if (!("serviceWorker" in navigator)) return void (said.textContent = word("no_worker"));
    navigator.storage?.persist?.().catch(() => false); // a browser that will not promise keeps what it can
    await keepPages([here, ...pages]);
    localStorage.setItem(PREPARED, `${Date.now()}`);
    await showPrepared();
  } catch {
    said.textContent = word("not_prepared");
  } finally {
    at("prepare").disabled = false;
  }
}

async function showPrepared() {
  const when = Number(localStorage.getItem(PREPARED));
  if (!when || !("caches" in globalThis)) return;
  const kept = await Promise.all([here, ...pages].map((url) => caches.match(url)));
  const lacking = kept.filter((page) => !page).length;
  at("prepared").textContent = lacking ? word("unprepared", { count: lacking }) : word("prepared", { time: moment(when) });
}

// --- what is on this phone

async function show() {
  const items = (await all()).filter((item) => item.about?.code).reverse();
  const list = at("kept").querySelector("ol");
  at("kept").hidden = !items.length;
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  list.replaceChildren(...items.map(cardOf));
  if (held) refocus(list, held);
  for (const [code, card] of cards) markJob(card, items.filter(({ about }) => about.code === code));
}

// The list was made anew under somebody's focus: it goes to the same thing of the same item.
function refocus(list, held) {
  const { id } = held.closest("li").dataset;
  list.querySelector(`[data-id="${id}"] ${held.tagName.toLowerCase()}:not([hidden])`)?.focus();
}

function markJob(card, items) {
  const marks = items.slice(0, 2).map((item) => badge(item, `${word(`kind_${item.about.kind}`)}: `));
  card.querySelector(".here").replaceChildren(...marks);
}

function badge(item, before = "") {
  const mark = document.createElement("span");
  mark.className = `badge ${LOOKS[item.state]}`;
  mark.textContent = before + word(`state_${item.state}`);
  return mark;
}

function cardOf(item) {
  const card = at("kept-item").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(name);
  card.dataset.id = item.id;
  part("h3").textContent = `${word(`kind_${item.about.kind}`)} — ${item.title}`;
  part(".badge").replaceWith(badge(item));
  part(".about").textContent = `${codeInFours(item.about.code)} · ${moment(item.sentAt ?? item.at)}`;
  if (item.receipt) tell(part(".receipt"), word("receipt", { receipt: receiptOf(item) }));
  tell(part(".why"), why(item));
  if (["draft", "refused"].includes(item.state)) offerPage(part(".open"), item);
  if (item.state === "withdrawn") offerEvidence(part, item);
  return card;
}

function tell(element, sentence) {
  element.textContent = sentence;
  element.hidden = !sentence;
}

function why({ state, about, problem, waits }) {
  if (state === "withdrawn") return word(about.kind === "note" ? "no_note" : "withdrawn");
  if (state === "queued" && waits) return word(waits === "sign_in" ? "wants_sign_in" : `wait_${waits}`);
  if (!problem || state === "sent") return "";
  return [problem.detail ?? problem.title, ...(problem.errors ?? []).map(({ message }) => message)].join(" ");
}

function offerPage(link, item) {
  const url = pages.find((each) => each.includes(item.about.code));
  link.hidden = !url;
  if (url) link.href = url;
}

// A withdrawn job takes no report; what was gathered stays, goes to the ticket as evidence, and else leaves only by hand.
function offerEvidence(part, item) {
  const [box, send, drop] = [part(".evidence"), part(".as-evidence"), part(".forget")];
  box.hidden = send.hidden = !isEvidence(item);
  if (!box.hidden) box.append(...evidenceOf(item));
  drop.hidden = false;
  send.addEventListener("click", () => {
    send.disabled = true;
    sendAsEvidence(item);
  });
  drop.addEventListener("click", () => { if (confirm(word("forget_sure"))) forget(item.id); });
}

function evidenceOf(item) {
  const words = document.createElement("p");
  words.className = "words";
  words.textContent = wordsOf(item);
  const list = document.createElement("ul");
  list.append(...item.files.map((file) => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = file.name;
    link.download = `${item.about.code}-${file.name}`;
    link.href = "#kept";
    link.addEventListener("click", () => { link.href = URL.createObjectURL(file.blob); }, { once: true });
    row.append(thumbnail(file.blob, file.name), link);
    return row;
  }));
  return [words, list];
}

// --- the list itself

// Jobs that came or went since this page was made; those that went by our own hand simply go.
async function compare() {
  const { jobs } = standing;
  if (!jobs) return;
  const done = (await all()).filter(({ state, about }) => state === "sent" && ["inspect", "decline"].includes(about?.kind));
  const ours = new Map(done.map(({ about, sentAt }) => [about.code, sentAt]));
  for (const [code, card] of cards) card.hidden = ours.get(code) > OPENED || (ours.has(code) && !jobs.has(code));
  const went = [...cards.keys()].some((code) => !jobs.has(code) && !ours.has(code));
  at("changed").hidden = !went && [...jobs.keys()].every((code) => cards.has(code));
}

at("prepare").addEventListener("click", prepare);
at("prepare").disabled = false;
onChange(() => show().then(compare));
onStanding(compare);
await show();
await showPrepared();
await start();
