import { fill, time } from "./texts.js";

/** The row of one live connection. All of it was chosen by somebody or came from the agent, so all of it is text. */
export function connectionRow(connection, texts) {
  const row = document.createElement("tr");
  for (const value of [connection.user, connection.kind, connection.client, time(connection.since)]) {
    const cell = document.createElement("td");
    cell.textContent = value;
    row.append(cell);
  }
  const last = document.createElement("td");
  if (connection.cut) {
    last.append(disconnectButton(connection, texts));
  }
  row.append(last);
  return row;
}

function disconnectButton(connection, texts) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jenkins-button jenkins-!-destructive-color";
  button.dataset.action = "disconnect";
  button.dataset.connection = connection.id;
  button.dataset.user = connection.user;
  button.textContent = texts.textDisconnect;
  button.setAttribute("aria-label", `${texts.textDisconnect}: ${fill("{0} ({1})", connection.user, connection.kind)}`);
  return button;
}
