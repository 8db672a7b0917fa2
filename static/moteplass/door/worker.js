// Shows the kept list when the network does not answer. Speaks for addresses below /door/ only, and forgets everything
// as soon as the server says that the list is closed, or its time is over. The server puts kept.js before it.
"use strict";

const WAIT = 4000; // milliseconds for the network before the kept list is shown

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), dropEarlier()])));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function page(event) {
  const { request } = event;
  const answer = fetch(request);
  event.waitUntil(answer.then((response) => heard(request, response)).catch(() => keptList())); // late answers count too
  try {
    const response = await soon(answer);
    return response.status < 500 ? response : (await instead(request)) || response;
  } catch (error) {
    return (await instead(request)) || Response.error();
  }
}

// "Closed" on the list or on a square code: nothing of it stays on this phone.
async function heard(request, response) {
  const path = listOf(request.url);
  if (response.status === 410 && path) await forget(path === "/door/show/" ? EVERYTHING : path);
  await keptList();
}

// The kept list, for its own address and for a square code.
async function instead(request) {
  const kept = await keptList();
  return kept && ["/door/show/", kept.path].includes(listOf(request.url)) ? kept.response : null;
}

async function part(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) || fetch(request);
}

async function dropEarlier() {
  const names = (await caches.keys()).filter((name) => name.startsWith("door-") && name !== KEPT);
  return Promise.all(names.map((name) => caches.delete(name)));
}

function soon(promise) {
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("late")), WAIT));
  return Promise.race([promise, late]);
}
