// Keeps what is marked data-fresh as it is now, while somebody looks at the desk: which cases wait, and who has this one.

import { localTimes } from "./time.js";

const pause = 10_000; // milliseconds between two looks

const words = (place) => place.textContent.replace(/\s+/g, " ").trim();

async function refresh(place) {
  const answer = await fetch(place.dataset.fresh, { redirect: "error", signal: AbortSignal.timeout(pause) }).catch(() => null);
  if (!answer?.ok) return; // the next look may do better
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = found.getElementById(place.id) ?? found.body;
  // Where the focus is, nothing moves; the same words again would be read out again.
  if (place.contains(document.activeElement) || words(place) === words(fresh)) return;
  const current = place.querySelector("[aria-current]")?.getAttribute("href");
  place.replaceChildren(...fresh.childNodes);
  place.querySelector(`a[href="${current}"]`)?.setAttribute("aria-current", "page");
  localTimes(place);
}

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  for (const place of document.querySelectorAll("[data-fresh]")) refresh(place);
}, pause);
