// The script of the member site: makes it an app that can be put on the phone. The code of the card is fetched by htmx.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => undefined);
