// A drop zone: <label class="drop-zone"> around a file input; shows the name of the file, lights up while one hangs over it.
import { onEach } from "./found.js";

onEach(".drop-zone", (zone) => {
  const input = zone.querySelector("input[type=file]");
  if (!input) return;
  const name = zone.querySelector("[data-file-name]");
  const show = () => {
    if (name && input.files.length) name.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
