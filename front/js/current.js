// What is chosen in a row that scrolls sideways (tabs, chips) comes into view: on the phone it may stand beyond the edge.
function show(root) {
  for (const one of root.querySelectorAll(".tabs [aria-current], .chips.is-scroll [aria-current]")) {
    const row = one.parentElement;
    if (one.offsetLeft + one.offsetWidth > row.scrollLeft + row.clientWidth || one.offsetLeft < row.scrollLeft) {
      row.scrollLeft = one.offsetLeft - (row.clientWidth - one.offsetWidth) / 2;
    }
  }
}

show(document);
document.addEventListener("htmx:load", (event) => show(event.target.parentElement ?? document));
