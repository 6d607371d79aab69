// Puts the focus on what went wrong (or was done) when a page comes back; browsers honour `autofocus` unevenly.
document.getElementById("summary")?.focus();
for (const link of document.querySelectorAll(".summary a")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
}
