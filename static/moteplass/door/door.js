// The door list on a phone: ticks at once, sends when there is a network, finds a name or a square code.
// Without this script every button is a form of its own and works by itself.
"use strict";

(() => {
  const door = document.getElementById("door");
  if (!door) return;
  const network = document.getElementById("network");
  const QUEUE = "door-queue";
  const here = location.pathname.startsWith("/door/show/") ? null : location.pathname;
  const address = here || sessionStorage.getItem("door-address");

  const queue = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
  const keep = (ticks) => localStorage.setItem(QUEUE, JSON.stringify(ticks));
  let offline = !navigator.onLine;

  function forget() {
    localStorage.removeItem(QUEUE);
    navigator.serviceWorker?.controller?.postMessage({ forget: true });
    navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
    if ("caches" in window) caches.keys().then((names) => names.forEach((name) => caches.delete(name)));
  }

  function say() {
    const waiting = queue().length;
    const words = [offline ? network.dataset.offline : "", waiting ? `${network.dataset.waiting} ${waiting}` : ""];
    network.textContent = words.filter(Boolean).join(" ");
  }

  function mark(line, came) {
    const button = line.querySelector("button");
    line.toggleAttribute("data-here", came);
    line.querySelector("[name=here]").value = came ? "" : "1";
    button.textContent = came ? button.dataset.undo : button.dataset.came;
    button.dataset.variant = came ? "tertiary" : "primary";
    button.setAttribute("aria-label", `${button.textContent}: ${line.querySelector("strong").textContent}`);
    if (!came) line.querySelector(".door-time").textContent = "";
  }

  async function send() {
    for (let ticks = queue(); ticks.length; ticks = queue()) {
      const [first] = ticks;
      const body = new URLSearchParams(first.fields);
      try {
        const response = await fetch(first.to, { method: "POST", body, headers: { "X-Door": "1" } });
        if (response.status === 410) return gone();
        if (response.status >= 500) return say();
      } catch (error) {
        offline = true;
        return say();
      }
      offline = false;
      keep(queue().filter((tick) => tick.id !== first.id));
    }
    say();
    return refresh();
  }

  function gone() {
    forget();
    location.reload();
  }

  async function refresh() {
    if (!here || queue().length) return;
    try {
      const response = await fetch(here, { cache: "no-store" });
      if (response.status === 410) return gone();
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const id of ["lines", "summary"]) {
        const part = fresh.getElementById(id);
        if (part && !queue().length) document.getElementById(id).innerHTML = part.innerHTML;
      }
      offline = false;
    } catch (error) {
      offline = true;
    }
    find();
    say();
  }

  function later(form, came) {
    const fields = Object.fromEntries(new FormData(form));
    fields.at = new Date().toISOString();
    const id = `${Date.now()}-${Math.random()}`;
    keep([...queue(), { id, to: form.getAttribute("action"), fields }]);
    if (came !== undefined) mark(form.closest("li"), came);
    send();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const line = form.closest(".door-line");
    if (line) {
      event.preventDefault();
      later(form, form.querySelector("[name=here]").value === "1");
    } else if (form.id === "walk-in" && form.elements.name.value.trim() && !navigator.onLine) {
      event.preventDefault();
      later(form);
      form.reset();
      form.elements.key.value = crypto.randomUUID();
    }
  });

  const box = document.getElementById("find");
  function find() {
    const words = (box?.value || "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const line of document.querySelectorAll("#lines > li")) {
      const text = line.textContent.toLocaleLowerCase();
      line.hidden = !words.every((word) => text.includes(word));
    }
  }
  box?.addEventListener("input", find);

  async function scanned() {
    const code = location.pathname.match(/^\/door\/show\/([a-z2-7]+)\/$/i)?.[1];
    if (!code || !crypto.subtle) return;
    const octets = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code.toLowerCase()));
    const hash = [...new Uint8Array(octets)].map((one) => one.toString(16).padStart(2, "0")).join("");
    const line = document.querySelector(`[data-mark="${hash}"]`);
    line?.setAttribute("data-found", "");
    line?.querySelector("button").focus();
  }

  if (Date.parse(door.dataset.diesAt) < Date.now()) return void forget();
  if (here) sessionStorage.setItem("door-address", here);
  if ("serviceWorker" in navigator && here) {
    navigator.serviceWorker.register(door.dataset.worker).then(() => navigator.serviceWorker.ready).then((one) => {
      const assets = [...document.querySelectorAll("link[rel=stylesheet][href], script[src]")];
      one.active.postMessage({ keep: [location.href, ...assets.map((each) => each.href || each.src)] });
    });
  }
  addEventListener("online", send);
  addEventListener("offline", () => { offline = true; say(); });
  setInterval(() => (queue().length ? send() : refresh()), 15000);
  setInterval(() => Date.parse(door.dataset.diesAt) < Date.now() && gone(), 60000);
  scanned();
  say();
  if (queue().length) send();
})();
