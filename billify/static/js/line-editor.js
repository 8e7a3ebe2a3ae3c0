/* <line-editor>: the lines of a form as a table that is typed into. It adds nothing up: the server answers a change with the sums. */
customElements.define("line-editor", class extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("tbody");
    this.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-line]")?.dataset.line;
      if (act) this[act](target.closest("tr"));
    });
    this.addEventListener("keydown", (event) => {
      const row = event.target.closest("tbody tr");
      if (!row || !event.target.matches("input, select, textarea")) return;
      const isDone = event.altKey ? this.change(event, row) : this.walk(event, row);
      if (isDone) event.preventDefault();
    });
  }
  change({ key, target }, row) {
    const act = { ArrowUp: "up", ArrowDown: "down", Delete: "remove" }[key];
    if (!act) return false;
    this[act](row);
    if (target.isConnected) target.focus();
    return true;
  }
  walk({ key, target, ctrlKey, metaKey, shiftKey }, row) {
    if (ctrlKey || metaKey || shiftKey) return false;
    if (key === "Enter") return this.go(target, row.nextElementSibling ?? this.add());
    if (target.matches("select") || !this.isAtEdge(target, key)) return false;
    const other = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling }[key];
    return Boolean(other) && this.go(target, other);
  }
  isAtEdge(field, key) {
    // In a description of several rows the arrows first walk its own rows.
    if (!field.matches("textarea") || field.clientHeight < 48) return true;
    return key === "ArrowUp" ? field.selectionEnd === 0 : field.selectionStart === field.value.length;
  }
  go(from, row) {
    const part = (name) => name.split("-").at(-1);
    const field = [...row.querySelectorAll("[name]")].find((one) => part(one.name) === part(from.name));
    field?.focus();
    if (field?.select) field.select();
    return true;
  }
  add() {
    this.body.append(this.querySelector("template").content.cloneNode(true));
    this.number();
    this.body.lastElementChild.querySelector("input, textarea, select")?.focus();
    return this.body.lastElementChild;
  }
  remove(row) {
    if (this.body.children.length === 1) this.add();
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    next?.querySelector("input, textarea")?.focus();
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
      for (const part of row.querySelectorAll("[name], output")) {
        const key = part.matches("output") ? "id" : "name";
        part[key] = part[key].replace(/-(\d+|__index__)-/, `-${place}-`);
      }
    }
    this.dispatchEvent(new Event("lines-changed", { bubbles: true }));
  }
});
