// Once a province is chosen, only its counties are left to choose from; without a script they stand under its name.

const province = document.getElementById("place-province");
const county = document.getElementById("place-county");
const groups = Array.from(county.querySelectorAll("optgroup"));

function narrow() {
  for (const group of groups) {
    if (!province.value || group.dataset.province === province.value) county.append(group);
    else group.remove();
  }
  if (county.selectedIndex < 0) county.value = "";
}

province.addEventListener("change", narrow);
narrow();
