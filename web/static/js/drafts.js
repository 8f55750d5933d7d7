// Keeps what somebody types in a form with data-draft: on the device at once, on the server soon. It comes back when the
// page is opened again, and goes when the server says that the form has arrived, not before.

import { device, newKey } from "./device.js";

const soon = 1500; // milliseconds without a key pressed before the server is told
const patience = 3000; // milliseconds that sending waits for the server to have kept a draft

const fields = ["title", "body", "reply_to", "quote_post", "quote_start", "quote_end", "version"];

// The server names the form that it has taken in a cookie, on the way to the page that shows what became of it.
function forgetSent() {
  const sent = document.cookie.match(/(?:^|; )sent=([0-9a-f-]+)/)?.[1];
  if (!sent) return;
  for (const name of device.names("draft:")) {
    if (device.read(name)?.key === sent) device.drop(name);
  }
  document.cookie = "sent=; Path=/; Max-Age=0; SameSite=Lax";
}

// clean tells whether there is anything worth keeping.
const clean = (draft) => !(draft.title ?? "").trim() && !draft.body.trim();

class Draft {
  constructor(form) {
    this.form = form;
    this.target = form.dataset.draft;
    this.name = `draft:${form.dataset.person}:${this.target}`;
    this.sent = false; // these very words were sent, and nobody has said that they arrived
    this.timer = 0;
    this.saving = null;
  }

  // now is the form as it stands.
  now() {
    const draft = { at: Date.now(), key: this.form.elements.key.value, sent: this.sent };
    for (const field of fields) {
      if (this.form.elements[field]) draft[field] = this.form.elements[field].value;
    }
    return draft;
  }

  // restore brings back what the device has, unless the page's own words are newer.
  restore() {
    const kept = device.read(this.name);
    if ("refused" in this.form.dataset) {
      this.keepHere();
      return;
    }
    const draftedAt = Number(this.form.dataset.draftedAt);
    if (!kept || clean(kept) || kept.at < draftedAt) {
      if (draftedAt) this.say("Kept for all your devices", draftedAt);
      return;
    }
    const { quoted } = this.form.dataset;
    for (const field of fields) {
      const asked = quoted && (field === "reply_to" || field.startsWith("quote_"));
      if (this.form.elements[field] && kept[field] !== undefined && !asked) this.form.elements[field].value = kept[field];
    }
    if (quoted && !kept.body.includes(quoted)) this.form.elements.body.value = `${kept.body.trimEnd()}\n\n${quoted}`;
    if (kept.sent) {
      // The same words under the same key are the same post, should they have arrived after all.
      this.form.elements.key.value = kept.key;
      this.sent = true;
    }
    this.say("Kept on this device", kept.at);
  }

  typed() {
    if (this.sent) {
      this.sent = false;
      this.form.elements.key.value = newKey();
    }
    this.keepHere();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepThere(), soon);
  }

  keepHere() {
    const draft = this.now();
    if (clean(draft)) device.drop(this.name);
    else if (device.write(this.name, draft)) this.say("Kept on this device", draft.at);
    else this.say("This browser keeps nothing");
  }

  // saved is the request that keeps the draft on the server.
  saved() {
    const { title = "", body } = this.now();
    return new URLSearchParams({ target: this.target, title, body });
  }

  // A change to a post stays on the device: it belongs to the version that was seen there.
  get stays() {
    return this.target.startsWith("e:");
  }

  keepThere() {
    this.timer = 0;
    if (this.stays) return;
    this.saving = fetch("/drafts", {
      method: "POST",
      body: this.saved(),
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    })
      .then((answer) => {
        if (answer.status === 204 && !clean(this.now())) this.say("Kept for all your devices", Date.now());
      })
      .catch(() => {}) // the device has it; the next key pressed tries again
      .finally(() => {
        this.saving = null;
      });
  }

  // leave tells the server the last words of a page that is going away.
  leave() {
    if (!this.timer || this.stays) return;
    clearTimeout(this.timer);
    this.timer = 0;
    navigator.sendBeacon("/drafts", this.saved());
  }

  // send lets a draft that is on its way arrive first: behind the post it would come back as a draft.
  send(event) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.saving) {
      event.preventDefault();
      this.saving.then(() => this.form.requestSubmit());
      return;
    }
    this.sent = true;
    device.write(this.name, this.now());
  }

  say(words, at) {
    const place = this.form.querySelector("[data-kept]");
    const time = at && new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    if (place) place.textContent = time ? `${words}, ${time}.` : `${words}.`;
  }
}

forgetSent();
for (const form of document.querySelectorAll("form[data-draft]")) {
  const draft = new Draft(form);
  draft.restore();
  form.addEventListener("input", () => draft.typed());
  form.addEventListener("submit", (event) => draft.send(event));
  addEventListener("pagehide", () => draft.leave());
}
