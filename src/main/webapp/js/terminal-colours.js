const LIGHT = {
  black: "#24292f",
  red: "#b31d28",
  green: "#116329",
  yellow: "#7a5a00",
  blue: "#0550ae",
  magenta: "#7d3aa8",
  cyan: "#0e6b75",
  white: "#57606a",
  brightBlack: "#57606a",
  brightRed: "#a40e26",
  brightGreen: "#1a7f37",
  brightYellow: "#633c01",
  brightBlue: "#0969da",
  brightMagenta: "#8250df",
  brightCyan: "#1b7c83",
  brightWhite: "#24292f",
};

/** The page's own colours for a terminal; where it is dark, xterm.js' own sixteen are right. */
export function colours(place) {
  const { backgroundColor, color } = getComputedStyle(place);
  const dark = brightness(color) > brightness(backgroundColor);
  return {
    ...(dark ? {} : LIGHT),
    background: backgroundColor,
    foreground: color,
    cursor: color,
    cursorAccent: backgroundColor,
    selectionBackground: dark ? "#ffffff40" : "#0550ae40",
  };
}

function brightness(colour) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return red * 0.3 + green * 0.59 + blue * 0.11;
}
