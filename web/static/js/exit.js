// Quiet exit, by the button or by pressing Shift three times: the page is blank at once, nothing of this place stays on the
// device, and a plain page stands where this one stood. What the server keeps stays: drafts, and being signed in.

const presses = 3;
const within = 1500; // milliseconds

function leave() {
  document.documentElement.replaceChildren();
  forget();
  // Listeners run in the order in which they were added: what a page saves while it goes is forgotten after that.
  addEventListener("pagehide", forget);
  document.addEventListener("visibilitychange", forget);
  location.replace("/exit"); // its answer has the browser clear what is cleared here, and the cache
}

function forget() {
  try {
    localStorage.clear();
    sessionStorage.clear();
    globalThis.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
    indexedDB.databases?.().then((kept) => kept.forEach(({ name }) => indexedDB.deleteDatabase(name)));
  } catch {
    // a browser that refuses storage has kept nothing
  }
}

// Both are heard before any field or menu can keep them to itself.
const early = { capture: true };

function press(event) {
  if (!event.target.closest("[data-exit]")) return;
  event.preventDefault();
  leave();
}
addEventListener("click", press, early);

// Shift as part of typing, or of a shortcut, does not count.
let shifts = [];
function count(event) {
  if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) {
    shifts = [];
    return;
  }
  if (event.repeat) return;
  shifts = [...shifts.slice(1 - presses), event.timeStamp];
  if (shifts.length === presses && event.timeStamp - shifts[0] < within) leave();
}
addEventListener("keydown", count, early);

// For some minutes after leaving, going back leads out again, whether the page was kept or loaded anew. Whoever comes on
// purpose is shown it.
const cameBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

addEventListener("pageshow", (event) => {
  if (event.persisted && document.cookie.includes("left=1")) leave();
});

if ("left" in document.documentElement.dataset) {
  if (cameBack()) leave();
  else {
    document.cookie = "left=; path=/; max-age=0";
    delete document.documentElement.dataset.left;
  }
}
