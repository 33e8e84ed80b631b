// The Remote Access page of a build: asks api/json how things stand and shows it, without ever loading the page anew.
import { act } from "./actions.js";
import { EndpointCard } from "./endpoint-card.js";
import { fill } from "./texts.js";

const POLL_MILLIS = 2500;
const LONGEST_WAIT_MILLIS = 30000;

const root = document.getElementById("remote-access");
const texts = root.dataset;
const warning = document.getElementById("remote-access-connection");
const news = document.getElementById("remote-access-news");
const cards = new Map();
let failures = 0;
let timer = null;
let ended = false;

function show(state) {
  const seen = new Set(state.endpoints.map((endpoint) => endpoint.id));
  for (const [id, card] of cards) {
    if (!seen.has(id)) {
      tell(fill(texts.textNewsClosed, card.node));
      card.element.remove();
      cards.delete(id);
    }
  }
  for (const endpoint of state.endpoints) {
    const known = cards.get(endpoint.id);
    const card = known ?? new EndpointCard(root, endpoint.id, poll);
    if (!known) {
      cards.set(endpoint.id, card);
    }
    card.show(endpoint).forEach(tell);
  }
  document.getElementById("remote-access-empty").hidden = cards.size > 0;
}

/** Says something to who does not see the page; what is said at the same time is said together. */
function tell(sentence) {
  const line = document.createElement("span");
  line.textContent = `${sentence}. `;
  news.append(line);
  while (news.childElementCount > 5) {
    news.firstElementChild.remove();
  }
}

function warn(sentence) {
  warning.textContent = sentence;
  warning.hidden = sentence === "";
}

async function ask() {
  const response = await fetch(`${texts.base}api/json`, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (response.status === 403 || response.status === 404) {
    ended = true;
    cards.forEach((card) => card.element.remove());
    cards.clear();
    warn(texts.textRefused);
  } else if (response.ok) {
    failures = 0;
    warn("");
    show(await response.json());
  } else {
    throw new Error(`status ${response.status}`);
  }
}

/** Asks now, and from then on at intervals for as long as somebody looks at the page; less often while nobody answers. */
async function poll() {
  clearTimeout(timer);
  if (ended || document.hidden) {
    return;
  }
  try {
    await ask();
  } catch {
    failures++;
    warn(texts.textOffline);
  }
  clearTimeout(timer);
  timer = setTimeout(poll, Math.min(LONGEST_WAIT_MILLIS, POLL_MILLIS * 2 ** failures));
}

document.getElementById("remote-access-open")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  await act("open", {}, texts);
  button.disabled = false;
  poll();
});
document.addEventListener("visibilitychange", poll);
show(JSON.parse(texts.state));
setInterval(() => cards.forEach((card) => card.tick()), 1000);
timer = setTimeout(poll, POLL_MILLIS);
