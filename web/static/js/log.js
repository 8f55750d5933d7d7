// The rows of a room: each message once, by its number, in order; what is not sent yet at the end. Rows are made of
// the parts that the server rendered from the component of its own rows.

import { daysBetween, localTimes, timeZone } from "./time.js";

const quoted = 60; // characters of a message where it is answered, as in row.go
const near = 40; // pixels from the end that still count as the end

export class Log {
  constructor(root) {
    this.box = root.querySelector("[data-log]");
    this.list = this.box.querySelector("ol");
    this.parts = root.querySelector("#parts").content;
    this.together = Number(root.dataset.together);
    this.address = `/rooms/${root.dataset.room}/messages`;
    this.labels = null; // name -> label that holds now; nothing is known of it until the room says so
    this.rows = new Map(); // n -> row
    this.unsent = new Map(); // cmid -> row
    for (const row of this.list.querySelectorAll("[data-n]")) this.rows.set(Number(row.dataset.n), row);
    // From one number to the other everything is here that this person is shown; numbers without a row are not for them.
    this.to = Number(root.dataset.lastN);
    this.from = root.querySelector("[data-earlier]").hidden ? 1 : Math.min(this.to + 1, ...this.rows.keys());
    // The server names days by its own clock.
    for (const day of this.list.querySelectorAll("[data-day]")) day.remove();
    for (const row of this.rows.values()) this.dress(row);
  }

  part(selector) {
    return this.parts.querySelector(selector).cloneNode(true);
  }

  get last() {
    return Math.max(0, ...this.rows.keys());
  }

  // The log is turned over by its style: 0 is its end, and it stays there by itself.
  get atEnd() {
    return this.box.scrollTop > -near;
  }

  toEnd() {
    this.box.scrollTop = 0;
  }

  // steady keeps what is being read where it is, whatever changes around it.
  steady(change) {
    const { top } = this.box.getBoundingClientRect();
    const mark = !this.atEnd && [...this.list.children].find((row) => row.getBoundingClientRect().bottom > top);
    const stood = mark && mark.getBoundingClientRect().top;
    change();
    if (mark?.isConnected) this.box.scrollTop += mark.getBoundingClientRect().top - stood;
    else if (!mark) this.toEnd();
  }

  // upsert brings a row in, or a newer state of it; false where what is held is as new.
  upsert(m) {
    const held = this.rows.get(m.n);
    if (held && Number(held.dataset.rev) >= m.rev) return false;
    const row = m.del ? this.part("[data-removed]") : this.fill(m);
    row.id = `m-${m.n}`;
    row.dataset.n = m.n;
    row.dataset.rev = m.rev;
    this.rows.set(m.n, row);
    if (m.cmid) this.forget(m.cmid);
    if (held) held.replaceWith(row);
    else this.place(row, m.n);
    this.dress(row);
    const next = this.after(m.n);
    if (next) this.dress(next);
    this.reword(m.n);
    this.box.querySelector("[data-empty]")?.remove();
    return true;
  }

  // fill makes a message's row.
  fill(m) {
    const row = this.part(".msg");
    const mine = "cmid" in m;
    row.classList.toggle("msg-mine", mine);
    for (const part of row.querySelectorAll("[data-only]")) {
      if ((part.dataset.only === "mine") !== mine) part.remove();
    }
    for (const label of row.querySelectorAll("[data-label]")) {
      if (label.dataset.label !== m.label || "lapsed" in label.dataset) label.remove();
    }
    if (!mine) {
      row.querySelector("[data-author]").textContent = m.author;
      this.wear(row);
      const report = row.querySelector("[data-report]");
      report.href = `${this.address}/${m.n}/report`;
      report.setAttribute("aria-label", `Report what ${m.author} said`);
      const reply = row.querySelector("[data-reply]");
      reply.href = `?re=${m.n}#say`;
      reply.setAttribute("aria-label", `Answer ${m.author}`);
    }
    if (!m.edited) row.querySelector("[data-edited]").remove();
    row.querySelector("time").dateTime = new Date(m.at).toISOString();
    localTimes(row);
    const answers = row.querySelector("[data-answers]");
    if (m.re) {
      answers.href = this.rows.has(m.re) ? `#m-${m.re}` : `?around=${m.re}#m-${m.re}`;
      answers.textContent = this.answerWords(m.re);
    } else {
      answers.parentElement.remove();
    }
    // Sanitised by the server before it was stored; the policy of the page runs no script in it.
    if (m.html) row.querySelector(".msg-body").innerHTML = m.html;
    return row;
  }

  // wearing is told whose labels hold now.
  wearing(labels) {
    this.labels = labels;
    for (const row of this.rows.values()) this.wear(row);
  }

  // wear shows a label as a label only while its bearer has it, or a higher one; else in words, as theirs of then.
  wear(row) {
    const worn = row.querySelector("[data-label]");
    if (!worn) return;
    const { label } = worn.dataset;
    let holds = !("lapsed" in worn.dataset);
    if (this.labels && ["ibclc", "supporter"].includes(label)) {
      const now = this.labels[row.querySelector("[data-author]").textContent];
      holds = now === label || now === "ibclc";
    }
    if (holds === "lapsed" in worn.dataset) {
      worn.replaceWith(this.part(`[data-label="${label}"]${holds ? ":not([data-lapsed])" : "[data-lapsed]"}`));
    }
    row.classList.toggle("msg-ibclc", holds && label === "ibclc");
  }

