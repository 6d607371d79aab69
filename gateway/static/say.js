// Says a sentence to whoever listens instead of looking: the page's one status region.
export function say(sentence) {
  const region = document.getElementById("said");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = sentence; });
}
