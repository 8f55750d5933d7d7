// Says moments in the reader's own time and zone, with the words of ui.AgoWords. The server wrote them in UTC.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// localTimes rewrites every <time data-time> below root: "ago" as words, "clock" as the time of day.
export function localTimes(root = document) {
  const now = new Date();
  for (const time of root.querySelectorAll("time[data-time]")) {
    const then = new Date(time.dateTime);
    const words = time.dataset.time === "clock" ? clockWords(then) : agoWords(then, now);
    if (time.textContent !== words) time.textContent = words;
    time.title = then.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" });
  }
}

export function clockWords(then) {
  return then.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}

export function agoWords(then, now) {
  const age = now - then;
  const days = daysBetween(then, now);
  if (age < minute) return "just now";
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (days === 0 || age < 6 * hour) return `${Math.floor(age / hour)} h ago`;
  if (days === 1) return "yesterday";
  if (days < 7) return then.toLocaleDateString("en-GB", { weekday: "long" });
  const sameYear = then.getFullYear() === now.getFullYear();
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

// daysBetween counts the midnights from then to now; UTC keeps a change of the clocks out of it.
function daysBetween(then, now) {
  const midnight = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (midnight(now) - midnight(then)) / day;
}
