// What every page does: the quiet exit, the reader's own time, menus, the choice of light, the way to a form's faults.

import "./exit.js"; // first: whatever breaks here, the way out is there
import { localTimes } from "./time.js";

localTimes();
setInterval(localTimes, 60_000);

document.querySelector("[data-errors]")?.focus();

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
