// Where somebody writes in a room. What is typed is kept on the device with every key, and nothing that arrives takes
// the focus or a letter away.

import { device } from "./device.js";

const longest = 4_000; // Unicode code points
const typingPause = 3_000; // milliseconds between two notices of typing
const longestTimer = 2 ** 31; // milliseconds; whoever waits longer loads the page anew in between

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

// Under a thumb there is no shift key to make a line with: return is a new line there, and the button sends.
const thumb = matchMedia("(pointer: coarse)");

export class Composer {
  // say(body, re) takes a message; typing() is told that somebody writes; words(n) say what message n is.
  constructor(root, place, { say, typing, words }) {
    Object.assign(this, { name: `saying:${place}`, say, typing, words });
    this.form = root.querySelector("[data-say]");
    this.body = this.form.elements.body;
    this.re = this.form.elements.re;
    this.fault = root.querySelector("[data-fault]");
    this.pause = root.querySelector("[data-muted]");
    this.answering = root.querySelector("[data-answering]");
    this.typedAt = 0;
    this.restore();
    this.body.addEventListener("input", () => this.typed());
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    root.querySelector("[data-quick]").addEventListener("submit", (event) => this.tap(event));
    root.querySelector("[data-unanswer]").addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(0);
    });
    // The button takes no focus, else a phone would fold its keyboard away after each message.
    root.querySelector("[data-send]").addEventListener("pointerdown", (event) => event.preventDefault());
  }

  // restore brings back what was half typed, unless the page came back with words that were refused.
  restore() {
    const kept = device.read(this.name);
    if (this.body.value.trim()) this.keep();
    else if (kept) {
      this.body.value = kept.body;
      if (!this.re.value && kept.re) this.answer(kept.re);
    }
    this.fit();
  }

  keep() {
    const draft = { body: this.body.value, re: Number(this.re.value) };
    if (draft.body.trim() || draft.re) device.write(this.name, draft);
    else device.drop(this.name);
  }

  typed() {
    this.keep();
    this.fit();
    this.complain("");
    if (!this.body.value.trim() || Date.now() - this.typedAt < typingPause) return;
    this.typedAt = Date.now();
    this.typing();
  }

  pressed(event) {
    if (event.key === "Escape" && this.re.value) {
      this.answer(0);
    } else if (event.key === "Enter" && !thumb.matches && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  submit(event) {
    event.preventDefault();
    const body = this.body.value.trim();
    const length = [...body].length;
    this.body.focus();
    if (!body) return;
    if (length > longest) {
      this.complain(`A message has at most 4,000 characters. This one has ${length.toLocaleString("en")}; all of it is kept.`);
      return;
    }
    const re = Number(this.re.value);
    this.body.value = "";
    this.say(body, re);
    this.complain("");
    this.answer(0);
    this.fit();
    this.typedAt = 0;
  }

  // tap says one of the ready words; what is half typed stays.
  tap(event) {
    event.preventDefault();
    const re = Number(this.re.value);
    this.say(event.submitter.value, re);
    this.answer(0);
  }

  // answer turns to message n; 0 to nobody in particular.
  answer(n) {
    this.re.value = n || "";
    this.answering.hidden = !n;
    if (n) this.answering.querySelector("span").textContent = this.words(n);
    else if (location.search) history.replaceState(null, "", location.pathname);
    this.keep();
  }

  // reword says anew what is answered, where it is message n, or where all words are gone.
  reword(n) {
    const re = Number(this.re.value);
    if (re && (!n || n === re)) this.answer(re);
  }

  // muted says until when nothing is taken, in milliseconds of this clock; 0 where it is. It ends by itself.
  muted(until) {
    clearTimeout(this.ends);
    const left = until - Date.now();
    const words = left > 0 ? `A moderator has asked you to pause until ${moment.format(until)}. You can read, and what you typed is kept.` : "";
    this.pause.textContent = words;
    if (left > 0 && left < longestTimer) this.ends = setTimeout(() => this.muted(0), left);
  }

  // putBack returns words that were refused, before what is typed by now.
  putBack({ body, re }) {
    this.body.value = [body, this.body.value].filter((words) => words.trim()).join("\n\n");
    this.answer(re);
    this.fit();
    this.body.focus();
  }

  complain(words) {
    this.fault.textContent = words;
    if (words) this.body.setAttribute("aria-invalid", "true");
    else this.body.removeAttribute("aria-invalid");
  }

  // fit lets the field grow with its words where the style cannot.
  fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.body.style.height = "";
    this.body.style.height = `${this.body.scrollHeight + 2}px`;
  }
}
