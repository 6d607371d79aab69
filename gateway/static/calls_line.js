// The telephone of this desk on the page: who rings, how long one speaks. A call fills an untouched form; one in use is
// left alone until its operator puts it aside. The focus is never moved.
import { shown } from "./digits.js";
import { live } from "./live.js";
import { say } from "./say.js";

const line = document.getElementById("line");
const banner = document.getElementById("banner");
const part = (id) => document.getElementById(id);
let now = null; // the call at this telephone, with the moment its talk began
let waiting = null; // the call that came while the form was in use

// What a fresh form takes from the call that is still on.
export const onTheLine = () => now ? { phone: now.caller, call_id: now.call_id } : { phone: "", call_id: "" };

export function followCalls(page, form) {
  const words = page.dataset;

  function hear(call) {
    if (!call) return lookForYourself();
    if (call.moment === "hangup") return end(call);
    const isNew = now?.call_id !== call.call_id && waiting?.call_id !== call.call_id;
    if (isNew && !form.isUntouched() && !ours(call)) return wait(call);
    if (waiting?.call_id === call.call_id) waiting = call;
    else begin(call);
  }

  // A draft that was given back may be of the call that is still on.
  const ours = (call) => document.querySelector("#call [name=call_id]").value === call.call_id;

  function begin(call) {
    const isNew = now?.call_id !== call.call_id;
    now = { ...call, since: call.spoken_s === null ? null : Date.now() - call.spoken_s * 1000 };
    show(now.since === null ? words.ringing : words.speaking);
    if (!isNew) return;
    if (!ours(call)) form.fill(onTheLine());
    say(`${words.ringing} ${call.caller || words.hidden}`);
  }

  function wait(call) {
    waiting = call;
    const number = document.createElement("bdi");
    number.dir = "ltr";
    number.textContent = shown(call.caller) || words.hidden;
    part("banner-text").replaceChildren(words.waits, " ", number);
    banner.hidden = false;
    say(`${words.waits} ${call.caller || words.hidden}`);
  }

  function end(call) {
    if (waiting?.call_id === call.call_id) {
      waiting = null;
      banner.hidden = true;
    }
    if (now?.call_id !== call.call_id) return;
    tick();
    now = null;
    part("line-state").textContent = words.over;
  }

  function show(state) {
    line.hidden = false;
    part("line-state").textContent = state;
    part("line-caller").textContent = shown(now.caller) || words.hidden;
    tick();
  }

  function tick() {
    if (!now?.since) return part("line-timer").replaceChildren();
    const seconds = Math.max(0, Math.floor((Date.now() - now.since) / 1000));
    part("line-timer").textContent = shown(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }

  async function lookForYourself() {
    try {
      const answer = await fetch(`${location.pathname}/now`, { headers: { Accept: "application/json" } });
      const call = answer.ok ? await answer.json() : null;
      if (call) hear(call);
    } catch (error) {
      if (error.name !== "TypeError") throw error; // no network: the next look tells
    }
  }

  function takeWaiting() {
    const call = waiting;
    [waiting, now] = [null, null];
    banner.hidden = true;
    begin(call);
  }

  // Puts the form aside and takes the call that waits. True where one does, whether or not it could be taken.
  function take() {
    if (!waiting) return false;
    const call = waiting;
    form.park().then((isKept) => {
      if (!isKept || waiting !== call) return;
      form.renew();
      takeWaiting();
      part("category").focus();
    });
    return true;
  }

  // The form is free again: a call that waited for it is next.
  function freed() {
    if (waiting) takeWaiting();
  }

  part("banner-take").addEventListener("click", take);
  setInterval(() => now && tick(), 1000);
  live("call", hear);
  lookForYourself();
  return { take, freed };
}
