/* <word-picker>: words drawn over on a page go into the field one is in, as the server says they are worth. */
import { put } from "./put.js";

const FINGER = 14;
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
  get picked() { return [...this.querySelectorAll(".word.is-picked")]; }
  start(event) {
    this.isTaken = false;
    this.page = event.target.closest(".viewer__page");
    if (!this.page || !this.field || event.button !== 0) return;
    this.from = event;
    this.kept = event.shiftKey ? this.picked : [];
    this.mark(event);
  }
  mark(event) {
    const met = event.pointerType === "touch" ? this.nearest(event) : this.between(event);
    for (const word of this.words) word.classList.toggle("is-picked", met.includes(word) || this.kept.includes(word));
  }
  get words() {
    return [...this.page.querySelectorAll(".word")];
  }
  between({ clientX: x, clientY: y }) {
    const [left, right] = [x, this.from.clientX].sort((a, b) => a - b);
    const [top, bottom] = [y, this.from.clientY].sort((a, b) => a - b);
    return this.words.filter((word) => {
      const box = word.getBoundingClientRect();
      return box.left <= right && box.right >= left && box.top <= bottom && box.bottom >= top;
    });
  }
  nearest({ clientX: x, clientY: y }) {
    // A finger is wider than a line of print, and moving it moves the page.
    const away = (word) => {
      const box = word.getBoundingClientRect();
      return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    };
    const best = this.words.map((word) => [away(word), word]).sort(([a], [b]) => a - b)[0];
    return best?.[0] <= FINGER ? [best[1]] : [];
  }
  end() {
    if (!this.from) return;
    this.from = null;
    this.isTaken = this.picked.length > 0;
    if (!this.isTaken) return;
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
