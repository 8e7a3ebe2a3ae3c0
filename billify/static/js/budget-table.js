/* <budget-table>: amounts in rows and months. Enter and the arrows walk up and down, and cells that were copied from a spreadsheet fill from the field on. */
customElements.define("budget-table", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("input")) return;
      const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.field(event.target, step, 0)?.select();
    });
    this.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!event.target.matches("input") || !/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      this.fill(event.target, text);
    });
  }
  fill(from, text) {
    const rows = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    for (const [down, row] of rows.entries()) {
      for (const [right, cell] of row.split("\t").entries()) {
        const field = this.field(from, down, right);
        if (field) field.value = cell.trim();
      }
    }
  }
  field(from, down, right) {
    const rows = [...this.querySelectorAll("tbody tr")];
    const fields = (row) => [...(row?.querySelectorAll("input") ?? [])];
    const row = from.closest("tr");
    return fields(rows[rows.indexOf(row) + down])[fields(row).indexOf(from) + right];
  }
});
