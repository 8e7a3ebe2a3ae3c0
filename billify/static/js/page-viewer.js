/* <page-viewer>: the page of a document; its boxes and the fields of the form beside it find each other. */
const STEP = 1.25;

customElements.define("page-viewer", class extends HTMLElement {
  connectedCallback() {
    this.zoom = 1;
    this.pages = this.querySelector(".viewer__pages");
    this.addEventListener("click", (event) => this.onClick(event));
    this.onFocus = ({ target }) => this.show(target.dataset.field ?? target.name, target.dataset.runner);
    // A value was changed for another one that was read: its place is shown instead.
    this.onBox = ({ detail }) => this.show(detail.field, detail.runner);
    document.addEventListener("focusin", this.onFocus);
    document.addEventListener("box-wanted", this.onBox);
  }
  disconnectedCallback() {
    document.removeEventListener("focusin", this.onFocus);
    document.removeEventListener("box-wanted", this.onBox);
  }
  onClick({ target, defaultPrevented }) {
    const tool = target.closest("[data-zoom]");
    if (tool) return this.scale({ in: this.zoom * STEP, out: this.zoom / STEP, fit: 1 }[tool.dataset.zoom]);
    const name = target.closest("rect[data-field]")?.dataset.field;
    if (!name || defaultPrevented) return;
    const field = document.querySelector(`form [name="${CSS.escape(name)}"]`);
    field?.closest("details:not([open])")?.setAttribute("open", "");
    field?.focus();
  }
  scale(zoom) {
    this.zoom = Math.min(Math.max(zoom, 0.5), 5);
    for (const page of this.querySelectorAll(".viewer__page")) page.style.inlineSize = `${this.zoom * 100}%`;
  }
  show(field, runner = "") {
    const boxes = [...this.querySelectorAll("rect[data-field]")];
    if (!boxes.some((box) => box.dataset.field === field)) return;
    for (const box of boxes) {
      const isNear = box.dataset.field === field;
      box.classList.toggle("is-near", isNear);
      box.classList.toggle("is-current", isNear && (box.dataset.runner ?? "") === runner);
    }
    const current = this.querySelector(".is-current");
    if (!current) return;
    const box = current.getBoundingClientRect();
    const frame = this.pages.getBoundingClientRect();
    const isSeen = box.top > frame.top + 24 && box.bottom < frame.bottom - 24 && box.left > frame.left && box.right < frame.right;
    if (isSeen) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Only the frame scrolls: scrollIntoView would move the form away under the cursor.
    this.pages.scrollBy({
      top: box.top - frame.top - frame.height / 3,
      left: box.left - frame.left - frame.width / 4,
      behavior: still ? "instant" : "smooth",
    });
  }
});
