// The script of the member site: makes it an app that can be put on the phone, and asks the device for a passkey.
// The code of the card is fetched by htmx.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => undefined);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function said(credential) {
  const { id, type, response } = credential, told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (response[name]) told[name] = text(response[name]);
  return JSON.stringify({ id, type, rawId: text(credential.rawId), response: told, clientExtensionResults: {} });
}

const form = document.querySelector("form[data-passkey]"), given = document.getElementById("passkey-options");
if (form && given && window.PublicKeyCredential) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const publicKey = JSON.parse(given.textContent);
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    try {
      form.elements.claim.value = said(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch {
      form.querySelector("button").blur(); // she said no, or the device has none: the page stays as it is
    }
  });
}
