/* <day-drag>: an invoice of the calendar is drawn to the day a person expects it. The form that
   posts the day is on the page; each invoice leads to the same form on a page of its own. */
customElements.define("day-drag", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("dragstart", ({ target, dataTransfer }) => {
      this.dragged = target.closest("[draggable=true]");
      if (!this.dragged) return;
      dataTransfer.effectAllowed = "move";
      dataTransfer.setData("text/plain", this.dragged.textContent.trim());
    });
    this.addEventListener("dragover", (event) => {
      const cell = this.dragged && event.target.closest("[data-day]");
      this.light(cell);
      if (cell) event.preventDefault();
    });
    this.addEventListener("dragend", () => this.light(null));
    this.addEventListener("drop", (event) => {
      const cell = this.dragged && event.target.closest("[data-day]");
      if (!cell) return;
      event.preventDefault();
      this.light(null);
      if (!cell.contains(this.dragged)) this.move(this.dragged, cell);
    });
  }
  light(cell) {
    for (const old of this.querySelectorAll(".is-over")) if (old !== cell) old.classList.remove("is-over");
    cell?.classList.add("is-over");
  }
  async move(invoice, cell) {
    invoice.classList.add("is-moving");
    const form = this.querySelector(".calendar__form");
    form.elements.on.value = cell.dataset.day;
    await htmx.ajax("POST", invoice.dataset.url, { source: form, values: Object.fromEntries(new FormData(form)), swap: "none" });
    // It lies there at once; the calendar is written anew when the forecast has followed.
    const rows = cell.querySelector(".cell__rows") ?? cell.appendChild(Object.assign(document.createElement("ul"), { className: "cell__rows" }));
    rows.append(invoice.closest("li"));
  }
});
