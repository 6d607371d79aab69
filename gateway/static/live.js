// What happens elsewhere, told to this page at once: live("tickets", act), live("call", act).
// One tab holds the stream and shares it with the others. While there is none, every `act` is called each 15 seconds
// with nothing to say, which means: look for yourself. So it is, too, when a stream opens: something may have happened
// since the page was made, or the last stream broke.
const EVERY_MS = 15_000;
const acts = new Map();
const tabs = new BroadcastChannel("live");
let stream;
let looking;
let isHeld = false;

export function live(name, act) {
  if (!acts.has(name)) acts.set(name, []);
  acts.get(name).push(act);
  hold();
}

function hear({ name, said }) {
  for (const [known, those] of acts) {
    if (!name || name === known) for (const act of those) act(said);
  }
}

function share(news) {
  hear(news);
  if (navigator.locks) tabs.postMessage(news); // without TLS there are none, and each tab holds a stream of its own
}

function open() {
  stream = new EventSource("/desk/events");
  stream.onopen = () => {
    looking = clearInterval(looking);
    share({});
  };
  stream.onmessage = (event) => share(JSON.parse(event.data));
  stream.onerror = () => { looking ??= setInterval(look, EVERY_MS); };
}

// A stream that only broke is opened again by the browser; one that was refused is not.
function look() {
  share({});
  if (stream.readyState === EventSource.CLOSED) open();
}

function hold() {
  if (isHeld) return;
  isHeld = true;
  tabs.onmessage = (event) => hear(event.data);
  if (!navigator.locks) return open();
  navigator.locks.request("live", () => new Promise(open));
}
