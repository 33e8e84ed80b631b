// Tabs after the ARIA Authoring Practices: one tab stop, arrow keys, Home and End.

/** Makes tabs of what carries data-tab and data-panel inside `root`; `prefix` makes their ids unique. */
export function tabs(root, prefix) {
  const all = [...root.querySelectorAll("[data-tab]")];
  const select = (chosen) => {
    for (const tab of all) {
      const active = tab === chosen;
      tab.parentElement.classList.toggle("active", active);
      tab.setAttribute("aria-selected", String(active));
      tab.tabIndex = active ? 0 : -1;
      panel(root, tab).hidden = !active;
    }
  };
  all.forEach((tab, index) => {
    tab.id = `${prefix}-tab-${tab.dataset.tab}`;
    panel(root, tab).id = `${prefix}-panel-${tab.dataset.tab}`;
    panel(root, tab).setAttribute("aria-labelledby", tab.id);
    tab.setAttribute("aria-controls", panel(root, tab).id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      select(tab);
    });
    tab.addEventListener("keydown", (event) => {
      const next = neighbour(all, index, event.key);
      if (next) {
        event.preventDefault();
        select(next);
        next.focus();
      }
    });
  });
  select(all[0]);
}

function panel(root, tab) {
  return root.querySelector(`[data-panel="${tab.dataset.tab}"]`);
}

function neighbour(all, index, key) {
  switch (key) {
    case "ArrowRight":
      return all[(index + 1) % all.length];
    case "ArrowLeft":
      return all[(index + all.length - 1) % all.length];
    case "Home":
      return all[0];
    case "End":
      return all[all.length - 1];
    case " ":
      return all[index];
    default:
      return null;
  }
}
