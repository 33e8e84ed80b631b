// The recordings of a build: lists them, and plays the one that is chosen.
import { reason } from "./actions.js";
import { Cast } from "./cast.js";
import { Player } from "./player.js";
import { load } from "./terminal.js";
import { duration, fill, time } from "./texts.js";

const LOOK_MILLIS = 10000;

const root = document.getElementById("remote-access-recordings");
const texts = root.dataset;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
let player = null;
let cast = null;
let matches = { text: "", times: [], at: -1 };

async function ask() {
  if (document.hidden) {
    return;
  }
  const response = await fetch(`${texts.base}json`, { cache: "no-store" });
  if (response.ok) {
    show((await response.json()).recordings);
  }
}

function show(recordings) {
  const list = root.querySelector('[data-list="recordings"]');
  const shown = JSON.stringify(recordings);
  root.hidden = recordings.length === 0;
  // Left alone while nothing changes, so that the focus stays on a button
  if (list.dataset.shown !== shown) {
    list.dataset.shown = shown;
    list.replaceChildren(...recordings.map(row));
  }
}

/** All of it came from an agent or was chosen by somebody, so all of it is text. */
function row(recording) {
  const line = document.createElement("tr");
  const length = recording.whole ? duration(recording.seconds) : texts.textRunning;
  const size = new Intl.NumberFormat(undefined, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  const bytes = size.format(Math.ceil(recording.bytes / 1000));
  for (const value of [recording.user, recording.kind, time(recording.began), length, bytes]) {
    const cell = document.createElement("td");
    cell.textContent = value;
    line.append(cell);
  }
  line.children[3].title = recording.note;
  const last = document.createElement("td");
  last.append(buttons(recording));
  line.append(last);
  return line;
}

function buttons(recording) {
  const place = part("buttons").content.cloneNode(true);
  const [play, save] = place.querySelectorAll("[data-recording]");
  const address = `${texts.base}cast?id=${encodeURIComponent(recording.id)}`;
  play.setAttribute("aria-label", fill(texts.textPlayOf, recording.user, time(recording.began)));
  play.addEventListener("click", () => open(recording, address));
  save.setAttribute("aria-label", fill(texts.textSaveOf, recording.user, time(recording.began)));
  save.href = address;
  return place;
}

async function open(recording, address) {
  try {
    const response = await fetch(address, { cache: "no-store" });
    if (!response.ok) {
      throw new Error(await reason(response));
    }
    const read = new Cast(await response.text());
    if (read.events.length === 0) {
      throw new Error(texts.textEmpty);
    }
    const xterm = await load(texts.terminalPath);
    start(read, recording, xterm);
  } catch (problem) {
    window.notificationBar.show(fill(texts.textFailed, problem.message), window.notificationBar.ERROR);
  }
}

function start(read, recording, xterm) {
  player?.close();
  part("screen").replaceChildren();
  part("player").hidden = false;
  cast = read;
  matches = { text: "", times: [], at: -1 };
  part("found").textContent = "";
  const what = cast.header.command ?? recording.kind;
  part("title").textContent = fill(texts.textTitle, recording.user, what, time(recording.began));
  part("position").max = String(cast.duration);
  player = new Player(part("screen"), cast, xterm);
  player.speed = Number(part("speed").value);
  player.skipPauses = part("skip").checked;
  player.addEventListener("change", follow);
  player.play();
  root.querySelector('[data-player="toggle"]').focus();
}

function follow() {
  const clock = fill(texts.textPosition, duration(player.position), duration(cast.duration));
  part("position").value = String(player.position);
  part("position").setAttribute("aria-valuetext", clock);
  part("clock").textContent = clock;
  root.querySelector('[data-player="toggle"]').textContent = player.playing ? texts.textPause : texts.textPlay;
}

/** Goes to the next place of the text, or to the one before. */
function find(text, backwards) {
  if (text !== matches.text) {
    matches = { text, times: cast.find(text), at: backwards ? 0 : -1 };
  }
  const { times } = matches;
  if (times.length === 0) {
    part("found").textContent = text ? texts.textNoMatch : "";
    return;
  }
  matches.at = (matches.at + (backwards ? -1 : 1) + times.length) % times.length;
  part("found").textContent = fill(texts.textMatches, matches.at + 1, times.length);
  player.pause();
  player.seek(times[matches.at]);
  player.mark(text);
}

root.querySelector('[data-player="toggle"]').addEventListener("click", () => (player.playing ? player.pause() : player.play()));
part("position").addEventListener("input", (event) => player.seek(Number(event.target.value)));
part("speed").addEventListener("change", (event) => (player.speed = Number(event.target.value)));
part("skip").addEventListener("change", (event) => (player.skipPauses = event.target.checked));
part("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    find(event.target.value, event.shiftKey);
  }
});
document.addEventListener("visibilitychange", ask);
setInterval(ask, LOOK_MILLIS);
ask();
