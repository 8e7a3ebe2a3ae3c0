/* <word-picker>: words clicked or drawn over on a page go into the field one is in. The server says what
   they are worth there, and its answer names field and value. */
import { put } from "./put.js";

const FIELDS = "#invoice-form :is(input:not([type=hidden]), select, textarea)";

customElements.define("word-picker", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.addEventListener("mousedown", (event) => this.field && event.target.closest(".viewer__page") && event.preventDefault());
    this.addEventListener("pointerdown", (event) => this.start(event));
    this.addEventListener("pointermove", (event) => this.from && this.mark(event));
    this.addEventListener("pointerup", (event) => this.end(event));
    this.addEventListener("pointercancel", () => this.forget());
    this.addEventListener("click", (event) => {
      if (this.isTaken) event.preventDefault(); // the box beneath stays where it is
      this.isTaken = false;
    });
    this.addEventListener("htmx:after:swap", () => this.fill());
    this.onFocus = () => this.forget();
    document.addEventListener("focusin", this.onFocus);
  }
  disconnectedCallback() {
    document.removeEventListener("focusin", this.onFocus);
  }
  get field() {
    return document.activeElement?.matches(FIELDS) ? document.activeElement : null;
  }
  get picked() {
    return [...this.querySelectorAll(".word.is-picked")];
  }
  start(event) {
    this.isTaken = false;
    this.page = event.target.closest(".viewer__page");
    if (!this.page || !this.field || event.button !== 0) return;
    this.from = event;
    this.kept = event.shiftKey ? this.picked : [];
    this.mark(event);
  }
  mark({ clientX: x, clientY: y, pointerType }) {
    const isDrawn = pointerType !== "touch"; // a finger moves the page
    const left = Math.min(x, this.from.clientX), right = isDrawn ? Math.max(x, this.from.clientX) : left;
    const top = Math.min(y, this.from.clientY), bottom = isDrawn ? Math.max(y, this.from.clientY) : top;
    for (const word of this.page.querySelectorAll(".word")) {
      const box = word.getBoundingClientRect();
      const isMet = box.left <= right && box.right >= left && box.top <= bottom && box.bottom >= top;
      word.classList.toggle("is-picked", isMet || this.kept.includes(word));
    }
  }
  end() {
    if (!this.from) return;
    this.from = null;
    if (!this.picked.length) return;
    this.isTaken = true;
    this.form.elements.field.value = this.field?.name ?? "";
    this.form.elements.text.value = this.picked.map((word) => word.dataset.text).join(" ");
    this.form.requestSubmit();
  }
  forget() {
    this.from = null;
    for (const word of this.picked) word.classList.remove("is-picked");
  }
  fill() {
    const { field, value } = this.querySelector("output").dataset;
    if (field) put(document.querySelector(`#invoice-form [name="${CSS.escape(field)}"]`), value);
  }
});
