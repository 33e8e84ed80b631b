// A recording in asciicast v2: what was shown when, and where a text was.

/** CSI and OSC sequences, other escapes, and control characters: all that is not text (ECMA-48). */
// eslint-disable-next-line no-control-regex
const NOT_TEXT = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x09\x0b-\x1f\x7f]/g;

export class Cast {
  /** Reads the whole of a recording; lines that make no sense have been left out by Jenkins. */
  constructor(text) {
    const [header, ...lines] = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    this.header = header;
    this.events = lines.map(([at, code, data]) => ({ at, code, data }));
    this.duration = this.events.at(-1)?.at ?? 0;
  }

  /** The times at which `text` was shown, whatever its case; escape sequences are no part of what is searched. */
  find(text) {
    const wanted = text.toLowerCase();
    const { shown, marks } = this.#text();
    const times = [];
    for (let at = shown.indexOf(wanted); wanted && at >= 0; at = shown.indexOf(wanted, at + wanted.length)) {
      times.push(timeOf(marks, at + wanted.length - 1));
    }
    return times;
  }

  /** All that was shown without what is not text, and for places in it when they were shown. */
  #text() {
    this.known ??= this.#read();
    return this.known;
  }

  #read() {
    const raw = this.events.filter(({ code }) => code === "o");
    const whole = raw.map(({ data }) => data).join("");
    const pieces = [];
    const marks = [];
    let length = 0;
    let event = 0;
    let eventEnd = raw[0]?.data.length ?? 0;
    const add = (from, to) => {
      for (let at = from; at < to; ) {
        while (at >= eventEnd) {
          eventEnd += raw[++event].data.length;
        }
        const end = Math.min(to, eventEnd);
        marks.push({ from: length, at: raw[event].at });
        pieces.push(whole.slice(at, end));
        length += end - at;
        at = end;
      }
    };
    let from = 0;
    for (const match of whole.matchAll(NOT_TEXT)) {
      add(from, match.index);
      from = match.index + match[0].length;
    }
    add(from, whole.length);
    // Letter by letter: a few letters change their length with their case
    return { shown: Array.from(pieces.join(""), (letter) => lower(letter)).join(""), marks };
  }
}

function lower(letter) {
  const small = letter.toLowerCase();
  return small.length === letter.length ? small : letter;
}

/** When the letter at `place` was shown: the last mark that is not after it. */
function timeOf(marks, place) {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (marks[middle].from <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return marks[low].at;
}
