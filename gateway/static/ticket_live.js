// What others do to the ticket while its page lies open: said above it, and shown when asked for. A form somebody has
// begun is never touched: the stage and the story come anew around it, and it goes to the ticket as it is shown then.
import { live } from "./live.js";
import { say } from "./say.js";

const EVERY_MS = 3_000;
const note = document.getElementById("changed");
const link = note?.querySelector("a");
const deeds = document.querySelector(".deeds");
let isBegun = Boolean(document.querySelector(".clash, .summary")); // a form that came back holds what was typed
let timer = 0;
let earliest = 0;

function lookSoon() {
  timer ||= setTimeout(look, Math.max(0, earliest - Date.now()));
}

async function look() {
  try {
    const answer = await fetch(note.dataset.news, { headers: { Accept: "application/json" } });
    if (answer.status === 404) return tell(note.dataset.gone); // handed on: nothing more is heard of it
    if (answer.status === 401) return tell(note.dataset.signIn);
    const news = answer.ok ? await answer.json() : null;
    if (news) tell(news.said);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no network: the next news will tell
  }
  [timer, earliest] = [0, Date.now() + EVERY_MS];
}

function tell(sentence) {
  const shown = note.querySelector("span");
  if (shown.textContent === sentence) return;
  shown.textContent = sentence;
  link.hidden = sentence === note.dataset.gone;
  note.hidden = false;
  say(sentence);
}

async function show(event) {
  if (!isBegun) return; // the link leads to the page anew
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return lookSoon(); // out of sight, or to be signed in for
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".head", ".story"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
  for (const name of ["version", "seen_event"]) {
    const now = fresh.querySelector(`.act [name=${name}]`)?.value;
    for (const field of now ? deeds.querySelectorAll(`[name=${name}]`) : []) field.value = now;
  }
  note.dataset.news = fresh.getElementById("changed").dataset.news;
  note.hidden = true;
  note.querySelector("span").textContent = "";
  say(note.dataset.shown);
}

if (note) {
  deeds.addEventListener("input", () => { isBegun = true; });
  link.addEventListener("click", show);
  live("tickets", lookSoon);
}
