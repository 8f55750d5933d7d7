// What a room says about itself in words: how the connection stands, who is here and writes, what came in.

const patience = 1_500; // milliseconds in which a lost connection may come back before a word is said of it
const typingShown = 6_000; // milliseconds
const between = 5_000; // milliseconds between two things that a screen reader is given to read
const spoken = 140; // characters of a message that are read out

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

// The ends that no new try mends, by close code or by why the room is gone.
const ends = {
  4401: ["This sign-in is over, or what you may do has changed. What you write is kept here.", "Go on", () => `/login?next=${encodeURIComponent(location.pathname)}`],
  4403: ["Your account is suspended. Your notices say until when. What you wrote is kept here.", "Notices", () => "/notifications"],
  4409: ["This page is older than the site. What you write is kept.", "Load it again", () => location.pathname],
  4429: ["You have many rooms open, so this one rests. What you write is kept.", "Go on here", () => location.pathname],
};
const closed = ["This room is not open to you any more. What you wrote is kept here.", "All rooms", () => "/rooms"];

const offline = "Offline. What you write is kept and sent when you are back";

// Standing is the line that says how the connection stands.
export class Standing {
  constructor(line) {
    this.line = line;
    this.shown = "";
    this.timer = null;
  }

  say(state, code) {
    if (state === "open") this.show("Connected");
    else if (state === "over") this.show(...(ends[code] ?? closed));
    else if (!this.shown) this.show("Connecting");
    else if (!navigator.onLine) this.show(offline);
    else if (this.shown !== offline) this.timer ??= setTimeout(() => this.show(offline), patience);
  }

  show(words, link, address) {
    clearTimeout(this.timer);
    this.timer = null;
    this.shown = words;
    const lost = words !== "Connected" && words !== "Connecting";
    this.line.classList.toggle("state-lost", lost);
    this.line.classList.toggle("state-wait", words === "Connecting");
    if (this.line.textContent === words) return; // a screen reader would say it again
    this.line.textContent = words;
    if (!link) return;
    const a = document.createElement("a");
    a.href = address();
    a.textContent = link;
    this.line.append(" ", a);
  }
}

// Crowd is who is in the room, and what it is for.
export class Crowd {
  constructor(root, me) {
    this.me = me;
    this.count = root.querySelector("[data-here]");
    this.writing = root.querySelector("[data-typing]");
    this.names = root.querySelectorAll("[data-who]");
    this.topics = root.querySelectorAll("[data-topic]");
    this.writers = [];
  }

  here(count, who) {
    this.count.textContent = `${count} here`;
    const others = (who ?? []).filter((name) => name !== this.me);
    let words = `${list.format([...others, "you"])}.`;
    if (!who) words = `${count} people are here.`;
    else if (others.length === 0) words = "Only you, for now.";
    for (const place of this.names) place.textContent = words;
  }

  typing(who) {
    clearTimeout(this.timer);
    this.writers = who.filter((name) => name !== this.me);
    const [first, ...more] = this.writers;
    let words = first ? `${first} is writing` : "";
    if (more.length > 0) words = `${more.length + 1} people are writing`;
    this.writing.textContent = words;
    if (words) this.timer = setTimeout(() => this.typing([]), typingShown);
  }

  // spoke takes those who have said it out of those who write it.
  spoke(names) {
    if (this.writers.some((name) => names.includes(name))) this.typing(this.writers.filter((name) => !names.includes(name)));
  }

  topic(words) {
    for (const place of this.topics) place.textContent = words;
  }
}

// Herald reads out what comes in, in a polite region: one message, or how many there were, never a flood.
export class Herald {
  constructor(region) {
    this.region = region;
    this.waiting = [];
    this.resting = false;
  }

  tell(messages) {
    this.waiting.push(...messages);
    if (!this.resting) this.speak();
  }

  speak() {
    this.resting = this.waiting.length > 0;
    if (!this.resting) return;
    const [first, ...more] = this.waiting;
    this.region.textContent = more.length > 0 ? `${more.length + 1} new messages` : `${first.author}: ${plain(first.html)}`;
    this.said = first.n;
    this.waiting = [];
    setTimeout(() => this.speak(), between);
  }

  // forget leaves no word of a message that was removed.
  forget(n) {
    this.waiting = this.waiting.filter((m) => m.n !== n);
    if (this.said === n) this.region.textContent = "";
  }
}

function plain(html = "") {
  const text = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  return text.length > spoken ? `${text.slice(0, spoken)}…` : text;
}
