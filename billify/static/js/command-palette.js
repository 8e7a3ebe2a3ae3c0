/* <command-palette>: Ctrl-K, type, Enter. It narrows the links it holds; what matches none is searched for. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = this.querySelector("input");
    this.onShortcut = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      this.dialog.open ? this.dialog.close() : this.dialog.showModal();
    };
    document.addEventListener("keydown", this.onShortcut);
    this.dialog.addEventListener("toggle", () => this.narrow((this.input.value = "")));
    this.input.addEventListener("input", () => this.narrow());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this.onShortcut);
  }
  get shown() {
    return [...this.querySelectorAll("[role=option]:not([hidden])")];
  }
  narrow() {
    const words = plain(this.input.value).split(/\s+/);
    for (const item of this.querySelectorAll("[role=option]")) {
      item.hidden = !words.every((word) => plain(item.textContent).includes(word));
    }
    this.choose(this.shown[0]);
  }
  choose(item) {
    for (const other of this.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", other === item);
    item?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item?.id ?? "");
  }
  onKey(event) {
    const items = this.shown;
    const at = items.findIndex((item) => item.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose(items[(at + step + items.length) % items.length]);
    else if (event.key !== "Enter") return;
    else if (at >= 0) items[at].click();
    else if (this.input.form.hasAttribute("action")) return; // no such place: let the form search
    event.preventDefault();
  }
});
