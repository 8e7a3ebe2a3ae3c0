/* <file-drop>: each file goes by itself, two at a time; its row shows how far it is, then the server's row takes over. */
import { events, ring } from "./live.js";

const AT_ONCE = 2;

customElements.define("file-drop", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector("[data-sending]");
    this.waiting = [];
    this.running = 0;
    this.addEventListener("change", ({ target }) => {
      this.take(target.files);
      target.value = "";
    });
    this.addEventListener("click", ({ target }) => {
      const row = target.closest("[data-retry]")?.closest(".sending");
      if (row) this.enqueue(row);
      else if (target.closest("[data-leave]")) target.closest(".sending").remove();
    });
    this.onDrag = (event) => this.drag(event);
    for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, this.onDrag);
  }
  disconnectedCallback() {
    for (const type of ["dragover", "dragleave", "drop"]) document.removeEventListener(type, this.onDrag);
  }
  drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }
  take(files) {
    for (const file of files ?? []) {
      const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
      row.file = file;
      row.querySelector("[data-name]").textContent = file.name;
      this.list.append(row);
      this.enqueue(row);
    }
  }
  enqueue(row) {
    row.classList.remove("is-failed");
    this.say(row, row.dataset.waiting);
    this.waiting.push(row);
    this.next();
  }
  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }
  send(row) {
    this.running += 1;
    const body = new FormData(this.form);
    body.delete(this.dataset.name);
    body.append(this.dataset.name, row.file);
    const call = new XMLHttpRequest(); // fetch can't tell how far an upload is
    call.open("POST", this.form.action);
    call.setRequestHeader("HX-Request", "true");
    call.upload.onprogress = ({ loaded, total }) => row.querySelector("progress").setAttribute("value", (100 * loaded) / total);
    call.onload = () => (call.status < 300 ? this.done(row, call) : this.fail(row, call));
    call.onerror = call.ontimeout = () => this.fail(row, call);
    call.onloadend = () => this.ended();
    this.say(row, row.dataset.sending);
    call.send(body);
  }
  ended() {
    this.running -= 1;
    this.next();
    if (this.mustReload && !this.running && !this.list.children.length) location.reload();
  }
  done(row, call) {
    row.remove();
    const target = document.querySelector(this.dataset.target);
    this.mustReload ||= !target; // the list was empty: the page comes back with it
    if (!target) return;
    // The same file again is answered with the row it has already.
    document.getElementById(/ id="([^"]+)"/.exec(call.responseText)?.[1])?.remove();
    htmx.swap({ text: call.responseText, target, swap: "afterbegin", sourceElement: this });
    ring(call.getResponseHeader("HX-Trigger"));
  }
  fail(row, call) {
    row.classList.add("is-failed");
    this.say(row, events(call.getResponseHeader("HX-Trigger")).toast?.message ?? row.dataset.failed);
  }
  say(row, text) {
    row.querySelector("[data-state]").textContent = text;
  }
});
