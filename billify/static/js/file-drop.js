/* <file-drop>: each file goes by itself, two at a time; its row shows how far it is, then the server's row takes over. */
import { events, ring } from "./live.js";

const AT_ONCE = 2;
const DRAGS = ["dragover", "dragleave", "drop"];

customElements.define("file-drop", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector("[data-sending]");
    this.waiting = [];
    this.running = 0;
    this.addEventListener("change", ({ target }) => this.take([...target.files], target));
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-retry]")) this.enqueue(target.closest(".sending"));
      else if (target.closest("[data-leave]")) target.closest(".sending").remove();
    });
    for (const type of DRAGS) document.addEventListener(type, this);
  }
  disconnectedCallback() {
    for (const type of DRAGS) document.removeEventListener(type, this);
  }
  handleEvent(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }
  take(files, input = {}) {
    input.value = ""; // the same file may be chosen again
    for (const file of files) {
      const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
      row.file = file;
      row.querySelector("[data-name]").textContent = file.name;
      this.list.append(row);
      this.enqueue(row);
    }
  }
  enqueue(row) {
    this.say(row, row.dataset.waiting);
    this.waiting.push(row);
    this.next();
  }
  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    if (this.mustReload && !this.running && !this.list.children.length) location.reload();
  }
  send(row) {
    this.running += 1;
    const body = new FormData(this.form);
    body.set(this.dataset.name, row.file);
    const call = new XMLHttpRequest(); // fetch can't tell how far an upload is
    call.open("POST", this.form.action);
    call.setRequestHeader("HX-Request", "true");
    call.upload.onprogress = ({ loaded, total }) => row.querySelector("progress").setAttribute("value", (100 * loaded) / total);
    call.onloadend = () => {
      this.running -= 1;
      call.status >= 200 && call.status < 300 ? this.done(row, call) : this.fail(row, call);
      this.next();
    };
    this.say(row, row.dataset.sending);
    call.send(body);
  }
  done(row, call) {
    row.remove();
    const target = document.querySelector(this.dataset.target);
    if (!target) return (this.mustReload = true); // the list was empty: the page comes back with one
    // The same file again is answered with the row it has already.
    document.getElementById(/ id="([^"]+)"/.exec(call.responseText)?.[1])?.remove();
    htmx.swap({ text: call.responseText, target, swap: "afterbegin", sourceElement: this });
    ring(call.getResponseHeader("HX-Trigger"));
  }
  fail(row, call) {
    this.say(row, events(call.getResponseHeader("HX-Trigger")).toast?.message ?? row.dataset.failed, true);
  }
  say(row, text, failed = false) {
    row.classList.toggle("is-failed", failed);
    row.querySelector("[data-state]").textContent = text;
  }
});
