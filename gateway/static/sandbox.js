// Keeps the sandbox phone's screen fresh: asks for its texts every two seconds and adds the new ones.
const list = document.getElementById("messages");

function bubble(message) {
  const item = document.createElement("li");
  item.className = message.direction;
  item.dataset.id = message.id;
  const text = document.createElement("p");
  text.dir = "auto";
  text.textContent = message.text;
  const time = document.createElement("time");
  time.dateTime = message.at;
  const language = document.documentElement.lang;
  time.textContent = new Date(message.at).toLocaleTimeString(language, {
    hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Tehran",
  });
  item.append(text, time);
  return item;
}

async function refresh() {
  const answer = await fetch(`/sandbox/messages?all=1&phone=${encodeURIComponent(list.dataset.phone)}`);
  if (!answer.ok) return;
  const known = new Set(Array.from(list.children, (item) => item.dataset.id));
  for (const message of await answer.json()) {
    if (known.has(message.id)) continue;
    list.append(bubble(message));
    document.getElementById("silence")?.remove();
    list.lastElementChild.scrollIntoView({ block: "nearest" });
  }
}

if (list) {
  list.lastElementChild?.scrollIntoView({ block: "nearest" });
  setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 2000);
}
