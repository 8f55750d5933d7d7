// Passkeys: a challenge from the site, an answer from the browser's authenticator, and on to where the site says. Without
// this script, or in a browser that has no passkeys, nothing of them shows.

const renewal = 4 * 60_000; // milliseconds, below the five minutes for which the site waits for an answer

const cancelled = "That was cancelled, or took too long. Nothing was changed.";
const words = {
  NotAllowedError: cancelled,
  AbortError: cancelled,
  InvalidStateError: "This device has a passkey for you here already.",
  NotSupportedError: "This device cannot keep a passkey for this site.",
  SecurityError: "This device cannot keep a passkey for this site.",
};
const away = "We could not reach the site. Nothing was changed. Please try again.";

// Refusal is a no of the site's: words, and the faults of fields.
class Refusal extends Error {
  constructor({ detail, fields = {} }) {
    super(fields.passkey ?? detail);
    this.fields = fields;
  }
}

async function post(path, fields) {
  const response = await fetch(path, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  if (response.redirected) {
    location.assign(response.url); // they came in meanwhile, in another tab
    return new Promise(() => {});
  }
  const answer = await response.json();
  if (!response.ok) throw new Refusal(answer);
  return answer;
}

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const base64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// read makes of the site's JSON what the browser takes; older browsers do not do it themselves.
function read(options) {
  const parse = options.rp ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  if (PublicKeyCredential[parse]) return PublicKeyCredential[parse](options);
  const { challenge, user, excludeCredentials = [] } = options;
  return {
    ...options,
    challenge: bytes(challenge),
    user: user && { ...user, id: bytes(user.id) },
    excludeCredentials: excludeCredentials.map((key) => ({ ...key, id: bytes(key.id) })),
  };
}

function write(credential) {
  if (credential.toJSON) return JSON.stringify(credential);
  const { id, type, response } = credential;
  const said = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = base64(response[part]);
  }
  return JSON.stringify({ id, rawId: id, type, response: said });
}

// perform goes through a ceremony; how is what else the browser is told.
async function perform(root, how) {
  const path = root.dataset.passkey;
  const fields = Object.fromEntries(new FormData(root.closest("form")));
  delete fields.password;
  const { ceremony, publicKey } = await post(`${path}/begin`, fields);
  const ask = publicKey.rp ? "create" : "get";
  const credential = await navigator.credentials[ask]({ publicKey: read(publicKey), ...how });
  const { next } = await post(path, { ...fields, ceremony, credential: write(credential) });
  location.assign(next);
}

// mark puts a fault at its field as the site's own pages do; without words it takes it away.
function mark(input, fault) {
  const id = `${input.id}-fault`;
  document.getElementById(id)?.remove();
  input.toggleAttribute("aria-invalid", false);
  if (fault) {
    const said = document.createElement("p");
    said.className = "error";
    said.id = id;
    said.textContent = fault;
    input.closest(".field").append(said);
    input.setAttribute("aria-invalid", "true");
  }
  const aids = [`${input.id}-hint`, id].filter((aid) => document.getElementById(aid));
  input.setAttribute("aria-describedby", aids.join(" "));
}

// show says what went wrong, beside the button and at the fields.
function show(root, error) {
  for (const input of root.closest("form").elements) {
    if (input.closest(".field")) mark(input, error.fields?.[input.name]);
  }
  root.closest("form").querySelector("[aria-invalid]")?.focus();
  root.querySelector("[role=status]").textContent =
    error instanceof Refusal ? error.message : (words[error.name] ?? away);
}

let offered; // what takes back the offer among a field's suggestions

// offer lets the browser suggest passkeys where a field asks for a name, for as long as the page is open.
async function offer(root) {
  if (!document.querySelector("[autocomplete~=webauthn]")) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const mine = (offered = new AbortController());
  const renew = setTimeout(() => {
    mine.abort();
    offer(root);
  }, renewal);
  mine.signal.addEventListener("abort", () => clearTimeout(renew));
  try {
    await perform(root, { mediation: "conditional", signal: mine.signal });
  } catch (error) {
    if (error instanceof Refusal) show(root, error);
  }
}

function enliven(root) {
  const status = root.querySelector("[role=status]");
  root.hidden = false;
  root.querySelector("button").addEventListener("click", async (event) => {
    event.preventDefault();
    offered?.abort();
    status.textContent = "Your browser asks you now.";
    try {
      await perform(root);
    } catch (error) {
      show(root, error);
      offer(root);
    }
  });
  offer(root);
}

if (window.PublicKeyCredential) {
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;
  for (const root of document.querySelectorAll("[data-passkey]")) enliven(root);
}
