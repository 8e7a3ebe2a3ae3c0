/* <line-editor>: add, remove and move the lines of a form. It adds nothing up: the server answers a change with the sums. */
customElements.define("line-editor", class extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("tbody");
    this.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-line]")?.dataset.line;
      if (act) this[act](target.closest("tr"));
    });
    this.addEventListener("keydown", (event) => {
      const move = { ArrowUp: "up", ArrowDown: "down" }[event.altKey && event.key];
      const row = event.target.closest("tbody tr");
      if (!move || !row) return;
      event.preventDefault();
      this[move](row);
      event.target.focus();
    });
  }
  add() {
    this.body.append(this.querySelector("template").content.cloneNode(true));
    this.number();
    this.body.lastElementChild.querySelector("input")?.focus();
  }
  remove(row) {
    if (this.body.children.length === 1) this.add();
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    next?.querySelector("input")?.focus();
    this.number();
  }
  up(row) {
    row.previousElementSibling?.before(row);
    this.number();
  }
  down(row) {
    row.nextElementSibling?.after(row);
    this.number();
  }
  number() {
    // lines-0-description, lines-1-description …: the order on the page is the order sent.
    for (const [place, row] of [...this.body.children].entries()) {
      for (const input of row.querySelectorAll("[name]")) input.name = input.name.replace(/-(\d+|__index__)-/, `-${place}-`);
    }
    this.dispatchEvent(new Event("lines-changed", { bubbles: true }));
  }
});
