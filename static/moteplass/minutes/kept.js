// What is not saved yet is kept in the browser, under the writer and the minutes: until it is saved, the minutes are
// approved, or the writer signs out. Nobody else's is left on the machine by whoever signs in next.
const PREFIX = "moteplass:minutes:";

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function keep(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: saving goes on without it.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing could be kept either.
  }
}

export function forgetAll(but = "") {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !(but && key.startsWith(but))) localStorage.removeItem(key);
    }
  } catch {
    // Nothing could be kept either.
  }
}

// The server says in the address which draft it has saved.
export function forgetSaved(key) {
  const saved = new URLSearchParams(location.search).get("saved");
  if (!saved) return;
  if (read(key)?.name === saved) forget(key);
  history.replaceState(null, "", location.pathname);
}
