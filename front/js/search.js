// The search box: opens over the top line on the phone, arrows walk the answers, Escape leaves.
const bar = document.getElementById("top-bar");
const input = document.getElementById("search-input");
const results = document.getElementById("search-results");

function open() {
  bar.classList.add("is-searching");
  input.focus();
  input.select();
}
function close() {
  bar.classList.remove("is-searching");
  results.replaceChildren();
  input.value = "";
  input.blur();
}

if (bar && input) {
  document.addEventListener("search:open", open);
  bar.querySelector(".search-open")?.addEventListener("click", open);
  bar.querySelector(".search-close")?.addEventListener("click", close);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#search, .search-open")) results.replaceChildren();
  });
  document.getElementById("search").addEventListener("keydown", (event) => {
    const answers = [...results.querySelectorAll("a")];
    const at = answers.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" && answers.length) answers[Math.min(at + 1, answers.length - 1)].focus();
    else if (event.key === "ArrowUp" && at >= 0) (answers[at - 1] ?? input).focus();
    else if (event.key === "Enter" && document.activeElement === input && answers.length) answers[0].click();
    else return;
    event.preventDefault();
  });
  input.addEventListener("input", () => {
    if (!input.value.trim()) results.replaceChildren();
  });
}
