// Codes kept on this phone, if its owner says so: a list of codes and days in the browser, no names, no numbers.
//
// The confirmation offers to keep its code, and to print itself; the tracking page lists what was kept.
const NAME = "kept-codes";
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";

const read = () => {
  try { return JSON.parse(localStorage.getItem(NAME)) ?? []; } catch { return []; }
};
const write = (codes) => localStorage.setItem(NAME, JSON.stringify(codes));

export function keepCode(code) {
  write([{ code, at: new Date().toISOString() }, ...read().filter((each) => each.code !== code)]);
}

const shown = (text) => document.documentElement.lang.startsWith("fa") ? text.replace(/\d/g, (digit) => PERSIAN[digit]) : text;
export const inFours = (code) => shown(code.match(/.{1,4}/g).join(" "));

function button(text, act, kind = "second") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

const keep = document.getElementById("keep");
if (keep) {
  const { code, print: printing, keep: keeping, kept } = keep.dataset;
  keep.prepend(button(printing, () => print()));
  const done = document.createElement("p");
  done.className = "hint";
  done.setAttribute("role", "status");
  const here = button(keeping, () => {
    keepCode(code);
    here.remove();
    done.textContent = kept;
  });
  if (!read().some((each) => each.code === code)) keep.append(here);
  keep.append(done);
}

// The tracking page: a kept code is one press away; an address with a fragment (the square on paper) fills it in.
const list = document.getElementById("kept");
const field = document.getElementById("code");
if (list && field) {
  const draw = () => {
    const codes = read();
    list.hidden = codes.length === 0;
    list.querySelector("ul").replaceChildren(...codes.map(({ code }) => {
      const item = document.createElement("li");
      const number = document.createElement("bdi");
      number.dir = "ltr";
      number.textContent = inFours(code);
      const use = button("", () => {
        field.value = code;
        (document.getElementById("phone_last4") ?? field).focus();
      }, "link");
      use.append(number);
      const drop = button(list.dataset.drop, () => {
        write(read().filter((each) => each.code !== code));
        draw();
        field.focus();
      });
      drop.setAttribute("aria-label", `${list.dataset.drop} ${inFours(code)}`);
      item.append(use, drop);
      return item;
    }));
  };
  draw();
  const written = location.hash.slice(1);
  if (/^\d{12,16}$/.test(written) && !field.value) {
    field.value = written;
    history.replaceState(null, "", location.pathname + location.search);
    document.getElementById("phone_last4")?.focus();
  }
}
