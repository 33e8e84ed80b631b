// What the buttons do: one POST each, after a question where something ends for good.
import { fill } from "./texts.js";

const RELEASES = ["retry", "continue", "fail"];

/**
 * Carries out `action` with `values` and says what came of it.
 * @returns the name of the file that was saved, or null
 */
export async function act(action, values, texts) {
  if (!(await confirmed(action, values, texts))) {
    return null;
  }
  try {
    return await carryOut(action, values, texts);
  } catch (problem) {
    window.notificationBar.show(fill(texts.textFailed, problem.message), window.notificationBar.ERROR);
    return null;
  }
}

async function carryOut(action, values, texts) {
  const { id, minutes, connection, script } = values;
  if (action === "open") {
    await post(texts.base, "open", {});
    say(texts.textOpened);
  } else if (action === "edit") {
    await post(texts.base, "release", { id, outcome: "retry", script });
    say(texts.textReleased);
  } else if (RELEASES.includes(action)) {
    await post(texts.base, "release", { id, outcome: action });
    say(texts.textReleased);
  } else if (action === "extend") {
    await post(texts.base, "extend", { id, minutes });
    say(texts.textExtended);
  } else if (action === "grant") {
    await post(texts.base, "grant", { id });
    say(texts.textGranted);
  } else if (action === "disconnect") {
    await post(texts.base, "disconnect", { id, connection });
  } else {
    const saved = await save(texts.base, action, id, values.way);
    say(fill(texts.textKeySaved, saved));
    return saved;
  }
  return null;
}

async function save(base, action, id, way) {
  const [what, shell] = action.split("-");
  const response = await post(base, what, shell ? { id, shell, way } : { id });
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))[1];
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
  return name;
}

async function post(base, what, parameters) {
  const response = await fetch(base + what, {
    method: "POST",
    headers: window.crumb.wrap({ "Content-Type": "application/x-www-form-urlencoded" }),
    body: new URLSearchParams(parameters),
  });
  if (!response.ok) {
    throw new Error(await reason(response));
  }
  return response;
}

/** Why a request was refused, as a sentence. */
export async function reason(response) {
  const json = response.headers.get("Content-Type")?.startsWith("application/json");
  return json ? (await response.json()).error : `HTTP ${response.status}`;
}

async function confirmed(action, values, texts) {
  const questions = {
    fail: { title: texts.textFailTitle, message: texts.textFailMessage, type: "destructive" },
    continue: { title: texts.textContinueTitle, message: texts.textContinueMessage },
    retry: { title: texts.textRetryTitle, message: texts.textRetryMessage },
    edit: { title: texts.textRetryTitle, message: texts.textRetryMessage },
    disconnect: { title: fill(texts.textDisconnectTitle, values.user), type: "destructive" },
  };
  const question = questions[action];
  if (!question) {
    return true;
  }
  // Core's dialog rejects for "no"
  return window.dialog.confirm(question.title, question).then(
    () => true,
    () => false,
  );
}

function say(sentence) {
  window.notificationBar.show(sentence, window.notificationBar.SUCCESS);
}