  // reword says anew in the answers to message n what they answer: those words may have changed, or be gone.
  reword(n) {
    for (const link of this.list.querySelectorAll(`[data-answers][href$="#m-${n}"]`)) {
      link.href = `#m-${n}`;
      link.textContent = this.answerWords(n);
    }
  }

  // before and after give the rows on either side of a number.
  before(n) {
    do n--;
    while (n >= this.from && !this.rows.has(n));
    return this.rows.get(n);
  }

  after(n) {
    const { last } = this;
    do n++;
    while (n < last && !this.rows.has(n));
    return this.rows.get(n);
  }

  // place puts a new row where its number belongs.
  place(row, n) {
    const next = this.after(n);
    if (!next) {
      this.list.insertBefore(row, this.unsent.values().next().value ?? null);
      return;
    }
    let before = next;
    while (before.previousElementSibling?.matches("[data-day], [data-stop]")) before = before.previousElementSibling;
    before.before(row);
  }

  // dress sees to what a row owes to the one before it: one head for somebody's messages, and a new day.
  dress(row) {
    const before = this.before(Number(row.dataset.n));
    row.classList.toggle("msg-more", Boolean(before) && this.continues(before, row));
    const line = row.previousElementSibling;
    if (line?.matches("[data-day]")) line.remove();
    const at = this.at(row);
    if (!at) return;
    const since = (before && this.at(before)) || new Date();
    if (daysBetween(since, at) === 0) return;
    const day = this.part("[data-day]");
    day.textContent = dayWords(at);
    row.before(day);
  }

  continues(before, row) {
    const [one, other] = [this.at(before), this.at(row)];
    return one && other && this.speaker(before) === this.speaker(row) && other - one < this.together;
  }

  // at is when a message was said; nothing for one that was removed.
  at(row) {
    const time = row.querySelector("time");
    return time && new Date(time.dateTime);
  }

  speaker(row) {
    const label = row.querySelector("[data-label]")?.dataset.label;
    return row.matches(".msg-mine") ? "" : `${row.querySelector("[data-author]").textContent} ${label}`;
  }

  // answerWords say whom and what an answer to message n is for.
  answerWords(n) {
    const row = this.rows.get(n);
    const words = row?.querySelector(".msg-body")?.textContent.replace(/\s+/g, " ").trim();
    if (!words) return "to an earlier message";
    const letters = [...words];
    const start = letters.length > quoted ? letters.slice(0, quoted - 1).join("").trim() + "…" : words;
    return `to ${row.querySelector("[data-author]")?.textContent ?? "you"}: ${start}`;
  }

  // remove takes the words of a stretch away.
  remove(from, to, rev) {
    for (let n = from; n <= to; n++) {
      if (this.rows.has(n)) this.upsert({ n, rev, del: true });
    }
  }

  // stopAt shows where the reader stopped, where others have spoken since.
  stopAt(n) {
    this.list.querySelector("[data-stop]")?.remove();
    if (n < this.from) return;
    for (let row = this.after(n); row; row = this.after(Number(row.dataset.n))) {
      if (!row.matches(".msg:not(.msg-mine)")) continue;
      row.before(this.part("[data-stop]"));
      return;
    }
  }

  // event is a line of the house's own.
  event(words) {
    const line = this.part("[data-event]");
    line.textContent = words;
    this.list.insertBefore(line, this.unsent.values().next().value ?? null);
  }

  // hold notes that a stretch is here as this person is shown it. What stands before a hole goes; it is loaded when it is
  // asked for.
  hold(from, to) {
    this.from = from > this.to + 1 ? from : Math.min(this.from, from);
    this.to = Math.max(this.to, to);
    for (const [n, row] of [...this.rows]) {
      if (n >= this.from) continue;
      row.remove();
      this.rows.delete(n);
    }
  }

  // clear drops everything but what is not sent.
  clear() {
    for (const row of this.list.querySelectorAll("[data-n], [data-day], [data-stop], [data-event]")) row.remove();
    this.rows.clear();
    this.from = this.to + 1;
  }

  // showUnsent shows one's own words on their way; again is what a tap on them does, in words.
  showUnsent({ cmid, body, re, at }, state, again) {
    let row = this.unsent.get(cmid);
    if (!row) {
      row = this.fill({ cmid, re, at, label: "" });
      row.removeAttribute("id");
      row.dataset.cmid = cmid;
      const typed = document.createElement("p");
      typed.className = "typed";
      typed.textContent = body;
      row.querySelector(".msg-body").replaceChildren(typed);
      this.unsent.set(cmid, row);
      this.list.append(row);
    }
    row.querySelector("[data-state]").textContent = state;
    row.querySelector("[data-again]")?.remove();
    if (!again) return;
    const button = this.part("[data-again]");
    button.textContent = again;
    row.append(button);
  }

  // arrived gives one's own row its number as soon as that is known; its event brings the rest.
  arrived(cmid, n, at) {
    const row = this.unsent.get(cmid);
    if (!row) return;
    if (this.rows.has(n) || n < this.from) {
      this.forget(cmid);
      return;
    }
    this.unsent.delete(cmid);
    delete row.dataset.cmid;
    row.id = `m-${n}`;
    row.dataset.n = n;
    row.dataset.rev = 0;
    row.querySelector("[data-state]").textContent = "";
    row.querySelector("[data-again]")?.remove();
    row.querySelector("time").dateTime = new Date(at).toISOString();
    localTimes(row);
    this.rows.set(n, row);
    this.place(row, n);
    this.dress(row);
  }

  forget(cmid) {
    this.unsent.get(cmid)?.remove();
    this.unsent.delete(cmid);
  }
}

function dayWords(date) {
  const days = daysBetween(date, new Date());
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone });
}
