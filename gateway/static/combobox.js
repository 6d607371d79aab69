// Makes a select into a field one types in: what begins with the typed letters comes first, Arabic ي and ك find ی and ک,
// Tab or Enter takes the marked choice. The select stays what the form sends; without scripts it is all there is.
// After the ARIA pattern "editable combobox with list autocomplete". Send the select "change" after setting its value.
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/[إأآ]/g, "ا")
  .replace(/[\u064b-\u065f\u0670\u0640]/g, "").replace(/[\u200c\s]+/g, " ").trim();

// The lower, the nearer the start the typed letters stand; undefined where they do not.
function rank(title, typed) {
  const at = fold(title).indexOf(typed);
  if (at < 0) return undefined;
  return at === 0 ? 0 : fold(title)[at - 1] === " " ? 1 : 2;
}

export function combobox(select) {
  const options = Array.from(select.options, (option) => ({ value: option.value, title: option.value && option.text }));
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const box = document.createElement("div");
  let found = [];
  let marked = -1;

  input.type = "text";
  input.id = select.id;
  input.autocomplete = "off";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${select.id}-list`,
    "aria-describedby": select.getAttribute("aria-describedby"), placeholder: select.options[0]?.text,
  })) input.setAttribute(name, value);
  if (select.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  list.id = `${select.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${select.id}"]`).textContent);
  list.hidden = true;
  box.className = "combobox";
  select.removeAttribute("id");
  select.hidden = true;
  select.after(box);
  box.append(input, list);
  show();

  function show() {
    input.value = options.find((each) => each.value === select.value)?.title ?? "";
  }

  function search(typed) {
    found = options.filter((each) => each.value)
      .map((each) => ({ ...each, rank: rank(each.title, typed) }))
      .filter((each) => each.rank !== undefined)
      .sort((one, other) => one.rank - other.rank);
    list.replaceChildren(...found.map((each, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.textContent = each.title;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
      return item;
    }));
    list.dataset.empty = found.length ? "" : select.dataset.combobox;
    open();
    mark(typed && found.length ? 0 : -1);
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    marked = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    marked = place;
    for (const [at, item] of Array.from(list.children).entries()) item.setAttribute("aria-selected", String(at === place));
    const item = list.children[place];
    if (!item) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function take(place) {
    set(found[place]?.value ?? "");
    close();
  }

  function set(value) {
    const isNew = select.value !== value;
    select.value = value;
    show();
    if (isNew) select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  input.addEventListener("input", (event) => { event.stopPropagation(); search(fold(input.value)); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length) mark((Math.max(marked, step < 0 ? 0 : -1) + step + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (marked >= 0) take(marked);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show();
      close();
    }
  });
  input.addEventListener("blur", () => {
    if (!list.hidden && marked >= 0) take(marked);
    else if (!input.value.trim()) set("");
    show();
    close();
  });
  select.addEventListener("change", show);
}
