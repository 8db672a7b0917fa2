// The page minutes are written on: saves by itself when the writer pauses, keeps what could not be saved, and has keys
// for the minute-taker in the meeting. All of it also works by the page's own buttons, without this file.
import { forget, forgetAll, forgetSaved, keep, read } from "./kept.js";

const PAUSE = 3000; // ms without typing before it saves
const AGAIN = 15000; // ms before it tries again without a connection
const form = document.querySelector("form.minutes-form");
const words = document.getElementById("save-words");
const { key, autosave, savedAt, offline, changed, invalid, locked } = form.dataset;
let typed = 0; // counts what was typed, so that an answer knows whether it is still the latest
let timer = 0;
let busy = false;
let given = false; // the writer has to press Save: somebody else saved, or something is to be corrected
let leaving = false;

const name = document.createElement("input");
Object.assign(name, { type: "hidden", name: "draft", value: newName() });
form.append(name);
forgetAll(key.slice(0, key.lastIndexOf(":") + 1));
forgetSaved(key);
offer();

form.addEventListener("input", () => {
  typed += 1;
  keep(key, { name: name.value, at: Date.now(), fields: fields() });
  if (!given) plan(PAUSE);
});
for (const one of document.querySelectorAll('form[action$="/logout/"]')) one.addEventListener("submit", () => (leaving = true));
form.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(timer);
});
window.addEventListener("online", () => plan(0));
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) press(event, "button.ds-button[type=submit]:not([name])");
  if (!event.ctrlKey || !event.altKey) return;
  const section = { KeyD: "decisions", KeyA: "actions", KeyN: "items" }[event.code];
  if (section) press(event, `button[name=add][value=${section}]`);
});

function press(event, selector) {
  event.preventDefault();
  form.querySelector(selector)?.click();
}

function newName() {
  return crypto.randomUUID ? crypto.randomUUID() : String(Date.now());
}

function fields() {
  const found = [...new FormData(form)].filter(([field]) => field !== "csrfmiddlewaretoken");
  return found.map(([field, value]) => [field, String(value)]);
}

function plan(wait) {
  clearTimeout(timer);
  if (typed) timer = setTimeout(save, wait);
}

async function save() {
  if (busy || leaving) return plan(PAUSE);
  busy = true;
  const before = typed;
  try {
    const response = await fetch(autosave, { method: "POST", body: new FormData(form), redirect: "error" });
    if (response.ok) took(await response.json(), before);
    else refused(response.status);
  } catch {
    say(offline);
    plan(AGAIN);
  }
  busy = false;
}

function took(answer, before) {
  form.elements.revision.value = answer.revision;
  for (const [row, hidden] of Object.entries(answer.rows)) {
    for (const [field, value] of Object.entries(hidden)) form.elements[`${row}-${field}`].value = value;
  }
  say(savedAt.replace("{time}", answer.at));
  if (typed !== before) {
    keep(key, { name: name.value, at: Date.now(), fields: fields() });
    return plan(PAUSE);
  }
  typed = 0;
  forget(key);
}

function refused(status) {
  if (status >= 500 || status === 403) {
    say(offline);
    return plan(AGAIN);
  }
  given = status !== 422; // what is to be corrected may be corrected by typing on
  say({ 409: changed, 422: invalid, 423: locked }[status] ?? offline);
}

function say(text) {
  words.textContent = text;
}

function offer() {
  const draft = read(key);
  if (!draft || !("stored" in form.dataset)) return;
  document.getElementById("kept-at").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
  document.getElementById("kept-take").addEventListener("click", () => send(draft));
  document.getElementById("kept-drop").addEventListener("click", () => {
    forget(key);
    document.getElementById("kept").hidden = true;
  });
  document.getElementById("kept").hidden = false;
}

// An ordinary save of what was kept: the server joins it with what is stored, and says what is to be decided.
function send(draft) {
  const again = document.createElement("form");
  Object.assign(again, { method: "post", action: form.action });
  const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value];
  for (const [field, value] of [...draft.fields, token]) {
    const hidden = document.createElement("textarea");
    Object.assign(hidden, { name: field, value });
    again.append(hidden);
  }
  again.hidden = true;
  document.body.append(again);
  again.submit();
}
