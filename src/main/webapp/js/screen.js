// The screen of one endpoint's agent, by noVNC, over a WebSocket of the controller's.
import { ticket } from "./ticket.js";

export class Screen {
  #root;
  #id;
  #texts;
  #client = null;
  #refresh;
  #state = null;
  #wanted = null;

  /** `root` is the part of the endpoint's card that shows it; `refresh` asks the API, whose answer comes to `show`. */
  constructor(root, id, texts, refresh) {
    this.#refresh = refresh;
    this.#root = root;
    this.#id = id;
    this.#texts = texts;
    root.addEventListener("click", (event) => this.#clicked(event));
    this.#part("screenLogin").addEventListener("submit", (event) => this.#submitted(event));
  }

  /** What the API says of the screen. */
  show(state) {
    this.#state = state ?? null;
    this.#answer();
  }

  async open() {
    if (this.#client) {
      return;
    }
    this.#root.hidden = false;
    this.#say(this.#texts.textScreenStarting);
    try {
      this.#connect(await import(`${this.#texts.screenPath}core/rfb.js`), await ticket(this.#texts.base, this.#id));
    } catch (problem) {
      this.#say(problem.message);
    }
  }

  #connect({ default: RFB }, secret) {
    const address = new URL(`${this.#texts.base}screen`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = new URLSearchParams({ id: this.#id, ticket: secret });
    const client = new RFB(this.#part("screenPlace"), address.href);
    client.scaleViewport = true;
    client.background = "transparent";
    client.addEventListener("connect", () => this.#say(""));
    client.addEventListener("credentialsrequired", ({ detail }) => this.#login(detail.types));
    client.addEventListener("securityfailure", () => this.#say(this.#texts.textScreenRefused));
    client.addEventListener("disconnect", () => this.#ended());
    this.#client = client;
  }

  close() {
    this.#client?.disconnect();
    this.#root.hidden = true;
  }

  /** The server wants to know who it is: what the API tells, or, where the server is the agent's own, the person. */
  #login(types) {
    this.#wanted = types;
    this.#refresh();
    this.#answer();
  }

  #answer() {
    if (!this.#wanted || !this.#state?.port) {
      return;
    }
    const { password } = this.#state;
    if (password) {
      this.#client?.sendCredentials({ password });
    } else {
      const form = this.#part("screenLogin");
      form.elements.username.hidden = !this.#wanted.includes("username");
      form.hidden = false;
      form.querySelector("input:not([hidden])").focus();
    }
    this.#wanted = null;
  }

  #submitted(event) {
    event.preventDefault();
    const { username, password } = Object.fromEntries(new FormData(event.target));
    event.target.hidden = true;
    event.target.reset();
    this.#client?.sendCredentials({ username, password });
  }

  #ended() {
    this.#client = null;
    this.#part("screenLogin").hidden = true;
    if (!this.#part("screenState").textContent || this.#part("screenState").textContent === this.#texts.textScreenStarting) {
      this.#say(this.#texts.textScreenEnded);
    }
  }

  #clicked(event) {
    const action = event.target.closest("button[data-screen-action]")?.dataset.screenAction;
    if (action === "full") {
      this.#root.requestFullscreen();
    } else if (action === "close") {
      this.close();
    }
  }

  #say(sentence) {
    const place = this.#part("screenState");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
