// What somebody said and the server has not acknowledged: kept on the device, sent one after the other, under the same
// key however often, until there is an answer. Nothing leaves it but by arriving or by being taken back.

import { device, newKey } from "./device.js";

const patience = 10_000; // milliseconds without an answer before a message is sent again
const tries = 3; // on one connection
const soon = 1_000; // milliseconds until the next try where the server named none

// Refusals that time mends; all others are for the person to mend.
const passing = ["rate", "slow_mode", "busy"];

export class Outbox {
  // send(entry) puts an entry on the wire; show(entry, state, again) shows it.
  constructor(place, { send, show }) {
    Object.assign(this, { prefix: `unsent:${place}:`, send, show });
    this.entries = new Map(); // cmid -> entry, in the order of writing
    this.open = false;
    this.flying = null; // the one that waits for its answer
    const kept = device.names(this.prefix).map((name) => device.read(name));
    for (const entry of kept.filter((entry) => entry?.cmid).sort((a, b) => a.at - b.at)) {
      this.entries.set(entry.cmid, { ...entry, state: entry.fault ? "refused" : "waiting", tries: 0 });
    }
    for (const entry of this.entries.values()) this.tell(entry);
  }

  add(body, re) {
    const last = [...this.entries.values()].at(-1)?.at ?? 0;
    const at = Math.max(Date.now(), last + 1); // two in one millisecond keep their order after a reload
    const entry = { cmid: newKey(), body, re, at, state: "waiting", tries: 0 };
    this.entries.set(entry.cmid, entry);
    this.keep(entry);
    this.tell(entry);
    this.next();
  }

  keep({ cmid, body, re, at, fault }) {
    device.write(this.prefix + cmid, { cmid, body, re, at, fault });
  }

  // opened means that the room is in sync on a new connection: all that waited is sent again, in its order.
  opened() {
    this.open = true;
    this.flying = null;
    for (const entry of this.entries.values()) {
      if (entry.state !== "refused") this.move(entry, "waiting");
      entry.tries = 0;
    }
    this.next();
  }

  closed() {
    this.open = false;
    this.flying = null;
    clearTimeout(this.timer);
    for (const entry of this.entries.values()) {
      if (entry.state === "sending" || entry.state === "slow") entry.state = "waiting";
      this.tell(entry);
    }
  }

  // next sends the first that waits. One at a time: so they arrive in the order in which they were written.
  next() {
    if (!this.open || this.flying) return;
    const entry = [...this.entries.values()].find(({ state }) => state === "waiting");
    if (!entry) return;
    this.flying = entry;
    entry.tries++;
    this.move(entry, "sending");
    this.send(entry);
    this.timer = setTimeout(() => this.unanswered(entry), patience);
  }

  unanswered(entry) {
    this.flying = null;
    this.move(entry, entry.tries < tries ? "waiting" : "failed");
    this.next();
  }

  // settle ends the wait for an answer to this one.
  settle(entry) {
    if (this.flying !== entry) return;
    clearTimeout(this.timer);
    this.flying = null;
  }

  // arrived lets go of a message that is in the room.
  arrived(cmid) {
    const entry = this.entries.get(cmid);
    if (!entry) return;
    this.entries.delete(cmid);
    device.drop(this.prefix + cmid);
    this.settle(entry);
    this.next();
  }

  refused({ id, code, msg, retry }) {
    const entry = this.entries.get(id);
    if (!entry) return;
    if (passing.includes(code)) {
      this.slow(entry, retry || soon);
      return;
    }
    this.settle(entry);
    entry.fault = msg;
    this.keep(entry);
    this.move(entry, "refused");
    this.next();
  }

  // slow holds everything back for as long as the server asks; this one stays the first.
  slow(entry, pause) {
    this.settle(entry);
    this.flying = entry;
    this.move(entry, "slow");
    this.timer = setTimeout(() => {
      this.flying = null;
      this.move(entry, "waiting");
      this.next();
    }, pause);
  }

  // again is a tap on one that failed.
  again(cmid) {
    const entry = this.entries.get(cmid);
    if (!entry || entry.state !== "failed") return;
    entry.tries = 0;
    this.move(entry, "waiting");
    this.next();
  }

  // takeBack gives the words of one that was refused to be changed.
  takeBack(cmid) {
    const entry = this.entries.get(cmid);
    if (entry?.state !== "refused") return null;
    this.entries.delete(cmid);
    device.drop(this.prefix + cmid);
    return entry;
  }

  move(entry, state) {
    entry.state = state;
    this.tell(entry);
  }

  tell(entry) {
    const { state, fault } = entry;
    if (state === "failed") this.show(entry, "", "Not sent. Tap to try again");
    else if (state === "refused") this.show(entry, fault, "Not sent. Tap to change it");
    else if (state === "slow") this.show(entry, "waiting a moment, then sent");
    else this.show(entry, this.open || state === "sending" ? "sending" : "kept, sent when you are back");
  }
}
