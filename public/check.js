// Checks certificates in the reader's browser: the certificate of this page, or a file that was chosen or dropped. The file is not sent
// anywhere; only the certificate's number is asked about. Without this script the server does the same check (/check).

const address = document.getElementById("checker").dataset.module;
let loading;

// Loads the WebAssembly once, with the first check.
function load() {
  loading ??= import(address).then(async (module) => {
    await module.default();
    return module;
  });
  return loading;
}

// What happened instead of an answer.
function happened(answer) {
  return answer.status === 429 ? "too_often" : "refused";
}

// What the registry says now. Its keys are known without a connection; what it does not know, it never gave.
async function evidence(module, text, keys) {
  const asked = module.asks(text);
  if (!asked) return { keys };
  const { number, size, version } = JSON.parse(asked);
  const of = version ? `&version=${version}` : "";
  try {
    const answer = await fetch(`/api/v1/retirements/${encodeURIComponent(number)}/evidence?size=${size}${of}`, { cache: "no-store" });
    if (answer.ok) return await answer.json();
    return answer.status === 404 ? { keys, ledger: "" } : { keys, unanswered: happened(answer) };
  } catch {
    return { keys, unanswered: "no_connection" };
  }
}

// The certificate of this page. An answer that is no file is not judged as one.
async function fetched(box, file) {
  const answer = await fetch(file, { cache: "no-store" });
  if (answer.ok) return answer.text();
  throw new Error(JSON.parse(box.dataset.words)[happened(answer)]);
}

async function check(box, read) {
  const says = box.querySelector("[data-check-answer]");
  says.removeAttribute("data-checked");
  says.textContent = box.dataset.fetching;
  let text;
  try {
    text = await read();
  } catch (error) {
    says.textContent = error instanceof TypeError || !error.message ? box.dataset.unreadable : error.message;
    says.dataset.checked = "browser";
    return;
  }
  try {
    const module = await load();
    const found = JSON.stringify(await evidence(module, text, JSON.parse(box.dataset.keys)));
    says.innerHTML = module.check(text, found, box.dataset.words);
  } catch {
    says.textContent = box.dataset.unreadable;
  }
  says.dataset.checked = "browser";
}

for (const box of document.querySelectorAll("[data-check]")) {
  const button = box.querySelector("[data-check-file]");
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    check(box, () => fetched(box, button.dataset.checkFile));
  });
  const input = box.querySelector("input[type=file]");
  input?.addEventListener("change", () => {
    const [file] = input.files;
    if (file) check(box, () => file.text());
  });
  if (!input) continue;
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) check(box, () => file.text());
  });
  input.form?.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file) return;
    event.preventDefault();
    check(box, () => file.text());
  });
}
