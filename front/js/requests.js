// htmx requests: proof of origin, what to do when the session is over, one sentence when something fails.
import { showToast, word } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A whole page in the place of a fragment means that sign-in (or another page) answered: go there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, boosted, target } = event.detail;
  if (!boosted && target !== document.body && /^\s*<!doctype html/i.test(xhr.responseText ?? "")) {
    event.detail.shouldSwap = false;
    if (xhr.status < 400) location.assign(xhr.responseURL || location.href);
  }
});

// A refusal of ours brings its own sentence (HX-Trigger: toast); anything else gets a general one.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Trigger")?.includes("toast")) return;
  const words = { 401: "forbidden", 403: "forbidden", 429: "slow" };
  showToast({ text: word(words[event.detail.xhr.status] ?? "failed"), level: "late" });
});
document.addEventListener("htmx:sendError", () => showToast({ text: word("offline"), level: "late" }));
document.addEventListener("htmx:timeout", () => showToast({ text: word("offline"), level: "late" }));

// A form that was sent once is not sent twice by an impatient second tap.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") {
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A passkey that the device refused, or that was called off.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  showToast({ text: word("passkey"), level: "late" });
});
