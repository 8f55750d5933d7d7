// Chooses the greeting by the reader's clock, which the server does not know, among those that the server wrote.

const hour = new Date().getHours();
const fits = ({ from, until }) =>
  Number(from) < Number(until) ? hour >= from && hour < until : hour >= from || hour < until;

for (const greeting of document.querySelectorAll("[data-from]")) {
  if (!fits(greeting.dataset)) continue;
  document.querySelector("[data-any-hour]").hidden = true;
  greeting.hidden = false;
}
