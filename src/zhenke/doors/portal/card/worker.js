// Keeps the shell of the site, and never an answer that holds anything of a person: those are always asked for anew.
const KEPT = "shell-{{ version|escapejs }}";
const SHELL = [{% for one in shell %}"{{ one|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((box) => box.addAll(SHELL)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) =>
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match("/offline/")));
  else if (SHELL.includes(pathname) && pathname !== "/offline/") event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});
