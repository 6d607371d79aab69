// Counts a text's SMS segments while it is typed, with its placeholders at their longest, and shows it as it reaches a
// phone with usual ones; the server does both again.
// The same rule as sms/segments.py: GSM 03.38 in 160/153 septets, anything else in 70/67 UTF-16 units.
import { persian, shown } from "./digits.js";

const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€");
const MOST = 2;

export function segments(text) {
  const letters = [...text];
  const gsm = letters.every((letter) => GSM.has(letter) || EXTENDED.has(letter));
  const units = gsm ? letters.length + letters.filter((letter) => EXTENDED.has(letter)).length : text.length;
  const [single, part] = gsm ? [160, 153] : [70, 67];
  return units <= single ? 1 : Math.ceil(units / part);
}

for (const area of document.querySelectorAll("[data-counted]")) {
  const [longest, usual] = [JSON.parse(area.dataset.counted), JSON.parse(area.dataset.usual)];
  const preview = document.getElementById(`${area.id}-preview`);
  const line = document.getElementById(`${area.id}-count`);
  const count = () => {
    const written = area.lang === "fa" ? persian(area.value.trim()) : area.value.trim();
    const filled = (values) => written.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
    const whole = filled(longest);
    const number = segments(whole);
    line.querySelector("[data-segments]").textContent = shown(number);
    line.querySelector("[data-letters]").textContent = shown([...whole].length);
    line.querySelector("[data-warning]").textContent = number > MOST ? ` ${line.dataset.many}` : "";
    line.classList.toggle("too-long", number > MOST);
    preview.textContent = filled(usual);
  };
  area.addEventListener("input", count);
  count();
}
