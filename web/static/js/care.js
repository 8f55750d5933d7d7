// Shows, while somebody writes, what the house has to say about their words. They go to this site alone, which keeps
// nothing of them; the notes stand beside the words and stop nobody.

const pause = 900; // milliseconds without a key pressed before the site is asked
const patience = 3000; // milliseconds that an answer may take

class Notes {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.timer = 0;
    this.asked = "";
    this.shown = "";
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  words() {
    const { title, body } = this.form.elements;
    return new URLSearchParams({ title: title?.value ?? "", body: body.value }).toString();
  }

  async ask() {
    const words = this.words();
    if (words === this.asked) return;
    this.asked = words;
    const answer = await fetch("/words", {
      method: "POST",
      body: new URLSearchParams(words),
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    }).catch(() => null); // the note stands under the post in any case
    const notes = answer?.ok ? (await answer.text()).trim() : this.shown;
    // Words that were typed since have a question of their own; the same notes again would be read out again.
    if (words !== this.asked || notes === this.shown) return;
    this.place.innerHTML = notes;
    this.shown = notes;
  }
}

for (const place of document.querySelectorAll("form [data-care]")) {
  const form = place.closest("form");
  const notes = new Notes(form, place);
  form.addEventListener("input", () => notes.typed());
  if (form.elements.body.value.trim()) notes.ask();
}
