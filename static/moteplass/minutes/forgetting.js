// On every page of staff: who signs out leaves nothing kept behind. On the page where minutes are read: forgets what is
// saved, and what belongs to minutes that are no draft any more.
import { forget, forgetAll, forgetSaved } from "./kept.js";

for (const form of document.querySelectorAll('form[action$="/logout/"]')) {
  form.addEventListener("submit", () => forgetAll());
}
const here = document.getElementById("minutes-kept");
if (here) {
  forgetSaved(here.dataset.key);
  if (here.dataset.state !== "draft") forget(here.dataset.key);
}
