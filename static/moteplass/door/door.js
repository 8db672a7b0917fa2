// The door list on a phone: ticks at once, sends when there is a network, finds a name or a square code.
// Without this script, or where a browser keeps nothing, every button is a form of its own and works by itself.
"use strict";

(async () => {
  const door = document.getElementById("door");
  if (!door) return;
  const { list, worker } = door.dataset;
  const network = document.getElementById("network");
  const box = document.getElementById("find");
  const EVERY = 15000; // milliseconds between two looks at the server
  const PATIENCE = 10000;
  const DONE = [204, 400, 409]; // taken in, or never to be: the line is gone from the list
  let offline = !navigator.onLine;
  let skew = 0; // how much this phone's clock is behind the server's
  let found = ""; // the mark of a square code
  let busy = false;
  let again = false;
  let gone = false;

  // --- The lines -----------------------------------------------------------------------------------------------------
  const lineOf = (key, within = document) => within.querySelector(`[data-key="${CSS.escape(key)}"]`);

  const pattern = document.getElementById("walked-in").content;
  const clockTime = (moment) => new Date(moment).toTimeString().slice(0, 5);
  const cameAt = (moment) => pattern.querySelector(".door-time").textContent.replace("HH:MM", clockTime(moment));

  function mark(line, came, moment) {
    const button = line.querySelector("button");
    line.toggleAttribute("data-here", came);
    line.querySelector("[name=here]").value = came ? "" : "1";
    button.textContent = came ? button.dataset.undo : button.dataset.came;
    button.dataset.variant = came ? "tertiary" : "primary";
    line.querySelector(".door-time").textContent = came ? cameAt(moment) : "";
  }

  function addLine({ key, name, organisation }, moment, within) {
    const id = `w${key.replaceAll("-", "")}`;
    if (lineOf(id, within)) return;
    const part = pattern.cloneNode(true);
    const line = part.querySelector("li");
    line.id = `line-${id}`;
    line.dataset.key = line.querySelector("[name=key]").value = id;
    line.querySelector(".door-time").textContent = cameAt(moment);
    line.querySelector("strong").textContent = name;
    line.querySelector("strong").id = `name-${id}`;
    line.querySelector("button").id = `tick-${id}`;
    line.querySelector("button").setAttribute("aria-labelledby", `tick-${id} name-${id}`);
    line.querySelector(".door-body").textContent = organisation;
    within.querySelector("ul").append(part);
  }

  // Lays what waits over what the server last said.
  function apply(ticks, within = document.getElementById("lines")) {
    for (const { fields, made } of ticks) {
      const line = lineOf(fields.key, within);
      if (fields.name) addLine(fields, made + skew, within);
      else if (line) mark(line, fields.here === "1", made + skew);
    }
    show(within);
  }

  function show(within = document.getElementById("lines")) {
    const words = (box?.value || "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const isFound = (line) => Boolean(found) && line.dataset.mark === found;
    const scanned = [...within.querySelectorAll("li")].some(isFound);
    for (const line of within.querySelectorAll("li")) {
      const text = line.textContent.toLocaleLowerCase();
      line.toggleAttribute("data-found", isFound(line));
      line.hidden = box?.value && scanned ? !isFound(line) : !words.every((word) => text.includes(word));
    }
  }

  // Puts the server's part in place of the page's; the keyboard stays where it is.
  function swap(id, fresh) {
    const part = document.getElementById(id);
    if (!fresh || part.innerHTML === fresh.innerHTML) return;
    const key = document.activeElement?.closest("[data-key]")?.dataset.key;
    part.replaceChildren(...fresh.childNodes);
    if (key && part.contains(lineOf(key))) lineOf(key).querySelector("button").focus({ preventScroll: true });
  }

  // --- What waits ----------------------------------------------------------------------------------------------------
  async function waiting() {
    const cache = await caches.open(KEPT);
    const requests = (await ofList(EVERYTHING)).filter((each) => !isList(each));
    const ticks = requests.map(async (each) => ({ request: each, ...(await (await cache.match(each))?.json()) }));
    return (await Promise.all(ticks)).filter((tick) => tick.fields);
  }

  async function later(form) {
    const fields = Object.fromEntries(new FormData(form));
    const id = crypto.randomUUID();
    if (form.id === "walk-in") fields.key = id; // a kept page would offer the same key twice
    const tick = { fields, made: Date.now() };
    apply([tick]);
    const cache = await caches.open(KEPT);
    await cache.put(`${form.getAttribute("action")}?${id}`, new Response(JSON.stringify(tick)));
    await sync();
  }

  async function deliver() {
    const cache = await caches.open(KEPT);
    for (const { request, fields, made } of await waiting()) {
      const body = new URLSearchParams({ ...fields, at: new Date(made + skew).toISOString() });
      const to = new URL(request.url).pathname;
      const response = await ask(to, { method: "POST", body, headers: { "X-Door": "1" } });
      await response.text();
      if (response.status === 410) await closed(listOf(to));
      else if (DONE.includes(response.status)) await cache.delete(request);
    }
  }

  // --- The server ----------------------------------------------------------------------------------------------------
  const ask = (to, how) => fetch(to, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...how });

  async function refresh() {
    const response = await ask(list);
    const copy = response.clone();
    const text = await response.text();
    if (response.status === 410) return closed(list);
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!response.ok || fresh.getElementById("door")?.dataset.list !== list) throw new Error("not the list");
    const ahead = Date.parse(response.headers.get("Date")) - Date.now();
    skew = Math.abs(ahead) > 5000 ? ahead : 0;
    door.dataset.diesAt = fresh.getElementById("door").dataset.diesAt;
    await keepList(list, copy);
    apply(await waiting(), fresh.getElementById("lines"));
    for (const id of ["lines", "summary"]) swap(id, fresh.getElementById(id));
  }

  async function closed(path) {
    await forget(path);
    if (path !== list) return;
    gone = true;
    location.replace(list);
  }

  // One at a time: first the clock and the list, then what waits, then what became of it.
  async function sync() {
    again = true;
    if (busy || gone) return;
    busy = true;
    while (again && !gone) {
      again = false;
      try {
        await refresh();
        if (!gone && (await waiting()).length) {
          await deliver();
          if (!gone) await refresh();
        }
        offline = false;
      } catch (error) {
        offline = true;
      }
      await say();
    }
    busy = false;
    await endInTime();
  }

  async function say() {
    if (gone) return;
    const count = (await waiting()).length;
    const words = [offline ? network.dataset.offline : "", count ? `${network.dataset.waiting} ${count}` : ""];
    const text = words.filter(Boolean).join(" ");
    if (network.textContent !== text) network.textContent = text;
  }

  async function endInTime() {
    if (gone || Date.parse(door.dataset.diesAt) > Date.now() + skew) return;
    gone = true;
    await forget(EVERYTHING);
    door.replaceChildren(document.getElementById("over").content.cloneNode(true));
    clearInterval(clock);
  }

  // --- Finding -------------------------------------------------------------------------------------------------------
  // The code as it is typed, or the whole address as a reader of square codes types it; "" for anything else.
  const codeIn = (text) => text.replace(/[\s-]/g, "").match(/(?:^|\/door\/show\/)([a-z2-7]{16})\/?$/i)?.[1] || "";

  async function markOf(code) {
    if (!code || !crypto.subtle) return "";
    const octets = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code.toLowerCase()));
    return [...new Uint8Array(octets)].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  async function scanned() {
    const line = location.hash.startsWith("#line-") && document.getElementById(location.hash.slice(1));
    found = line ? line.dataset.mark : await markOf(codeIn(location.pathname));
    show();
    if (found) document.querySelector("[data-found] button")?.focus();
  }

  box?.addEventListener("input", async () => {
    found = await markOf(codeIn(box.value));
    show();
  });
  await scanned();

  // --- From here on only where the browser keeps things ------------------------------------------------------------
  let clock = 0;
  try {
    await caches.open(KEPT);
  } catch (error) {
    return; // an address without TLS, or a private window: plain forms
  }

  let last = { what: "", at: 0 };
  function isSecondClick(form, at) {
    const what = form.closest("[data-key]")?.dataset.key || form.id;
    const second = what === last.what && at - last.at < 600;
    last = { what, at };
    return second;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const named = form.elements.name?.value.trim();
    if (!form.closest("#door")) return;
    if (isSecondClick(form, event.timeStamp) && !named) return event.preventDefault();
    if (form.id === "walk-in" && !named && !offline) return; // the server says what is missing
    event.preventDefault();
    if (form.id === "walk-in" && !named) return void form.reportValidity();
    later(form);
    if (form.id === "walk-in") form.reset();
  });

  addEventListener("online", sync);
  addEventListener("offline", () => { offline = true; say(); });
  addEventListener("pageshow", (event) => event.persisted && sync());
  clock = setInterval(sync, EVERY);
  apply(await waiting());
  await sync();
  await navigator.serviceWorker?.register(worker);
  await keepParts([...document.querySelectorAll("link[href], script[src]")].map((one) => one.href || one.src));
})();
