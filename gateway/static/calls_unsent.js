// Reports this browser keeps because the server could not be reached: shown until they are filed, then with their code.
import { all, forget, onChange, serve } from "./unsent.js";

const place = document.getElementById("unsent");

export function showUnsent(page, { reopen }) {
  const words = page.dataset;

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function badge(text, kind) {
    const made = document.createElement("span");
    made.className = `badge ${kind}`;
    made.textContent = text;
    return made;
  }

  function lineOf(item) {
    const line = document.createElement("li");
    if (item.state === "sent") {
      const code = document.createElement("bdi");
      code.dir = "ltr";
      code.textContent = item.receipt.tracking_code?.replace(/(.{4})(?=.)/g, "$1 ") ?? ""; // a logged call has none
      line.append(badge(code.textContent ? words.sent : words.logged, "fresh"), code, item.title, button(words.seen, () => forget(item.id)));
    } else if (item.state === "refused") {
      const why = (item.problem?.errors ?? []).map((each) => each.message).join(" ") || item.problem?.detail || "";
      const open = button(words.open, () => { reopen(item.json); forget(item.id); });
      line.append(badge(words.refused, "late"), item.title, why, open);
    } else {
      line.append(badge(words.unsent, "soon"), item.title);
      if (item.waits === "sign_in") line.append(words.signIn);
    }
    return line;
  }

  async function show() {
    const items = (await all()).filter((item) => item.url.startsWith("/desk/calls"));
    const list = document.createElement("ul");
    list.className = "history";
    list.append(...items.map(lineOf));
    const card = document.createElement("section");
    card.className = "card unsent";
    card.append(list);
    place.replaceChildren(card);
    place.hidden = !items.length;
  }

  onChange(show);
  serve({ owner: words.member });
  show();
}
