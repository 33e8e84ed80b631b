// One terminal in the page: xterm.js, and a WebSocket that finds its shell again after a break.
import { colours } from "./terminal-colours.js";
import { ticket } from "./ticket.js";

const ACKNOWLEDGE_BYTES = 32 * 1024;
const ACKNOWLEDGE_MILLIS = 250;
const MOST_UNTYPED = 128 * 1024;
const PIECE = 8 * 1024;
const KEPT_MILLIS = 2 * 60 * 1000;
const LONGEST_PAUSE_MILLIS = 5000;

/** What a terminal needs of xterm.js, loaded when the first one is opened. */
export async function load(path) {
  const [{ Terminal }, { FitAddon }, { SearchAddon }, { WebLinksAddon }] = await Promise.all(
    ["xterm", "addon-fit", "addon-search", "addon-web-links"].map((name) => import(`${path}${name}.js`)),
  );
  return { Terminal, FitAddon, SearchAddon, WebLinksAddon };
}

export class BrowserTerminal extends EventTarget {
  #base;
  #id;
  #terminal;
  #fit;
  #search;
  #socket = null;
  #secret = "";
  #size = "";
  #received = 0;
  #shown = 0;
  #told = 0;
  #timer = null;
  #queue = [];
  #untyped = 0;
  #brokenSince = null;
  #closed = false;

  /** Puts a terminal of the endpoint `id` into `place`. */
  constructor(place, base, id, { Terminal, FitAddon, SearchAddon, WebLinksAddon }) {
    super();
    this.#base = base;
    this.#id = id;
    this.#fit = new FitAddon();
    this.#search = new SearchAddon();
    this.#terminal = new Terminal({
      cursorBlink: true,
      fontFamily: getComputedStyle(place).getPropertyValue("--font-family-mono") || "monospace",
      fontSize: 13,
      scrollback: 10000,
      theme: colours(place),
      linkHandler: { activate: (_event, address) => visit(address) },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new WebLinksAddon((_event, address) => visit(address)));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#terminal.open(place);
    this.#terminal.onData((text) => this.#type(new TextEncoder().encode(text)));
    this.#terminal.onBinary((text) => this.#type(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    this.#terminal.onResize(() => this.#resize());
    new ResizeObserver(() => this.fit()).observe(place);
    const recolour = () => (this.#terminal.options.theme = colours(place));
    new MutationObserver(recolour).observe(document.documentElement, { attributes: true });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    this.fit();
    this.#connect();
  }

  focus() {
    this.#terminal.focus();
  }

  /** Fills its place, if it is seen. */
  fit() {
    if (this.#terminal.element?.offsetParent) {
      this.#fit.fit();
    }
  }

  find(text, backwards = false) {
    return backwards ? this.#search.findPrevious(text) : this.#search.findNext(text);
  }

  /** Ends the shell. */
  close() {
    this.#closed = true;
    this.#say({ close: true });
    this.#socket?.close();
    this.#terminal.dispose();
  }

  async #connect() {
    try {
      const secret = await ticket(this.#base, this.#id);
      const { cols, rows } = this.#terminal;
      this.#size = `${cols} ${rows}`;
      const address = new URL(`${this.#base}terminal`, location.href);
      address.protocol = address.protocol.replace("http", "ws");
      address.search = new URLSearchParams({
        id: this.#id,
        ticket: secret,
        columns: cols,
        rows,
        terminal: this.#secret,
        position: this.#received,
      });
      this.#listen(new WebSocket(address));
    } catch (problem) {
      if (problem.refused) {
        this.#end(problem.message);
      } else {
        this.#broken(problem);
      }
    }
  }

  #listen(socket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#heard(JSON.parse(data)) : this.#output(new Uint8Array(data)));
    socket.onclose = () => this.#broken(new Error());
  }

  #heard(message) {
    if (message.terminal !== undefined) {
      this.#secret = message.terminal;
      this.#received = message.position;
      this.#untyped = 0;
      this.#brokenSince = null;
      this.#tell("open");
      this.#resize();
      this.#send();
    } else if (message.typed !== undefined) {
      this.#untyped = Math.max(0, this.#untyped - message.typed);
      this.#send();
    } else if (message.ended !== undefined) {
      this.#end(message.ended, message.status);
    }
  }

  #output(bytes) {
    this.#received += bytes.length;
    const position = this.#received;
    this.#terminal.write(bytes, () => {
      this.#shown = position;
      if (this.#shown - this.#told >= ACKNOWLEDGE_BYTES) {
        this.#acknowledge();
      } else {
        this.#timer ??= setTimeout(() => this.#acknowledge(), ACKNOWLEDGE_MILLIS);
      }
    });
  }

  /** Only what has been shown makes room for more, so that a program that writes without end waits for this page. */
  #acknowledge() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#told = this.#shown;
    this.#say({ shown: this.#shown });
  }

  #type(bytes) {
    for (let at = 0; at < bytes.length; at += PIECE) {
      this.#queue.push(bytes.subarray(at, at + PIECE));
    }
    this.#send();
  }

  #send() {
    while (this.#queue.length > 0 && this.#secret !== "" && this.#isOpen() && this.#untyped < MOST_UNTYPED) {
      const bytes = this.#queue.shift();
      this.#untyped += bytes.length;
      this.#socket.send(bytes);
    }
  }

  /** Tells the size, unless it is known: shells draw their prompt anew at each word of it. */
  #resize() {
    const { cols, rows } = this.#terminal;
    if (this.#isOpen() && this.#size !== `${cols} ${rows}`) {
      this.#size = `${cols} ${rows}`;
      this.#say({ resize: [cols, rows] });
    }
  }

  #say(message) {
    if (this.#isOpen()) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Tries again while the shell may be there still. */
  #broken(problem) {
    if (this.#closed) {
      return;
    }
    this.#brokenSince ??= performance.now();
    const gone = performance.now() - this.#brokenSince;
    if (gone > KEPT_MILLIS) {
      this.#end(problem.message);
    } else {
      this.#tell("broken");
      setTimeout(() => this.#closed || this.#connect(), Math.min(LONGEST_PAUSE_MILLIS, 250 + gone / 2));
    }
  }

  #end(why, status) {
    this.#closed = true;
    this.#socket?.close();
    this.#tell("ended", { why, status });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Ctrl+Shift+C copies; pasting is the browser's own. */
  #key(event) {
    if (event.type === "keydown" && event.ctrlKey && event.shiftKey && event.code === "KeyC") {
      event.preventDefault();
      navigator.clipboard?.writeText(this.#terminal.getSelection());
      return false;
    }
    if (event.type === "keydown" && event.ctrlKey && event.shiftKey && event.code === "KeyF") {
      event.preventDefault();
      this.#tell("search");
      return false;
    }
    return true;
  }
}

function visit(address) {
  if (/^https?:\/\//i.test(address)) {
    window.open(address, "_blank", "noopener,noreferrer");
  }
}
