// Keeps the count of notices that wait, on every page of somebody who is signed in. A room hears it over its own connection;
// other pages have one while they are looked at.

import { Socket } from "./socket.js";

const burst = 3_000; // milliseconds in which further notices are told together

const bells = document.querySelectorAll("[data-bell]");
const region = document.createElement("p");
region.className = "sr";
region.setAttribute("role", "status");
document.body.append(region);

let known = Number(bells[0]?.querySelector("[data-unread]").textContent);
let timer = 0;

// ring shows how many notices wait. More than before are read out, once a burst.
export function ring(count) {
  for (const bell of bells) {
    bell.querySelector("[data-unread]").textContent = count;
    bell.hidden = count === 0;
  }
  clearTimeout(timer);
  if (count > known) timer = setTimeout(() => (region.textContent = `New notices: ${count}`), burst);
  known = count;
}

function follow() {
  const socket = new Socket({
    rooms: () => ({}),
    heard: (object) => object.t === "me" && object.k === "bell" && ring(object.count),
    changed() {},
    refused() {},
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) socket.rest();
    else if (!socket.ws) socket.renew();
  });
  if (!document.hidden) socket.connect();
}

if (!document.querySelector("[data-room]")) follow();
