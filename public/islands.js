// The only script of the site. It does three small things, and every page works without them:
// 1. loads the WebAssembly, only on pages with an island, and brings the islands to life;
// 2. shows the copy buttons beside ids;
// 3. keeps a form from being sent twice by a double click (the server would answer the second one like the first).

const moduleAddress = document.getElementById("loader")?.dataset.module;
let loading;

// Loads the WebAssembly once.
function load() {
  loading ??= import(moduleAddress).then(async (module) => {
    await module.default();
    module.hydrate();
    return module;
  });
  return loading;
}

// Islands in the order of the document.
async function wake(root) {
  const islands = [...root.querySelectorAll("leptos-island")].filter((island) => !island.dataset.awake);
  if (islands.length === 0) return;
  const module = await load();
  for (const island of islands) {
    island.dataset.awake = "true";
    module[island.dataset.component]?.(island);
  }
}

if (moduleAddress) wake(document);

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = label), 2000);
  });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
  });
}
// a page that comes back from the browser's memory may be sent again
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.getElementById("errors")?.focus();
