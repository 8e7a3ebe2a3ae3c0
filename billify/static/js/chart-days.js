/* <chart-days>: the days of a chart, read one by one with the pointer or the arrow keys. Each is a
   link; what it leads to is asked for as a part and told in a card on the other side. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -Infinity, End: Infinity };
const PAUSE = 120; // ms: a pointer that sweeps across asks for nothing

customElements.define("chart-days", class extends HTMLElement {
  connectedCallback() {
    for (const kind of ["pointerover", "focusin"]) {
      this.addEventListener(kind, ({ target }) => this.read(target.closest(".chart__col")));
    }
    this.addEventListener("pointerleave", () => this.matches(":focus-within") || this.close());
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.close());
    this.addEventListener("keydown", (event) => (event.key === "Escape" ? this.close() : this.walk(event)));
    // A finger reads first; the card has the link that leads on.
    this.addEventListener("click", (event) => {
      if (event.pointerType === "touch" && event.target.closest(".chart__col")) event.preventDefault();
    });
  }
  read(column) {
    if (!column || column === this.column) return;
    this.close();
    this.column = column;
    const { x, width, y } = column.firstElementChild.dataset;
    const cross = column.parentElement.querySelector(".chart__cross");
    cross.classList.add("is-shown");
    cross.setAttribute("transform", `translate(${Number(x) + Number(width) / 2} 0)`);
    cross.querySelector("circle").setAttribute("cy", y);
    this.pause = setTimeout(() => this.tell(column), PAUSE);
  }
  async tell(column) {
    const card = this.querySelector(".chart__card");
    await htmx.ajax("GET", column.getAttribute("href"), { target: `#${card.id}`, swap: "innerHTML" });
    const [here, day] = [this.getBoundingClientRect(), column.getBoundingClientRect()];
    card.classList.toggle("chart__card--start", day.left > here.left + here.width / 2);
    card.hidden = column !== this.column;
  }
  close() {
    clearTimeout(this.pause);
    this.column = null;
    this.querySelector(".chart__card").hidden = true;
    this.querySelector(".chart__cross.is-shown")?.classList.remove("is-shown");
  }
  walk(event) {
    const column = event.target.closest(".chart__col");
    const step = STEPS[event.key];
    if (!column || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const all = [...column.parentElement.querySelectorAll(".chart__col")];
    const next = all[Math.min(Math.max(all.indexOf(column) + step, 0), all.length - 1)];
    [column.tabIndex, next.tabIndex] = [-1, 0];
    next.focus();
  }
});
