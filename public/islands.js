// The script of every page. It does four small things, and every page works without them:
// 1. loads the WebAssembly, only on pages with an island, and brings the islands to life;
// 2. shows the copy buttons beside ids;
// 3. keeps a form from being sent twice by a double click (the server would answer the second one like the first);
// 4. shows how much of a file has been sent, and that the server is reading it.

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

// Shows a page that came as the answer to a script.
function show(page) {
  document.open();
  document.write(page);
  document.close();
}

// Sends a form with a file and shows how far it has come. A script cannot see where an answer redirects to, so it asks to be told.
function send(form, submitter) {
  const box = form.querySelector("[data-progress]");
  const [bar, says] = [box.querySelector("progress"), box.querySelector("[role=status]")];
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("x-huitan-progress", "1");
  const sent = (part) => {
    bar.value = part;
    says.textContent = box.dataset.sending.replace("{percent}", Math.floor(100 * part));
  };
  request.upload.onprogress = ({ loaded, total }) => sent(loaded / total);
  request.upload.onload = () => {
    bar.removeAttribute("value");
    says.textContent = box.dataset.reading;
  };
  request.onload = () => {
    const to = request.getResponseHeader("x-huitan-to");
    // an answer that leads nowhere is a page of its own, such as "too large": nothing is sent again
    if (!to) return show(request.responseText);
    const next = new URL(to, location.href);
    const stays = next.pathname + next.search === location.pathname + location.search;
    location.assign(next);
    if (stays) location.reload();
  };
  request.onerror = () => {
    bar.hidden = true;
    says.textContent = box.dataset.lost;
    delete form.dataset.sent;
  };
  box.hidden = bar.hidden = false;
  sent(0);
  request.send(new FormData(form, submitter));
}

for (const form of document.querySelectorAll('form[enctype="multipart/form-data"]')) {
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")];
    if (event.defaultPrevented || !files.some((input) => input.files.length > 0)) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}
// a page that comes back from the browser's memory may be sent again
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.getElementById("errors")?.focus();
