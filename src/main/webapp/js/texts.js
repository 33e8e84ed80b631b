/** A text of the page with its {0}, {1}, … replaced. */
export function fill(text, ...values) {
  return text.replace(/\{(\d)\}/g, (whole, index) => values[index] ?? whole);
}

/** How long that is, for people: 1:02:03 or 2:03. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] > 0 ? parts : parts.slice(1);
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** The time of day, with the day when it is not today. */
export function time(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(document.documentElement.lang || undefined, {
    ...(today ? {} : { day: "numeric", month: "short" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}
