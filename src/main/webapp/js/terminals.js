// The terminals of one endpoint: one beside the other as tabs, with search and full screen.
import { BrowserTerminal, load } from "./terminal.js";
import { fill } from "./texts.js";

export class Terminals {
  #root;
  #id;
  #texts;
  #tabs = [];
  #shown = null;
  #count = 0;

  /** `root` is the part of the endpoint's card that shows them. */
  constructor(root, id, texts) {
    this.#root = root;
    this.#id = id;
    this.#texts = texts;
    root.addEventListener("click", (event) => this.#clicked(event));
    this.#input().addEventListener("keydown", (event) => this.#searched(event));
    document.addEventListener("fullscreenchange", () => this.#shown?.terminal.fit());
  }

  async open() {
    const xterm = await load(this.#texts.terminalPath);
    this.#root.hidden = false;
    const screen = document.createElement("div");
    screen.className = "remote-access-terminal__screen";
    this.#part("screens").append(screen);
    const tab = this.#tab(++this.#count);
    const entry = { screen, tab, terminal: null };
    this.#tabs.push(entry);
    this.#show(entry);
    entry.terminal = new BrowserTerminal(screen, this.#texts.base, this.#id, xterm);
    entry.terminal.addEventListener("open", () => this.#state(entry, ""));
    entry.terminal.addEventListener("broken", () => this.#state(entry, this.#texts.textTerminalBroken));
    entry.terminal.addEventListener("ended", ({ detail }) => this.#state(entry, this.#ending(detail)));
    entry.terminal.addEventListener("search", () => this.#input().focus());
    entry.terminal.focus();
  }

  #ending({ why, status }) {
    return status === undefined ? why : fill(this.#texts.textTerminalEnded, status);
  }

  #state(entry, sentence) {
    entry.sentence = sentence;
    if (entry === this.#shown) {
      this.#say(sentence);
    }
  }

  #say(sentence) {
    const place = this.#part("state");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #tab(number) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "jenkins-button";
    tab.textContent = fill(this.#texts.textTerminal, number);
    this.#part("tabs").append(tab);
    return tab;
  }

  #show(entry) {
    this.#shown = entry;
    for (const one of this.#tabs) {
      one.screen.hidden = one !== entry;
      one.tab.setAttribute("aria-pressed", String(one === entry));
    }
    this.#say(entry.sentence ?? "");
    entry.terminal?.fit();
    entry.terminal?.focus();
  }

  #close() {
    const entry = this.#shown;
    entry.terminal.close();
    entry.screen.remove();
    entry.tab.remove();
    this.#tabs = this.#tabs.filter((one) => one !== entry);
    this.#shown = null;
    if (this.#tabs.length > 0) {
      this.#show(this.#tabs[0]);
    } else {
      this.#root.hidden = true;
    }
  }

  #clicked({ target }) {
    const tab = this.#tabs.find((one) => one.tab === target);
    if (tab) {
      this.#show(tab);
    }
    switch (target.closest("[data-terminal]")?.dataset.terminal) {
      case "new":
        this.open();
        break;
      case "close":
        this.#close();
        break;
      case "full":
        this.#root.requestFullscreen();
        break;
      default:
    }
  }

  #searched(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.#shown?.terminal.find(event.target.value, event.shiftKey);
    } else if (event.key === "Escape") {
      this.#shown?.terminal.focus();
    }
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #input() {
    return this.#root.querySelector('[data-part="search"]');
  }
}
