// The service worker: shows kept pages when the network does not answer, and sheets and scripts without asking again.
//
// It touches nothing but GET, never the API, hooks or event streams, and keeps no page by itself: worker.js does, when a
// page asks. It shows the hints that push.js asked for. VERSION is the hash of the statics, written in by the server.
const VERSION = "%VERSION%";
const ICON = "%ICON%";
const STATICS = `statics-${VERSION}`;
const DESK = "pages-desk";
const PATIENCE_MS = 5_000;
const NOT_OURS = /^\/(api|hooks|metrics|healthz|readyz|sandbox)(\/|$)|^\/desk\/events/;

addEventListener("install", () => skipWaiting());

// Old sheets and scripts go; those a kept page needs lie beside the page.
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("statics-") && name !== STATICS) await caches.delete(name);
  }
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || NOT_OURS.test(url.pathname)) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (request.mode === "navigate") event.respondWith(opened(request, url, event));
});

async function part(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(STATICS)).put(request, answer.clone());
  return answer;
}

// The network's page, or the kept one when the network fails or takes too long.
async function opened(request, url, event) {
  const kept = await caches.match(request) ?? await caches.match(request, { ignoreSearch: true });
  const fresh = fetch(request).then((answer) => noticed(answer, url));
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve(kept), PATIENCE_MS); });
  const first = await Promise.race([fresh.catch(() => kept), late]);
  clearTimeout(timer);
  return first.status >= 502 && first.status <= 504 ? kept : first;
}

// Only our own server can write here, and what it writes is always this. One hint a ticket is shown, the newest; the
// same one sent twice makes no second sound.
addEventListener("push", (event) => event.waitUntil((async () => {
  const { id, tag, title, body, lang, dir, url } = event.data.json();
  const [shown] = await registration.getNotifications({ tag });
  const renotify = shown !== undefined && shown.data.id !== id;
  await registration.showNotification(title, { body, lang, dir, tag, renotify, icon: ICON, data: { id, url } });
})()));

// A page of the ticket that is open already was written before this: the tracking page is opened beside it.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data.url));
});

// The sign-in form means that nobody is signed in (whoever is gets sent on): their pages are nobody's to see now.
async function noticed(answer, url) {
  if (url.pathname === "/desk" && answer.type !== "opaqueredirect") await caches.delete(DESK);
  return answer;
}
