// Keeps the door list for a phone that loses its network. Speaks for addresses below /door/ only, and forgets
// everything as soon as the server says that the list is closed, or its time is over.
"use strict";

const KEPT = "door-v1";
const WAIT = 4000; // milliseconds for the network before the kept list is shown

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data || {};
  if (forget) event.waitUntil(caches.delete(KEPT));
  if (keep) event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(keep)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

async function page(request) {
  try {
    const response = await soon(fetch(request));
    if (response.status === 410) await caches.delete(KEPT);
    return response;
  } catch (error) {
    return (await keptList()) || Response.error();
  }
}

async function keptList() {
  const cache = await caches.open(KEPT);
  for (const kept of await cache.keys()) {
    const url = new URL(kept.url);
    if (url.pathname.startsWith("/door/")) return cache.match(kept);
  }
  return null;
}

async function asset(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) || fetch(request);
}

function soon(promise) {
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("late")), WAIT));
  return Promise.race([promise, late]);
}
