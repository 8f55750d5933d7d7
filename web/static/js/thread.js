// Reply and Quote without leaving the page: the composer turns to the post, and quoting takes the words that are selected.

const longest = 1000; // characters of a whole post that Quote takes

const form = document.querySelector("form#reply");
let selected = ""; // pressing a link ends the selection, so it is read just before

function selectionIn(article) {
  const selection = getSelection();
  const prose = article.querySelector("[data-prose]");
  const inside = selection.rangeCount > 0 && prose.contains(selection.getRangeAt(0).commonAncestorContainer);
  return inside ? selection.toString().trim() : "";
}

// wordsOf is a whole post without the line that says whom it answers and without what it quotes itself, which is
// somebody else's, or its beginning up to a word's end.
function wordsOf(article) {
  const parts = [...article.querySelectorAll("[data-prose] > :not(.meta, blockquote)")];
  const words = parts.map((part) => part.innerText).join("\n").trim();
  return words.length <= longest ? words : words.slice(0, longest).replace(/\s+\S*$/, "");
}

function turnTo(post, author) {
  form.elements.reply_to.value = post;
  form.querySelector("label[for=body]").textContent = `Your reply to ${author}`;
}

function quote(words, post) {
  const body = form.elements.body;
  const lines = words.split(/\n+/).map((line) => `> ${line}`).join("\n>\n");
  body.value = `${body.value.trimEnd()}\n\n${lines}\n\n`.trimStart();
  form.elements.quote_post.value = post;
  form.elements.quote_start.value = "";
  form.elements.quote_end.value = "";
}

// present shows the composer with the cursor after the last word.
function present() {
  const body = form.elements.body;
  body.focus();
  body.setSelectionRange(body.value.length, body.value.length);
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

function act(event) {
  const link = event.target.closest("[data-reply], [data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const article = link.closest("article");
  const post = link.dataset.reply ?? link.dataset.quote;
  turnTo(post, link.dataset.author);
  const words = link.dataset.quote && (selected || selectionIn(article) || wordsOf(article));
  if (words) quote(words, post);
  selected = "";
  present();
}

if (form) {
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("[data-quote]");
    selected = link ? selectionIn(link.closest("article")) : "";
  });
  document.addEventListener("click", act);
}
