// Says that the notices on the page were seen, once they have been before somebody's eyes for a moment. The button says it
// of all notices, and works by itself.

const moment = 2_000; // milliseconds

const form = document.querySelector("[data-seen]");
let timer = 0;

function look() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(tell, moment);
}

async function tell() {
  const body = new URLSearchParams(new FormData(form));
  body.set("from", form.dataset.seen);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") document.removeEventListener("visibilitychange", look);
}

if (form) {
  document.addEventListener("visibilitychange", look);
  look();
}
