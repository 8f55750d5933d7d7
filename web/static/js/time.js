// Says moments in the reader's own time, with the words of ui.AgoWords: in the zone that they chose, else in the device's.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const timeZone = known(document.documentElement.dataset.zone);

function known(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined; // the server's list of zones is newer than the browser's
  }
}

// localTimes rewrites every <time data-time> below root: "ago" as words, "clock" as the time of day.
export function localTimes(root = document) {
  const now = new Date();
  for (const time of root.querySelectorAll("time[data-time]")) {
    const then = new Date(time.dateTime);
    const words = time.dataset.time === "clock" ? clockWords(then) : agoWords(then, now);
    if (time.textContent !== words) time.textContent = words;
    time.title = then.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short", timeZone });
  }
}

export function clockWords(then) {
  return then.toLocaleTimeString([], { hour: "numeric", minute: "2-digit", timeZone });
}

export function agoWords(then, now) {
  const age = now - then;
  const days = daysBetween(then, now);
  if (age < minute) return "just now";
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (days === 0 || age < 6 * hour) return `${Math.floor(age / hour)} h ago`;
  if (days === 1) return "yesterday";
  if (days < 7) return then.toLocaleDateString("en-GB", { weekday: "long", timeZone });
  const sameYear = dateOf(then).slice(0, 4) === dateOf(now).slice(0, 4);
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: sameYear ? undefined : "numeric", timeZone });
}

// dateOf is the day of a moment as "2026-03-04", which Swedish writes so.
const dateOf = (moment) => moment.toLocaleDateString("sv-SE", { timeZone });

// daysBetween counts the midnights from then to now; a date without a time is midnight in UTC, which knows no change of clocks.
export function daysBetween(then, now) {
  return (Date.parse(dateOf(now)) - Date.parse(dateOf(then))) / day;
}
