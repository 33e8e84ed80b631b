import { reason } from "./actions.js";

/**
 * A ticket for one WebSocket to the endpoint `id`, which is good for half a minute; `base` is the address of the page. An error whose
 * `refused` is true will not go away by itself.
 */
export async function ticket(base, id) {
  const response = await fetch(`${base}ticket`, {
    method: "POST",
    headers: window.crumb.wrap({ "Content-Type": "application/x-www-form-urlencoded" }),
    body: new URLSearchParams({ id }),
  });
  if (response.ok) {
    return (await response.json()).ticket;
  }
  const refusal = new Error(await reason(response));
  refusal.refused = response.status === 403 || response.status === 404;
  throw refusal;
}
