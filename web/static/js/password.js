// How strong a password is, in words, while it is typed or pasted. It goes nowhere for that; what the house asks of one is
// judged when the form is sent.

const field = document.querySelector('[autocomplete="new-password"]');
const said = document.querySelector("[data-strength]");
const enough = 15;

function words(typed) {
  const length = [...typed].length;
  if (length === 0) return "";
  if (length < enough) return `${enough - length} more to go.`;
  if (new Set(typed).size < 5) return "Easy to guess: very few different characters.";
  return ["Good.", "Strong.", "Very strong."][Math.min(2, Math.floor((length - enough) / 5))];
}

field?.addEventListener("input", () => {
  if (said.textContent !== words(field.value)) said.textContent = words(field.value);
});
