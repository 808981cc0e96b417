// Light or dark by choice; kept in a cookie so that the server draws the next page right from its first byte.
const buttons = () => document.querySelectorAll("[data-theme-choice]");
const chosen = () => document.documentElement.dataset.theme ?? "";
const mark = () => buttons().forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen())));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice]");
  if (!button) return;
  const choice = button.dataset.themeChoice;
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${choice}; Path=/; Max-Age=${choice ? 31536000 : 0}; SameSite=Lax${secure}`;
  mark();
  document.dispatchEvent(new CustomEvent("theme:changed"));
});
mark();
