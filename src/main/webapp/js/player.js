// Plays one recording in xterm.js.
import { colours } from "./terminal-colours.js";

const LONGEST_PAUSE = 2;
const PIECE = 256 * 1024;
const FORGET_ALL = "\x1bc";

export class Player extends EventTarget {
  #cast;
  #terminal;
  #search;
  #next = 0;
  #position = 0;
  #playing = false;
  #seen = 0;
  /** What is shown is shown in its order: xterm.js takes text when it has time, and a new size at once. */
  #work = Promise.resolve();
  speed = 1;
  skipPauses = true;

  /** Shows the beginning of `cast` in `place`. */
  constructor(place, cast, { Terminal, SearchAddon }) {
    super();
    this.#cast = cast;
    this.#search = new SearchAddon();
    this.#terminal = new Terminal({
      cols: cast.header.width,
      rows: cast.header.height,
      disableStdin: true,
      fontFamily: getComputedStyle(place).getPropertyValue("--font-family-mono") || "monospace",
      fontSize: 13,
      scrollback: 10000,
      theme: colours(place),
    });
    this.#terminal.loadAddon(this.#search);
    this.#terminal.open(place);
    this.recolour = () => (this.#terminal.options.theme = colours(place));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.recolour);
  }

  get position() {
    return this.#position;
  }

  get playing() {
    return this.#playing;
  }

  /** Plays on; from the beginning where the end has been reached. */
  play() {
    if (this.#position >= this.#cast.duration) {
      this.seek(0);
    }
    this.#playing = true;
    this.#seen = performance.now();
    requestAnimationFrame((now) => this.#turn(now));
    this.#tell();
  }

  pause() {
    this.#playing = false;
    this.#tell();
  }

  /** Shows what was there `seconds` after the beginning. */
  seek(seconds) {
    const to = Math.max(0, Math.min(seconds, this.#cast.duration));
    if (to < this.#position) {
      this.#next = 0;
      this.#write(FORGET_ALL);
      this.#resize(this.#cast.header.width, this.#cast.header.height);
    }
    this.#position = to;
    this.#show();
    this.#tell();
  }

  /** Marks `text` in what is shown now, the last of it. */
  mark(text) {
    this.#later(() => this.#search.findPrevious(text));
  }

  close() {
    this.#playing = false;
    window.matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.recolour);
    this.#later(() => this.#terminal.dispose());
  }

  #turn(now) {
    if (!this.#playing) {
      return;
    }
    this.#position += (Math.max(0, now - this.#seen) / 1000) * this.speed;
    this.#seen = now;
    const next = this.#cast.events[this.#next];
    if (this.skipPauses && next && next.at - this.#position > LONGEST_PAUSE) {
      this.#position = next.at - LONGEST_PAUSE;
    }
    this.#show();
    if (this.#position >= this.#cast.duration) {
      this.#position = this.#cast.duration;
      this.#playing = false;
    } else {
      requestAnimationFrame((then) => this.#turn(then));
    }
    this.#tell();
  }

  #show() {
    let text = "";
    for (; this.#next < this.#cast.events.length && this.#cast.events[this.#next].at <= this.#position; this.#next++) {
      const { code, data } = this.#cast.events[this.#next];
      if (code === "r") {
        this.#write(text);
        text = "";
        this.#resize(...data.split("x").map(Number));
      } else {
        text += data;
      }
      if (text.length > PIECE) {
        this.#write(text);
        text = "";
      }
    }
    this.#write(text);
  }

  #write(text) {
    if (text) {
      this.#later(() => new Promise((done) => this.#terminal.write(text, done)));
    }
  }

  #resize(columns, rows) {
    this.#later(() => this.#terminal.resize(columns, rows));
  }

  #later(step) {
    this.#work = this.#work.then(step);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
