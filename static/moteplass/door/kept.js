// What the door's phone keeps for the time without a network, all in one cache: the newest list under its own address,
// its style and scripts, and each tick that waits, as the request it will become. Shared by the page and its worker.
"use strict";

const KEPT = "door-v2";
const EVERYTHING = "/door/";

// "/door/<token>/" of any address of a list; "/door/show/" for a square code.
const listOf = (address) => new URL(address, location.origin).pathname.match(/^\/door\/[^/]+\//)?.[0];
const isList = (request) => listOf(request.url) === new URL(request.url).pathname;
const isOver = (response, now = Date.now()) => Date.parse(response.headers.get("X-Door-Until")) <= now;

async function ofList(path) {
  const cache = await caches.open(KEPT);
  return (await cache.keys()).filter((each) => new URL(each.url).pathname.startsWith(path));
}

async function forget(path) {
  const cache = await caches.open(KEPT);
  await Promise.all((await ofList(path)).map((each) => cache.delete(each)));
}

// The one list kept here, unless its time is over: then nothing is kept any longer.
async function keptList() {
  const cache = await caches.open(KEPT);
  const request = (await ofList(EVERYTHING)).find(isList);
  const response = request && (await cache.match(request));
  if (!response) return null;
  if (!isOver(response)) return { path: listOf(request.url), response };
  await forget(EVERYTHING);
  return null;
}

// Keeps `response` as the list at `path`. A phone shows one list: an earlier one goes, what waits for it stays.
async function keepList(path, response) {
  const cache = await caches.open(KEPT);
  const earlier = (await ofList(EVERYTHING)).filter((each) => isList(each) && listOf(each.url) !== path);
  await Promise.all(earlier.map((each) => cache.delete(each)));
  await cache.put(path, response);
}

// Keeps what the page is drawn with; parts of an earlier version go.
async function keepParts(addresses) {
  const cache = await caches.open(KEPT);
  const old = (await ofList("/static/")).filter((each) => !addresses.includes(each.url));
  await Promise.all(old.map((each) => cache.delete(each)));
  for (const one of addresses) if (!(await cache.match(one))) await cache.add(one);
}
