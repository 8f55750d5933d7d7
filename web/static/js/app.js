// What every page does: the reader's own time, the quiet exit, menus, the choice of light, the way to a form's faults.

import { localTimes } from "./time.js";

localTimes();
setInterval(localTimes, 60_000);

document.querySelector("[data-errors]")?.focus();

// Quiet exit: blank at once, keep nothing on the device, and put a plain page in this one's place.
const presses = 3;
const within = 1500; // milliseconds

function leave() {
  document.documentElement.replaceChildren();
  forget();
  // Listeners run in the order in which they were added: what a page saves while it goes is forgotten after that.
  addEventListener("pagehide", forget);
  document.addEventListener("visibilitychange", forget);
  location.replace("about:blank");
}

function forget() {
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // a browser that refuses storage has kept nothing
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-exit]")) return;
  event.preventDefault();
  leave();
});

// Shift three times, with no other key between: Shift as part of typing does not count.
let shifts = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    shifts = [];
    return;
  }
  if (event.repeat) return;
  shifts = [...shifts.slice(1 - presses), event.timeStamp];
  if (shifts.length === presses && event.timeStamp - shifts[0] < within) leave();
});

// Menus close with a tap beside them, and with Escape, which gives the focus back to what opened them.
const openMenus = () => document.querySelectorAll("[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Light: the form works by itself; here it works without a new page, so that nothing typed has to be kept.
document.querySelector("[data-themes]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { value } = event.submitter;
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  for (const button of event.target.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  fetch("/theme", { method: "POST", body: new URLSearchParams({ theme: value }), redirect: "manual" });
});
