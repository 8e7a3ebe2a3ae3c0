/* <day-drag>: an invoice of the calendar is drawn to the day a person expects it; each leads to the
   same form on a page of its own. */
customElements.define("day-drag", class extends HTMLElement {
  connectedCallback() {
    const cell = ({ target }) => this.dragged && target.closest("[data-day]");
    this.addEventListener("dragstart", ({ target }) => (this.dragged = target.closest("[draggable=true]")));
    this.addEventListener("dragend", () => this.light(null));
    this.addEventListener("dragover", (event) => {
      if (this.light(cell(event))) event.preventDefault();
    });
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      const day = cell(event);
      if (day && !day.contains(this.dragged)) this.move(this.dragged, day);
    });
  }
  light(cell) {
    for (const old of this.querySelectorAll(".is-over")) old.classList.remove("is-over");
    cell?.classList.add("is-over");
    return cell;
  }
  async move(invoice, cell) {
    const form = this.querySelector(".calendar__form");
    form.elements.on.value = cell.dataset.day;
    // It lies there at once, and pale until the forecast has followed and the calendar is new.
    invoice.classList.add("is-moving");
    cell.querySelector(".cell__rows").append(invoice.closest("li"));
    await htmx.ajax("POST", invoice.dataset.url, { source: form, values: Object.fromEntries(new FormData(form)), swap: "none" });
  }
});
