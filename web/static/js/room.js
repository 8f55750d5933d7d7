// A room on the page: what the server says goes into the log, what is written goes out, and words say how things stand.

import { ring } from "./bell.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Crowd, Herald, Standing } from "./standing.js";
import { Socket } from "./socket.js";

const pageSize = 50; // messages that are loaded at once
const noticed = 5_000; // milliseconds away that are worth a word
const readPause = 300; // milliseconds that a message is seen before it counts as read
const closeToTop = 200; // pixels from the first message at which earlier ones are loaded

const root = document.querySelector("[data-room]");
const { room, person, me } = root.dataset;
const address = `/rooms/${room}/messages`;

let cursor = 0; // the last seq that we hold
let syncing = true; // until the sync's end nothing live counts
let afresh = false; // what was here is not to be trusted: the newest page was loaded instead
let missed = false; // it was because of all that was said meanwhile
let lowest = Infinity; // number in this sync
let lastN = Number(root.dataset.lastN);
let readN = Number(root.dataset.readN);
let unseen = 0; // messages that came below what is being read

const log = new Log(root);
const crowd = new Crowd(root, me);
const herald = new Herald(root.querySelector("[data-heard]"));
const standing = new Standing(root.querySelector("[data-connection]"));
const below = root.querySelector("[data-below]");
const help = root.querySelector("[data-help]");

const socket = new Socket({
  rooms: () => ({ [room]: cursor }),
  heard: (object) => (object.room === room || !object.room) && handlers[object.t]?.(object),
  changed: (state, code) => {
    if (state === "open") return; // it is said when the room is in sync
    syncing = true;
    outbox.closed();
    crowd.typing([]);
    standing.say(state, code);
  },
  refused: () => askWhy(),
});

const outbox = new Outbox(`${person}:${room}`, {
  send: ({ cmid, body, re }) => socket.send({ t: "send", id: cmid, room, cmid, body, ...(re && { re }) }),
  show: (entry, state, again) => log.steady(() => log.showUnsent(entry, state, again)),
});

const composer = new Composer(root, `${person}:${room}`, {
  say: (body, re) => {
    outbox.add(body, re);
    log.toEnd();
  },
  typing: () => socket.send({ t: "typing", room }),
  words: (n) => `Answering ${log.answerWords(n).replace(/^to /, "")}`,
});

const handlers = {
  sync(o) {
    if (o.state) stands(o.state);
    lowest = Math.min(lowest, ...o.up.map(({ n }) => n));
    const fresh = bring(o.up);
    lastN = Math.max(lastN, o.last_n);
    readN = Math.max(readN, o.read_n);
    arrived(fresh);
    if (o.end) synced(o.seq);
  },

  // Too much was missed to tell it one by one, or what is here is not what this person is shown now.
  reset({ seq }) {
    afresh = true;
    missed = seq - cursor > pageSize;
    unseen = 0;
    log.clear();
    herald.forget();
    showBelow();
    composer.reword();
    loadNewest();
  },

  ev(o) {
    if (syncing || o.seq <= cursor) return;
    if (o.seq !== cursor + 1) {
      resync();
      return;
    }
    cursor = o.seq;
    if (o.m) change(o.m);
    else if (o.k === "clear") log.steady(() => log.remove(o.from, o.to, o.seq));
    else if (o.k === "state") stands(o.state);
    if (o.last_n) lastN = Math.max(lastN, o.last_n);
    if (!afresh) log.to = Math.max(log.to, lastN);
    markRead();
  },

  ack({ cmid, n, at, held }) {
    if (!held) log.steady(() => log.arrived(cmid, n, at));
    outbox.arrived(cmid);
  },

  err(o) {
    if (o.id === "again") setTimeout(resync, o.retry || 1_000);
    else outbox.refused(o);
  },

  eph(o) {
    if (o.k === "typing") crowd.typing(o.who);
    else if (o.k === "pres") crowd.here(o.count, o.who);
  },

  me(o) {
    if (o.k === "read") readN = Math.max(readN, o.n);
    else if (o.k === "care" && help) log.steady(() => (help.hidden = false));
    else if (o.k === "bell") ring(o.count);
  },

  gone({ why }) {
    if (why !== "left") socket.end(why);
  },
};

// stands shows how the room stands, and the reader in it.
function stands({ topic, labels, me: { muted_until } }) {
  crowd.topic(topic);
  log.steady(() => log.wearing(labels));
  composer.muted(muted_until ? muted_until - socket.offset : 0);
}

// change brings a live row. One from before the first that is held is read with the earlier messages, if ever.
function change(m) {
  if (m.n < log.from) return;
  arrived(bring([m]));
}

// bring puts rows into the log and gives those that are new and somebody else's; an older one has only changed.
function bring(rows) {
  const fresh = [];
  const { last } = log;
  log.steady(() => {
    for (const m of rows) {
      if (log.upsert(m) && m.n > last && !m.del && !("cmid" in m)) fresh.push(m);
      if (m.cmid) outbox.arrived(m.cmid);
      if (m.del) herald.forget(m.n);
      composer.reword(m.n);
      lastN = Math.max(lastN, m.n);
    }
  });
  return fresh;
}

function arrived(messages) {
  if (messages.length === 0) return;
  crowd.spoke(messages.map(({ author }) => author));
  herald.tell(messages);
  if (log.atEnd) return;
  unseen += messages.length;
  showBelow();
}

function showBelow() {
  log.steady(() => {
    below.hidden = unseen === 0;
    below.querySelector("span").textContent = `${unseen} new below`;
  });
}

