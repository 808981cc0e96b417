// Runs `act` on every element that matches, now and whenever htmx brings new ones; each element once.
export function onEach(selector, act) {
  const seen = new WeakSet();
  const visit = (root) => {
    const matches = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) matches.unshift(root);
    for (const element of matches) {
      if (!seen.has(element)) {
        seen.add(element);
        act(element);
      }
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}
