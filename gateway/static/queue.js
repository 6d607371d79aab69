// The queue by keyboard, taking on without leaving the page, and news that never move a row.
import { key } from "./keys.js";
import { live } from "./live.js";
import { say } from "./say.js";

const words = document.getElementById("words").dataset;
const table = document.querySelector("table.queue");
const rows = table ? [...table.tBodies[0].rows] : [];
const inFigures = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false });

const goesOn = new Set(); // rows that are left once they are taken

// Moving: the focus is on the row's own link, so that Enter opens it and a reader hears it.
const current = () => rows.indexOf(document.activeElement?.closest?.("tr"));
const focusOn = (row) => row?.querySelector(".open").focus();

function move(by) {
  const place = current();
  focusOn(rows[place < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(place + by, 0), rows.length - 1)]);
}

key("KeyJ", words.next, () => move(1));
key("KeyK", words.before, () => move(-1));
key("KeyO", words.open, () => (rows[current()] ?? rows[0])?.querySelector(".open").click());
key("KeyA", words.take, () => (rows[current()] ?? rows[0])?.querySelector("[data-act=take]")?.requestSubmit());
key("Control+Enter", words.takeNext, () => {
  const row = rows[current()] ?? rows[0];
  const form = row?.querySelector("[data-act=take]");
  if (form) goesOn.add(row);
  return form ? form.requestSubmit() : focusOn(rows[rows.indexOf(row) + 1]);
});
if (table?.querySelector(".doing a")) {
  key("KeyS", words.assign, () => (rows[current()] ?? rows[0])?.querySelector(".doing a")?.click());
}
key("F2", words.search, () => document.getElementById("q").select());

document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  const elsewhere = event.target !== document.body && !event.target.closest("table.queue");
  if (!by || elsewhere || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  move(by);
});

// Taking on and giving back: the row's last cell comes anew. Where somebody was first, the next row is at hand.
table?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const row = form.closest("tr");
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok && answer.status !== 409) return form.submit(); // a page of its own says what is wrong
    settle(row, await answer.json(), answer.status === 409 || goesOn.has(row));
  } catch {
    button.disabled = false;
    say(words.lost);
  } finally {
    goesOn.delete(row);
  }
});

function settle(row, { said, cell, assignee }, isLeft) {
  show(row, cell, assignee);
  say(said);
  focusOn(isLeft ? rows[rows.indexOf(row) + 1] ?? row : row);
}

function show(row, cell, assignee) {
  const end = row.querySelector(".who-cell");
  const wasWithin = end.contains(document.activeElement);
  end.innerHTML = cell;
  row.dataset.assignee = assignee ?? "";
  if (wasWithin) focusOn(row); // what was pressed may be gone
}

// News: what is not on the page yet is counted and offered; what is says in its own place who took it, or that it left.
const news = document.getElementById("news");
const fresh = new Set();
let asking = false;

async function look() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(news.dataset.news, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { since, tickets } = await answer.json();
    const next = new URL(news.dataset.news, location.href);
    next.searchParams.set("since", since);
    news.dataset.news = next.href;
    await Promise.all(tickets.map(hear));
    announce();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // offline: the next time will tell
  } finally {
    asking = false;
  }
}

async function hear({ tracking_code: code, assignee, is_here: isHere }) {
  const row = rows.find((each) => each.dataset.code === code);
  if (!row) return isHere ? fresh.add(code) : fresh.delete(code);
  if (!isHere) return leave(row);
  if (row.dataset.assignee === (assignee ?? "") && !row.querySelector(".gone")) return;
  const asked = new URL(news.dataset.row, location.href);
  asked.searchParams.set("code", code);
  const answer = await fetch(asked, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const end = await answer.json();
  show(row, end.cell, end.assignee);
}

function leave(row) {
  const gone = document.createElement("span");
  gone.className = "gone";
  gone.textContent = news.dataset.gone;
  show(row, gone.outerHTML, "");
}

function announce() {
  const shown = news.querySelector(".news-said");
  const { one, more } = news.dataset;
  const sentence = fresh.size === 1 ? one : more.replace("#", inFigures.format(fresh.size));
  news.hidden = !fresh.size;
  if (news.hidden || shown.textContent === sentence) return;
  shown.textContent = sentence;
  say(sentence);
}

document.querySelector(".queue-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // phones scroll them
if (news.dataset.live !== undefined) live("tickets", look);
if (table?.dataset.focus) focusOn(document.getElementById(`t-${table.dataset.focus}`));
