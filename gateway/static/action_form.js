// The forms of actions with scripts: only those fields are shown that belong to what is chosen.

// Unfold whatever holds an element.
export function openAround(element) {
  for (let around = element.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
}

// A field that belongs to other choices than the one made is put away; what was typed in it stays, and is not sent.
function arrange(form) {
  const chosen = form.querySelector("[data-chooses]:checked")?.dataset.chooses;
  for (const field of form.querySelectorAll("[data-only-for]")) {
    const away = chosen === undefined || !field.dataset.onlyFor.split(" ").includes(chosen);
    field.hidden = away;
    for (const control of field.querySelectorAll("input, textarea, select")) control.disabled = away;
  }
}

for (const form of document.querySelectorAll("form.act")) {
  if (!form.querySelector("[data-chooses]")) continue;
  arrange(form);
  form.addEventListener("change", () => arrange(form));
}

// A link to a field that is folded away unfolds it first; so does an error inside.
for (const wrong of document.querySelectorAll(".act .error")) openAround(wrong);
