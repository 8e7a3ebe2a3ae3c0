/* <page-viewer>: the page of a document; its boxes and the fields of the form beside it find each other. */
const STEP = 1.25;

customElements.define("page-viewer", class extends HTMLElement {
  connectedCallback() {
    this.zoom = 1;
    this.pages = this.querySelector(".viewer__pages");
    this.addEventListener("click", (event) => this.onClick(event));
    this.onFocus = ({ target }) => target.name && this.show(target.name);
    document.addEventListener("focusin", this.onFocus);
  }
  disconnectedCallback() {
    document.removeEventListener("focusin", this.onFocus);
  }
  onClick({ target }) {
    const tool = target.closest("[data-zoom]");
    if (tool) return this.scale({ in: this.zoom * STEP, out: this.zoom / STEP, fit: 1 }[tool.dataset.zoom]);
    const field = target.closest("[data-field]")?.dataset.field;
    if (field) document.querySelector(`form [name="${CSS.escape(field)}"]`)?.focus();
  }
  scale(zoom) {
    this.zoom = Math.min(Math.max(zoom, 0.5), 5);
    for (const page of this.querySelectorAll(".viewer__page")) page.style.inlineSize = `${this.zoom * 100}%`;
  }
  show(name) {
    const boxes = [...this.querySelectorAll("[data-field]")];
    if (!boxes.some((box) => box.dataset.field === name)) return;
    for (const box of boxes) box.classList.toggle("is-current", box.dataset.field === name);
    const box = this.querySelector(".is-current").getBoundingClientRect();
    const frame = this.pages.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Only the frame scrolls: scrollIntoView would move the form away under the cursor.
    this.pages.scrollBy({
      top: box.top - frame.top - frame.height / 3,
      left: box.left - frame.left - frame.width / 4,
      behavior: still ? "instant" : "smooth",
    });
  }
});
