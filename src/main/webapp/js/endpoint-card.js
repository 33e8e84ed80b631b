import { act } from "./actions.js";
import { connectionRow } from "./connections.js";
import { Screen } from "./screen.js";
import { tabs } from "./tabs.js";
import { Terminals } from "./terminals.js";
import { duration, fill, time } from "./texts.js";

const STATES = { OPENING: "textOpening", OPEN: "textOpen", HOLDING: "textHolding", CLOSED: "textClosed" };
const WAYS = { ssh: "textWaySsh", direct: "textWayDirect", http: "textWayHttp" };
const LAST_MINUTES = 5 * 60;

/** The ways of one endpoint, the one to offer first first. */
function waysOf(routes) {
  const { gateway, direct } = routes ?? {};
  const http = gateway?.http ?? gateway;
  return [gateway?.name === "ssh" ? gateway : undefined, direct, http?.name === "http" ? http : undefined].filter(Boolean);
}

/** One endpoint on the page: filled in from what the API says of it, always as text. */
export class EndpointCard {
  #texts;
  #id;
  #refresh;
  #endpoint = null;
  #until = null;
  #savedKey = null;
  #script;
  #chosen = null;
  #terminals;
  #screen;

  /** Puts an empty card at the end of `root`; `refresh` is called when something was done here. */
  constructor(root, id, refresh) {
    this.#texts = root.dataset;
    this.#id = id;
    this.#refresh = refresh;
    const template = document.getElementById("remote-access-template");
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.id = `remote-access-${id}`;
    this.#name();
    tabs(this.element, this.element.id);
    this.#terminals = new Terminals(this.element.querySelector("[data-terminals]"), id, this.#texts);
    this.#screen = new Screen(this.element.querySelector("[data-screen]"), id, this.#texts, refresh);
    this.element.addEventListener("click", (event) => this.#clicked(event));
    this.element.addEventListener("change", (event) => this.#changed(event));
    this.element.addEventListener("submit", (event) => this.#submitted(event));
    root.append(this.element);
    window.Behaviour.applySubtree(this.element);
  }

  get node() {
    return this.#endpoint.node;
  }

  /** Shows {@code endpoint}; answers sentences on what has changed since it was shown last. */
  show(endpoint) {
    const before = this.#endpoint;
    this.#endpoint = endpoint;
    const clock = endpoint.remainingSeconds !== undefined;
    this.#until = clock ? performance.now() + endpoint.remainingSeconds * 1000 : null;
    this.#facts(endpoint);
    this.#ways(endpoint);
    this.#screenOf(endpoint);
    this.#connections(endpoint.connections ?? []);
    this.tick();
    return before ? this.#changes(before, endpoint) : [];
  }

  /** Moves the countdown on. */
  tick() {
    if (this.#until !== null) {
      const seconds = (this.#until - performance.now()) / 1000;
      this.#text("left", fill(this.#texts.textLeft, duration(seconds)));
      this.element.querySelector(".remote-access-clock").classList.toggle("remote-access-clock--last", seconds < LAST_MINUTES);
    }
  }

  #facts(endpoint) {
    const { step, you } = endpoint;
    this.element.dataset.state = endpoint.state;
    this.#text("node", endpoint.node);
    this.#text("state", this.#texts[STATES[endpoint.state]] ?? endpoint.state);
    for (const field of ["reason", "workspace", "trouble"]) {
      this.#optional(field, endpoint[field]);
    }
    this.#optional("refusal", you.refusal);
    const exit = step?.exitCode;
    this.#optional("step", step && fill(exit === undefined ? this.#texts.textStep : this.#texts.textStepExit, step.name, exit));
    this.#optional("script", step?.script);
    this.#visible("clock", endpoint.deadline !== undefined);
    this.#text("deadline", endpoint.deadline ? time(endpoint.deadline) : "");
    this.#optional("connectBy", endpoint.connectBy && fill(this.#texts.textConnectBy, time(endpoint.connectBy)));
    this.#visible("control", you.control && endpoint.state === "HOLDING");
    for (const outcome of ["retry", "continue", "fail"]) {
      this.element.querySelector(`button[data-action="${outcome}"]`).hidden = !endpoint.outcomes?.includes(outcome);
    }
    this.#editable(you.edit ? step?.script : undefined);
    this.#text("latest", endpoint.latest ? fill(this.#texts.textLatest, time(endpoint.latest)) : "");
    this.#visible("terminal", you.terminal);
    this.#visible("controlLatest", you.control && endpoint.latest !== undefined);
  }

  #screenOf({ you, screen }) {
    this.#visible("screen", you.screen);
    this.#visible("screenShown", screen !== undefined);
    this.#visible("screenAddress", screen?.command !== undefined);
    this.#visible("screenPassword", screen?.password !== undefined);
    const what = screen?.port ? fill(this.#texts.textScreenShown, screen.what) : screen?.what;
    this.#text("screenWhat", screen ? (what ?? this.#texts.textScreenStarting) : "");
    this.#command("screenCommand", screen?.command);
    this.#command("screenUrl", screen?.url);
    this.#command("screenPassword", screen?.password);
    this.#screen.show(screen);
  }

  /** What somebody has typed stays until the hold is another. */
  #editable(script) {
    this.#visible("edit", script !== undefined);
    if (script !== undefined && script !== this.#script) {
      this.element.querySelector('textarea[name="script"]').value = script;
    }
    this.#script = script;
  }

  #ways(endpoint) {
    const { you, hostKey } = endpoint;
    const ways = waysOf(endpoint.routes);
    this.#visible("connect", you.connect);
    this.#visible("ungranted", you.connect && !you.granted);
    this.#visible("recorded", you.recorded);
    this.#visible("keyless", you.connect && you.granted && !you.key);
    this.#visible("way", ways.length > 0);
    this.#visible("noRoute", you.connect && ways.length === 0 && endpoint.state !== "OPENING");
    this.#visible("hostKey", hostKey !== undefined);
    this.#command("fingerprint", hostKey?.fingerprint);
    this.#command("knownHosts", hostKey?.knownHosts);
    this.#offer(ways);
    this.#way(ways.find((way) => way.name === this.#chosen) ?? ways[0]);
  }

  /** Lets the person choose where there is a choice. */
  #offer(ways) {
    const list = this.element.querySelector('[data-list="ways"]');
    this.#visible("ways", ways.length > 1);
    if (list.dataset.shown !== ways.map((way) => way.name).join()) {
      list.dataset.shown = ways.map((way) => way.name).join();
      list.replaceChildren(...ways.map((way) => new Option(this.#texts[WAYS[way.name]], way.name, false, way.name === this.#chosen)));
    }
  }

  #way(way) {
    this.#text("wayHint", way ? this.#texts[`${WAYS[way.name]}Hint`] : "");
    this.#visible("prepare", way?.prepare !== undefined);
    this.#command("prepare", way?.prepare);
    this.#command("ssh", way?.command);
    this.#command("sshConfig", way?.sshConfig);
    for (const name of ["scp", "rsync", "powershell", "plink", "pscp"]) {
      this.#command(name, way?.commands[name]);
    }
    this.#withSavedKey(way);
  }

  #withSavedKey(way) {
    this.#visible("savedKey", this.#savedKey !== null && way !== undefined);
    if (this.#savedKey !== null && way) {
      const options = `ssh -i ${this.#savedKey} -o IdentitiesOnly=yes `;
      this.#command("sshWithKey", `chmod 600 ${this.#savedKey}; ${way.command.replace(/^ssh /, options)}`);
    }
  }

  #connections(connections) {
    this.#visible("seen", this.#endpoint.connections !== undefined);
    this.#visible("nobody", connections.length === 0);
    this.#visible("somebody", connections.length > 0);
    const list = this.element.querySelector('[data-list="connections"]');
    const shown = JSON.stringify(connections);
    // Left alone while nothing changes, so that the focus stays on a button
    if (list.dataset.shown !== shown) {
      list.dataset.shown = shown;
      list.replaceChildren(...connections.map((connection) => connectionRow(connection, this.#texts)));
    }
  }

  #changes(before, after) {
    const changes = [];
    if (before.state !== after.state) {
      changes.push(fill(this.#texts.textNewsState, after.node, this.#texts[STATES[after.state]] ?? after.state));
    }
    const ids = (endpoint) => new Set((endpoint.connections ?? []).map((connection) => connection.id));
    const gone = (before.connections ?? []).filter((connection) => !ids(after).has(connection.id));
    const come = (after.connections ?? []).filter((connection) => !ids(before).has(connection.id));
    come.forEach((connection) => changes.push(fill(this.#texts.textNewsJoined, connection.user)));
    gone.forEach((connection) => changes.push(fill(this.#texts.textNewsLeft, connection.user)));
    return changes;
  }

  #clicked(event) {
    const button = event.target.closest("button[data-action]");
    if (button?.dataset.action === "terminal") {
      this.#terminals.open();
    } else if (button?.dataset.action === "screen") {
      this.#screen.open();
    } else if (button) {
      this.#act(button.dataset.action, button.dataset, button);
    }
  }

  #changed(event) {
    if (event.target.matches('[data-list="ways"]')) {
      this.#chosen = event.target.value;
      this.#ways(this.#endpoint);
    }
  }

  #submitted(event) {
    const form = event.target;
    if (!form.dataset.action) {
      return;
    }
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    const extending = form.dataset.action !== "edit";
    this.#act(extending ? "extend" : "edit", values, form.querySelector("button")).then(() => extending && form.reset());
  }

  async #act(action, values, button) {
    button.disabled = true;
    const way = this.#chosen ?? "";
    const saved = await act(action, { id: this.#id, way, ...values }, this.#texts);
    button.disabled = false;
    if (action === "key" && saved) {
      this.#savedKey = saved;
    }
    this.#refresh();
  }

  #text(field, text) {
    for (const place of this.element.querySelectorAll(`[data-field="${field}"]`)) {
      if (place.textContent !== text) {
        place.textContent = text;
      }
    }
  }

  #optional(field, text) {
    this.#visible(field, Boolean(text));
    this.#text(field, text ?? "");
  }

  #command(field, text) {
    this.#text(field, text ?? "");
    this.element.querySelector(`[data-copy="${field}"] .jenkins-copy-button`).setAttribute("text", text ?? "");
  }

  #visible(what, shown) {
    this.element.querySelectorAll(`[data-show="${what}"]`).forEach((place) => {
      place.hidden = !shown;
    });
  }

  /** Labels the commands; ids are unique only with the card's own. */
  #name() {
    for (const labelled of this.element.querySelectorAll("[data-label]")) {
      const label = this.element.querySelector(`#${labelled.dataset.label}`);
      label.id = `${this.element.id}-${labelled.dataset.label}`;
      labelled.setAttribute("aria-labelledby", label.id);
    }
  }
}