function synced(seq) {
  const held = cursor ? log.to : lowest - 1;
  cursor = seq;
  syncing = false;
  lowest = Infinity;
  log.steady(() => {
    if (!afresh) log.hold(Math.min(held, lastN) + 1, lastN);
    log.stopAt(readN);
    if (!afresh) tellAway();
  });
  standing.say("open");
  outbox.opened();
  showEarlier();
  markRead();
}

// tellAway says after a gap that nothing is missing, once everything is there.
function tellAway() {
  const away = socket.lostAt ? Date.now() - socket.lostAt : 0;
  socket.lostAt = 0;
  if (afresh && missed) log.event(`You were away for ${span(away)}. What was said meanwhile is above, under Earlier messages.`);
  else if (away >= noticed) log.event(`You were away for ${span(away)}. Nothing was missed.`);
  afresh = false;
}

function span(milliseconds) {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 90) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

// resync asks for what is missing, on the same connection.
function resync() {
  syncing = true;
  socket.send({ t: "sub", id: "again", room, seq: cursor });
}

// load reads messages over HTTP.
async function load(query) {
  const answer = await fetch(`${address}?${query}`, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`messages: ${answer.status}`);
  return answer.json();
}

async function loadNewest() {
  try {
    const page = await load(`limit=${pageSize}`);
    const from = start(page);
    bring(page.messages.reverse());
    log.steady(() => {
      log.hold(from, page.last_n);
      tellAway();
    });
    showEarlier();
  } catch {
    cursor = 0; // the newest messages, over the socket then
    afresh = false;
    socket.lostAt = 0; // what it brings may not be all that was said
    resync();
  }
}

// start is from where on a page holds all that this person is shown.
function start({ messages, more }) {
  return more ? messages[0].n : 1;
}

// Earlier messages: by the link, or by reading up to them.
let loading = false;

async function loadEarlier() {
  if (loading || log.from <= 1) return;
  loading = true;
  try {
    const page = await load(`before=${log.from}&limit=${pageSize}`);
    const from = start(page);
    log.steady(() => {
      log.hold(from, log.from - 1);
      for (const m of page.messages.reverse()) log.upsert(m);
    });
    showEarlier();
  } catch {
    // the link is still there
  } finally {
    loading = false;
  }
}

function showEarlier() {
  const link = root.querySelector("[data-earlier]");
  const none = log.from <= 1;
  log.steady(() => (link.hidden = none));
  if (!none) link.querySelector("a").href = `?before=${log.from}`;
}

// markRead tells how far this person has read: to the end, when the end is seen for a moment.
let marking = 0;

function markRead() {
  clearTimeout(marking);
  marking = setTimeout(markReadNow, readPause);
}

function markReadNow() {
  if (syncing || document.hidden || !log.atEnd || lastN <= readN) return;
  if (socket.send({ t: "read", room, n: lastN })) readN = lastN;
}

// Who leaves within that moment has seen the end all the same. It goes before the socket is let go.
addEventListener("pagehide", markReadNow, { capture: true });

// A door that does not open says nothing of why; the page's own path does.
async function askWhy() {
  try {
    const answer = await fetch(`${address}?limit=1`, { headers: { Accept: "application/json" } });
    if (answer.status === 404) socket.end(4401);
    else if (answer.status === 403) socket.end(4403);
  } catch {
    // no way to the server at all: the socket tries again
  }
}

log.box.addEventListener("scroll", () => {
  if (log.atEnd && unseen > 0) {
    unseen = 0;
    showBelow();
  }
  if (log.atEnd) markRead();
  const { scrollTop, scrollHeight, clientHeight } = log.box;
  if (scrollHeight + scrollTop - clientHeight < closeToTop && !log.atEnd) loadEarlier();
});

below.querySelector("button").addEventListener("click", () => log.toEnd());

log.list.addEventListener("click", (event) => {
  const row = event.target.closest("li");
  const link = event.target.closest("a, button");
  if (!link) return;
  if (link.matches("[data-earlier] a")) {
    event.preventDefault();
    loadEarlier();
  } else if (link.matches("[data-reply]")) {
    event.preventDefault();
    composer.answer(Number(row.dataset.n));
    composer.body.focus();
  } else if (link.matches("[data-answers]") && show(link.hash)) {
    event.preventDefault();
  } else if (link.matches("[data-again]")) {
    tapped(row.dataset.cmid);
  }
});

// show brings an answered message into sight, where the page holds it.
function show(hash) {
  const row = log.list.querySelector(hash);
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
  return Boolean(row);
}

function tapped(cmid) {
  const entry = outbox.takeBack(cmid);
  if (entry) {
    log.forget(cmid);
    composer.putBack(entry);
    return;
  }
  outbox.again(cmid);
  if (!outbox.open) socket.renew();
}

// The page keys read on while somebody writes.
composer.body.addEventListener("keydown", (event) => {
  const pages = { PageUp: -1, PageDown: 1 }[event.key];
  if (!pages) return;
  event.preventDefault();
  log.box.scrollBy({ top: pages * 0.9 * log.box.clientHeight });
});

document.addEventListener("visibilitychange", markRead);

// Where the keyboard covers the page instead of making it smaller, the room makes itself smaller.
visualViewport?.addEventListener("resize", () => {
  const covered = visualViewport.scale === 1 && innerHeight - visualViewport.height > 1;
  document.body.style.height = covered ? `${visualViewport.height}px` : "";
  if (covered) scrollTo(0, 0);
});

socket.connect();
