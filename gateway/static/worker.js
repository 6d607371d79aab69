// Registers the service worker, and says which pages it is to show when the network does not answer.
//
// Pages of the desk are kept apart: they are one member's, and are dropped when somebody signs in or out.
const PUBLIC = "pages-public";
const DESK = "pages-desk";
const STATIC = /\/static\/[\w.-]+/g;
const IMPORT = /"\.\/([\w.-]+\.js)"/g;

// Resolves when a worker stands behind this page's scope; rejects where browsers allow none (no TLS).
export const ready = "serviceWorker" in navigator
  ? navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
  : Promise.reject(new Error("no service worker"));
ready.catch(() => {});

// Keep pages of ours with every sheet and script they need. Resolves when all are kept, rejects when one is not.
export async function keepPages(urls) {
  await ready;
  const seen = new Set();
  for (const url of urls) {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    const cache = await caches.open(new URL(url, location).pathname.startsWith("/desk") ? DESK : PUBLIC);
    const text = await answer.clone().text();
    for (const part of text.match(STATIC) ?? []) await keepPart(cache, part, seen);
    await cache.put(url, answer);
  }
}

// Forget the kept pages of the desk. What waits to be sent is elsewhere, and stays.
export async function dropDeskPages() {
  if ("caches" in globalThis) await caches.delete(DESK);
}

async function keepPart(cache, path, seen) {
  if (seen.has(path)) return;
  seen.add(path);
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const imports = path.endsWith(".js") ? (await answer.clone().text()).matchAll(IMPORT) : [];
  await cache.put(path, answer);
  for (const [, name] of imports) await keepPart(cache, `/static/${name}`, seen);
}
