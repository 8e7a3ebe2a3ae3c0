/* <contact-picker>: a name with the contacts that fit beneath it; the list comes from the server as it is typed. */
customElements.define("contact-picker", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.key = this.closest("form").elements.namedItem("contact_id");
    this.addEventListener("input", () => { this.key.value = ""; });
    this.addEventListener("htmx:after:swap", () => this.show(this.options.length > 0 && document.activeElement === this.input));
    this.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault(); // the field keeps the focus
      this.choose(option);
    });
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("focusout", () => this.show(false));
  }
  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.options.findIndex((option) => option.ariaSelected === "true");
    if (this.list.hidden) return; // Escape then leaves the field, as in any other
    if (event.key === "Escape") this.show(false);
    else if (step) this.mark(this.options.at((at + step) % this.options.length));
    else if (event.key === "Enter" && at >= 0) this.choose(this.options[at]);
    else return;
    event.preventDefault();
  }
  mark(option) {
    for (const other of this.options) other.ariaSelected = String(other === option);
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  choose({ dataset }) {
    this.input.value = dataset.name;
    this.key.value = dataset.id;
    const vat = this.closest("form").elements.namedItem("vat_number");
    if (vat) vat.value = dataset.vat;
    this.show(false);
  }
  show(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.input.removeAttribute("aria-activedescendant");
  }
});
